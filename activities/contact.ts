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
  const endsAtMs = performance.now() + SENDING_ENDS_AFTER_MS;
  const signal = AbortSignal.any([cancellationSignal(), AbortSignal.timeout(SENDING_ENDS_AFTER_MS)]);
  const isLastTry = activityInfo().attempt >= CONTACT_ATTEMPTS;
  const settle = (intents: readonly ContactIntent[], reserved: readonly Reservation[]) => {
    const byKey = new Map(reserved.map((reservation) => [reservation.intent.key, reservation]));
    const outcomeOf = (intent: ContactIntent) => {
      const reservation = byKey.get(intent.key);
      if (reservation === undefined) return askAfter(deps, intent, signal);
      // A process that was stopped and woke up must not go by a reservation that is no longer its own.
      if (performance.now() >= endsAtMs) return Promise.reject(notHandedOver());
      return hand(deps, reservation, signal);
    };
    return settleAll(deps, input, intents, outcomeOf, { isLastTry, holds: (intent) => byKey.has(intent.key) });
  };
  const { inDoubt, reserved, facts, newerBalance } = await reserveContacts(deps, input);
  // What is reserved now is handed over in this try, whatever becomes of the doubts: to the next it would be in doubt.
  const settled = await settle([...inDoubt, ...reserved.map(({ intent }) => intent)], reserved);
  if (inDoubt.length === 0) return { facts: [...facts, ...settled], newerBalance };
  const again = await reserveContacts(deps, input);
  const handed = await settle(
    again.reserved.map(({ intent }) => intent),
    again.reserved,
  );
  if (again.inDoubt.length > 0) {
    throw new DomainError('PROVIDER_UNREACHABLE', 'Another try may be handing a contact over.', { taken: 'perhaps' });
  }
  return { facts: [...again.facts, ...handed], newerBalance: again.newerBalance };
}

function notHandedOver(): DomainError {
  const message = 'The time for handing contacts over is up; the next try does it.';
  return new DomainError('PROVIDER_UNREACHABLE', message, { taken: 'no' });
}

type Outcome = Delivery | { readonly result: 'absent' };

async function askAfter({ providers }: Dependencies, intent: ContactIntent, signal: AbortSignal): Promise<Outcome> {
  return providers[intent.channel].lookUp(intent.key, signal);
}

async function hand(
  { providers, compose }: Dependencies,
  reservation: Reservation,
  signal: AbortSignal,
): Promise<Outcome> {
  const { intent, to, statement } = reservation;
  const composed = compose(intent, { ...reservation, at: intent.at, agreed: intent.agreed });
  const address = { key: intent.key, channel: intent.channel, to, language: statement.debtor.language };
  return providers[intent.channel].send({ ...address, ...composed }, signal);
}

/** Settles each contact by itself, so that one provider that is down holds up no other. */
async function settleAll(
  deps: Dependencies,
  { loanRef, episode }: MakeContactsInput,
  intents: readonly ContactIntent[],
  outcomeOf: (intent: ContactIntent) => Promise<Outcome>,
  { isLastTry, holds }: { readonly isLastTry: boolean; readonly holds: (intent: ContactIntent) => boolean },
): Promise<Fact[]> {
  if (intents.length === 0) return [];
  const settlements: Settlement[] = [];
  let failure: unknown = null;
  for (const intent of intents) {
    try {
      settlements.push({ intent, ...(await outcomeOf(intent)) });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'PROVIDER_UNREACHABLE') throw error;
      const settlement =
        afterFailure(intent, error, isLastTry) ?? (holds(intent) ? ({ intent, result: 'givenUp' } as const) : null);
      if (settlement) settlements.push(settlement);
      if (!isLastTry) failure = error;
    }
  }
  const facts = await settleContacts(deps, { loanRef, episode }, settlements, deps.notBefore());
  if (failure) throw failure;
  return facts;
}

/** What a failed try leaves behind: nothing went out, or perhaps something did and the row stays in doubt. */
function afterFailure(intent: ContactIntent, error: DomainError, isLastTry: boolean): Settlement | null {
  const reason = error.code;
  if (error.details['taken'] === 'no') return { intent, result: isLastTry ? 'undelivered' : 'released', reason };
  return isLastTry ? { intent, result: 'unknown', reason } : null;
}
