import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type { Fact } from '../domain/case-state.ts';
import { DomainError } from '../domain/errors.ts';
import type { ContactIntent } from '../domain/next-action.ts';
import { ACTIVITY_TIMEOUT_MS, type ContactsMade, type MakeContactsInput } from '../workflows/contract.ts';
import type { Dependencies } from './dependencies.ts';
import { type Reservation, type Settlement, reserveContacts, settleContacts } from './ledger.ts';
import type { Delivery } from './ports.ts';

/** A try stops sending well before the engine takes it for dead: two tries of one contact never run side by side. */
const SENDING_ENDS_AFTER_MS = ACTIVITY_TIMEOUT_MS - 30_000;

/** After so many tries a provider that takes nothing is a person's matter; with the back-off that is about a day. */
export const CONTACT_ATTEMPTS = 150;

/**
 * Makes the contacts that fell due together: decides and reserves in one transaction, gives to the provider, records
 * in a second. Tried again, after a crash too, it goes on where it was: what has an outcome keeps it, what may have
 * gone out is asked after and never sent blindly, and what certainly went nowhere is judged anew before it is sent.
 * @throws PROVIDER_UNREACHABLE after what could be settled is settled; the next try does the rest.
 */
export async function makeContacts(deps: Dependencies, input: MakeContactsInput): Promise<ContactsMade> {
  const signal = AbortSignal.any([cancellationSignal(), AbortSignal.timeout(SENDING_ENDS_AFTER_MS)]);
  const isLastTry = activityInfo().attempt >= CONTACT_ATTEMPTS;
  let reservations = await reserveContacts(deps, input);
  if (reservations.inDoubt.length > 0) {
    await settleAll(deps, input, reservations.inDoubt, (intent) => askAfter(deps, intent, signal), isLastTry);
    reservations = await reserveContacts(deps, input);
  }
  const { reserved, facts, newerBalance } = reservations;
  if (reserved.length === 0) return { facts, newerBalance };
  const byKey = new Map(reserved.map((reservation) => [reservation.intent.key, reservation]));
  const intents = reserved.map((reservation) => reservation.intent);
  const settled = await settleAll(
    deps,
    input,
    intents,
    (intent) => hand(deps, byKey.get(intent.key), signal),
    isLastTry,
  );
  return { facts: [...facts, ...settled], newerBalance };
}

type Outcome = Delivery | { readonly result: 'released'; readonly reason: string };

async function askAfter({ providers }: Dependencies, intent: ContactIntent, signal: AbortSignal): Promise<Outcome> {
  const found = await providers[intent.channel].lookUp(intent.key, signal);
  return found.result === 'absent' ? { result: 'released', reason: 'absent' } : found;
}

async function hand(
  { providers, compose }: Dependencies,
  reservation: Reservation | undefined,
  signal: AbortSignal,
): Promise<Outcome> {
  if (!reservation) throw new TypeError('Only what is reserved is sent.');
  const { intent, to, statement } = reservation;
  const composed = compose(intent, { ...reservation, at: intent.at, agreed: intent.agreed });
  const address = { key: intent.key, channel: intent.channel, to, language: statement.debtor.language };
  return providers[intent.channel].send({ ...address, ...composed }, signal);
}

/** Settles each contact by itself, so that one provider that is down holds up no other. */
async function settleAll(
  { db, notBefore }: Dependencies,
  { loanRef, episode }: MakeContactsInput,
  intents: readonly ContactIntent[],
  outcomeOf: (intent: ContactIntent) => Promise<Outcome>,
  isLastTry: boolean,
): Promise<Fact[]> {
  const settlements: Settlement[] = [];
  let failure: unknown = null;
  for (const intent of intents) {
    try {
      settlements.push({ intent, ...(await outcomeOf(intent)) });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'PROVIDER_UNREACHABLE') throw error;
      const settlement = afterFailure(intent, error, isLastTry);
      if (settlement) settlements.push(settlement);
      if (!isLastTry) failure = error;
    }
  }
  const facts = await settleContacts(db, { loanRef, episode }, settlements, notBefore());
  if (failure) throw failure;
  return facts;
}

/** What a failed try leaves behind: nothing went out, or perhaps something did and the row stays in doubt. */
function afterFailure(intent: ContactIntent, error: DomainError, isLastTry: boolean): Settlement | null {
  const reason = error.code;
  if (error.details['taken'] === 'no') return { intent, result: isLastTry ? 'undelivered' : 'released', reason };
  return isLastTry ? { intent, result: 'unknown', reason } : null;
}
