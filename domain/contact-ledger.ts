import { DAY_MS, type Instant, type LocalDate, plusMs } from './instant.ts';
import type { ContactChannel, Initiator, LedgerEntry, Person, Result } from './rules/facts.ts';
import { CHANNELS } from './strategy.ts';

/** Every way people and Kept contact each other: by message, by machine, or in person. */
export const LEDGER_CHANNELS = [...CHANNELS, 'call', 'visit', 'letter'] as const;
export type LedgerChannel = (typeof LEDGER_CHANNELS)[number];

/** How the laws name our channels: a push to the lender's app is instant messaging. */
export const LAW_CHANNELS: Readonly<Record<LedgerChannel, ContactChannel>> = {
  sms: 'sms',
  email: 'email',
  push: 'im',
  voice: 'voice',
  call: 'call',
  visit: 'visit',
  letter: 'letter',
};

/**
 * What became of a contact. `reserved` until the provider has answered or the agent has logged the call; `released` when
 * it certainly did not take place, so that it may be decided again; `unknown` needs a person. `made` are calls, `received`
 * are the debtor's own. Suppressed and deferred ones are kept too.
 */
export const CONTACT_STATUSES = [
  'reserved',
  'released',
  'sent',
  'made',
  'received',
  'rejected',
  'unknown',
  'undelivered',
  'suppressed',
  'deferred',
] as const;
export type ContactStatus = (typeof CONTACT_STATUSES)[number];

/** The contacts that took place, or may have. */
export const COUNTED_STATUSES: readonly ContactStatus[] = ['reserved', 'sent', 'made', 'received', 'unknown'];

/** What a provider reports of a message after it took it. `blocked`: on a list of refusals, its own or the debtor's. */
export type DeliveryStatus = 'delivered' | 'failed' | 'blocked';

/** A contact of the past, as far as the next one depends on it. */
export interface PastContact {
  readonly key: string;
  readonly at: Instant;
  readonly localDate: LocalDate | null;
  readonly initiator: Initiator;
  readonly channel: LedgerChannel;
  readonly status: ContactStatus;
  readonly result: Result | null;
  readonly delivery: DeliveryStatus | null;
  readonly loanRef: string | null;
  /** Number or address; null when it is not kept. */
  readonly address: string | null;
  readonly person: Person;
}

/** The longest period that a rule counts over is seven local days, two more cover every zone; reachability looks back longer. */
export const LEDGER_LOOKS_BACK_DAYS = 31;

/** A contact as the laws count it; null when it did not take place. */
export function lawEntryOf(contact: PastContact): LedgerEntry | null {
  const { at, initiator, channel, status, result, loanRef, address, person } = contact;
  if (!COUNTED_STATUSES.includes(status)) return null;
  const lawChannel = LAW_CHANNELS[channel];
  return {
    at,
    channel: lawChannel,
    initiator,
    // How a call went that nobody has logged is not known: it counts for every rule that counts calls.
    result: result ?? (lawChannel === 'call' || lawChannel === 'voice' ? 'unknown' : null),
    debt: loanRef,
    number: address,
    to: person,
  };
}

/** A message or voice call of ours that is made now, as those after it in the same decision count it. */
export function contactOfNow(
  contact: Pick<PastContact, 'key' | 'at' | 'localDate' | 'channel' | 'loanRef' | 'address'>,
): PastContact {
  return { ...contact, initiator: 'us', status: 'reserved', result: null, delivery: null, person: 'debtor' };
}

/** How many contacts of ours to the debtor there are, by `channel/local day`. */
export function countByDay(past: readonly PastContact[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { initiator, person, status, channel, localDate } of past) {
    if (initiator !== 'us' || person !== 'debtor' || !COUNTED_STATUSES.includes(status)) continue;
    const key = `${channel}/${localDate}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Whether an address has to be taken for dead: so many failures in a row, none of them older than a month. */
export const DEAD_AFTER_FAILURES = 2;
const FORGOTTEN_AFTER_MS = 30 * DAY_MS;

/** `unknown`: nothing has been tried, or not lately. */
export type Reachability = 'unknown' | 'reachable' | 'unreachable';

/**
 * Whether a number or address can be reached on a channel, by what became of the contacts to it: a delivery or an answer
 * shows that it can, a block shows that it cannot, and so do two failures in a row. A month later it is tried again, for
 * numbers come back.
 */
export function reachabilityOf(
  past: readonly PastContact[],
  { channel, address }: { readonly channel: LedgerChannel; readonly address: string },
  now: Instant,
): Reachability {
  const since = plusMs(now, -FORGOTTEN_AFTER_MS);
  const tried = past
    .filter((contact) => contact.channel === channel && contact.address === address && contact.at >= since)
    .toSorted((a, b) => (a.at < b.at ? 1 : -1));
  let failures = 0;
  for (const contact of tried) {
    const outcome = outcomeOf(contact);
    if (outcome === 'reached') return failures === 0 ? 'reachable' : 'unknown';
    if (outcome === 'blocked') return 'unreachable';
    if (outcome === 'failed') failures += 1;
    if (failures === DEAD_AFTER_FAILURES) return 'unreachable';
  }
  return 'unknown';
}

function outcomeOf({ initiator, delivery, status, result }: PastContact): 'reached' | 'failed' | 'blocked' | 'open' {
  if (initiator === 'debtor' || delivery === 'delivered' || result === 'connected' || result === 'rightParty') {
    return 'reached';
  }
  if (delivery === 'blocked') return 'blocked';
  return delivery === 'failed' || status === 'rejected' || result === 'notConnected' ? 'failed' : 'open';
}
