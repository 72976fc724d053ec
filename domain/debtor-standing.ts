import type { DebtorEvent, HoldReason } from './debtor-events.ts';
import { type Hardship, hardshipAt, hardshipsOf } from './hardship.ts';
import { endOfHold } from './hold-terms.ts';
import type { Instant, Zone } from './instant.ts';
import { compareText } from './order.ts';
import { CONTACT_CHANNELS, type Consent, type ContactChannel, type ContactRequest, type Hold } from './rules/facts.ts';

/** A stop of collection, known by the event that placed it. */
export interface PlacedHold extends Hold {
  readonly holdId: string;
  readonly reason: HoldReason;
}

/** Somebody who may be asked where the debtor is. */
export interface ThirdParty {
  readonly phone: string;
  readonly hasRefused: boolean;
}

/** What a debtor agreed to, refused, and is protected by. */
export interface DebtorStanding {
  readonly optOuts: readonly ContactChannel[];
  readonly ceaseContact: boolean;
  /** Whether others may be asked, since the debtor cannot be reached, is dead or incapable. */
  readonly unreachable: boolean;
  /** All zones that the location data allow, besides that of the statement. */
  readonly zones: readonly Zone[];
  readonly requests: readonly ContactRequest[];
  readonly consents: readonly Consent[];
  /** Holds that are not over, those to come among them. */
  readonly holds: readonly PlacedHold[];
  /** The one that stands, or null: more may be agreed on while it does. */
  readonly hardship: Hardship | null;
  /** By reference. */
  readonly thirdParties: Readonly<Record<string, ThirdParty>>;
}

/** The standing of a debtor of whom nothing was said. */
export const NOTHING_SAID: DebtorStanding = {
  optOuts: [],
  ceaseContact: false,
  unreachable: false,
  zones: [],
  requests: [],
  consents: [],
  holds: [],
  hardship: null,
  thirdParties: {},
};

/**
 * Folds what was said about a debtor, in whatever order it arrived, into their standing at an instant.
 *
 * What stops contact counts as soon as it is known, even when its instant lies a little ahead of this clock; what permits
 * contact counts from its own instant on. At the same instant the stop wins.
 */
export function standingOf(events: readonly DebtorEvent[], now: Instant): DebtorStanding {
  if (events.length === 0) return NOTHING_SAID;
  const isPermission = (event: DebtorEvent) => PERMITS.has(event.type);
  const inOrder = events
    .filter((event) => !isPermission(event) || event.timestamp <= now)
    .toSorted(
      (a, b) =>
        compareText(a.timestamp, b.timestamp) ||
        Number(isPermission(b)) - Number(isPermission(a)) ||
        compareText(a.id, b.id),
    );
  return {
    optOuts: CONTACT_CHANNELS.filter((channel) => isOptedOut(inOrder, channel)),
    ceaseContact: lastOf(inOrder, ['contact.ceased', 'contact.resumed'])?.type === 'contact.ceased',
    unreachable: lastOf(inOrder, ['debtor.lost', 'debtor.found'])?.type === 'debtor.lost',
    zones: lastOf(inOrder, ['debtor.located'])?.data.zones ?? [],
    requests: requestsOf(inOrder),
    consents: consentsOf(inOrder),
    holds: holdsOf(inOrder).filter((hold) => !isOver(hold, now)),
    hardship: hardshipAt(hardshipsOf(inOrder), now),
    thirdParties: thirdPartiesOf(inOrder),
  };
}

/** Events after which more is permitted than before. */
const PERMITS: ReadonlySet<DebtorEvent['type']> = new Set([
  'consent.given',
  'channel.optedIn',
  'contact.resumed',
  'hours.withdrawn',
  'debtor.lost',
  'hold.released',
  'treatment.ended',
]);

type OfType<Type extends DebtorEvent['type']> = Extract<DebtorEvent, { type: Type }>;

function ofType<Type extends DebtorEvent['type']>(events: readonly DebtorEvent[], type: Type): OfType<Type>[] {
  return events.filter((event): event is OfType<Type> => event.type === type);
}

function lastOf<Type extends DebtorEvent['type']>(
  events: readonly DebtorEvent[],
  types: readonly Type[],
): OfType<Type> | undefined {
  const isWanted = (event: DebtorEvent): event is OfType<Type> => types.some((type) => type === event.type);
  return events.findLast(isWanted);
}

function isOptedOut(events: readonly DebtorEvent[], channel: ContactChannel): boolean {
  const last = events.findLast(
    (event) =>
      (event.type === 'channel.optedOut' || event.type === 'channel.optedIn') && event.data.channel === channel,
  );
  return last?.type === 'channel.optedOut';
}

function requestsOf(events: readonly DebtorEvent[]): ContactRequest[] {
  const withdrawn = new Set(ofType(events, 'hours.withdrawn').map(({ data }) => data.requestEventId));
  return ofType(events, 'hours.requested')
    .filter(({ id }) => !withdrawn.has(id))
    .map(({ data }) => ({ notBetween: data.notBetween }));
}

function consentsOf(events: readonly DebtorEvent[]): Consent[] {
  const withdrawn = endings(ofType(events, 'consent.withdrawn'), ({ consentEventId }) => consentEventId);
  return ofType(events, 'consent.given').map(({ id, timestamp, data }) => ({
    kind: data.kind,
    channel: data.channel ?? null,
    debt: data.loanRef ?? null,
    number: data.address ?? null,
    at: timestamp,
    until: earliestOf(data.until, withdrawn.get(id)),
  }));
}

/** All holds that were ever placed, with their ends as far as they are known; in whatever order it was said. */
export function holdsOf(events: readonly DebtorEvent[]): PlacedHold[] {
  const released = endings(ofType(events, 'hold.released'), ({ holdEventId }) => holdEventId);
  const treated = endings(ofType(events, 'treatment.ended'), ({ holdEventId }) => holdEventId);
  return ofType(events, 'hold.placed').map(({ id, timestamp, data }) => ({
    holdId: id,
    reason: data.reason,
    from: timestamp,
    to: earliestOf(data.until, released.get(id)),
    debt: data.loanRef ?? null,
    treatmentEnd: treated.get(id) ?? null,
  }));
}

/** Whether a hold can no longer stop anything. */
function isOver(hold: PlacedHold, now: Instant): boolean {
  const end = endOfHold(hold);
  return end !== null && end <= now;
}

/** When each thing was ended, by the id of the event that began it: the earliest end counts, in whatever order they come. */
function endings<Event extends DebtorEvent>(
  events: readonly Event[],
  idOf: (data: Event['data']) => string,
): Map<string, Instant> {
  const ended = new Map<string, Instant>();
  for (const { timestamp, data } of events) {
    const id = idOf(data);
    const before = ended.get(id);
    if (before === undefined || timestamp < before) ended.set(id, timestamp);
  }
  return ended;
}

function earliestOf(...instants: readonly (Instant | undefined)[]): Instant | null {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? null : known.reduce((first, instant) => (instant < first ? instant : first));
}

function thirdPartiesOf(events: readonly DebtorEvent[]): Record<string, ThirdParty> {
  const refused = new Set(ofType(events, 'thirdParty.refused').map(({ data }) => data.thirdPartyRef));
  return Object.fromEntries(
    ofType(events, 'thirdParty.named').map(({ data: { thirdPartyRef, phone } }) => [
      thirdPartyRef,
      { phone, hasRefused: refused.has(thirdPartyRef) },
    ]),
  );
}
