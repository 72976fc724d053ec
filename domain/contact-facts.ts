import type { Calendar } from './calendar.ts';
import {
  type LedgerChannel,
  type PastContact,
  contactOfNow,
  countByDay,
  lawEntryOf,
  reachabilityOf,
} from './contact-ledger.ts';
import type { DebtorStanding } from './debtor-standing.ts';
import { type Instant, MINUTE_MS, type Zone, plusMs } from './instant.ts';
import type { ContactFacts } from './judge.ts';
import type { LedgerEntry, Person } from './rules/facts.ts';
import type { RulePack } from './rules/rule-pack.ts';
import { CHANNELS, type Channel, type Strategy } from './strategy.ts';

/** Everything that stays the same while the contacts of one case are decided, read under the debtor's lock. */
export interface ContactContext {
  readonly strategy: Pick<Strategy, 'window' | 'perDebtorPerDay'>;
  readonly calendar: Calendar;
  /** Those that the strategy names. */
  readonly rulePacks: readonly RulePack[];
  readonly balance: ContactFacts['balance'];
  readonly loanRef: string;
  readonly zone: Zone | null;
  readonly standing: DebtorStanding;
  /** Contacts with the debtor over all loans, ours and theirs, as far back as anything looks. */
  readonly past: readonly PastContact[];
}

/** One contact that is to be judged. */
export interface ProposedContact {
  readonly channel: LedgerChannel;
  readonly address: string | null;
  /** No other channel is left: then even an address that seems dead is tried. */
  readonly isLastResort: boolean;
  readonly to: Person;
  readonly thirdPartyRefused?: boolean;
}

/** A call that is not logged is taken to go on for so long. */
export const CALL_LASTS_AT_MOST_MS = 15 * MINUTE_MS;

/** The facts that a contact is judged by. */
export function contactFactsOf(context: ContactContext, contact: ProposedContact, now: Instant): ContactFacts {
  const { strategy, standing, past, zone } = context;
  const { channel, address, to } = contact;
  const made = countByDay(past);
  const { optOuts, ceaseContact, unreachable, zones, requests, consents, holds } = standing;
  return {
    balance: context.balance,
    zone,
    reach: reachOf(past, contact, now),
    window: strategy.window,
    calendar: context.calendar,
    perDebtorPerDay: budgetOf(strategy, channel),
    madeOn: (date) => made.get(`${channel}/${date}`) ?? 0,
    holds,
    callUnderWayUntil: channel === 'call' ? callUnderWayUntil(past) : null,
    law: {
      packs: context.rulePacks,
      facts: {
        debtor: { zone, zones, optOuts, ceaseContact, unreachable, requests, consents },
        holds,
        ledger: past.map(lawEntryOf).filter((entry): entry is LedgerEntry => entry !== null),
      },
      debt: context.loanRef,
      number: address,
      to,
      thirdPartyRefused: contact.thirdPartyRefused ?? false,
    },
  };
}

/** The same context after a contact was allowed: those decided next count it. */
export function withContact(context: ContactContext, contact: Parameters<typeof contactOfNow>[0]): ContactContext {
  return { ...context, past: [...context.past, contactOfNow(contact)] };
}

/** The strategy limits what Kept sends by itself; what people do is limited by the law alone. */
function budgetOf({ perDebtorPerDay }: ContactContext['strategy'], channel: LedgerChannel): number {
  const isOurs = (CHANNELS as readonly LedgerChannel[]).includes(channel);
  return isOurs ? (perDebtorPerDay[channel as Channel] ?? 0) : Number.POSITIVE_INFINITY;
}

function reachOf(past: readonly PastContact[], contact: ProposedContact, now: Instant): ContactFacts['reach'] {
  const { channel, address, isLastResort } = contact;
  if (channel === 'visit' || channel === 'letter') return 'open';
  if (address === null) return 'missing';
  return !isLastResort && reachabilityOf(past, { channel, address }, now) === 'unreachable' ? 'dead' : 'open';
}

/** Two people who ring one debtor at once are one too many. */
function callUnderWayUntil(past: readonly PastContact[]): Instant | null {
  const open = past.filter(({ channel, status }) => channel === 'call' && status === 'reserved');
  return open.reduce<Instant | null>((last, { at }) => {
    const until = plusMs(at, CALL_LASTS_AT_MOST_MS);
    return last === null || until > last ? until : last;
  }, null);
}
