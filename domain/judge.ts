import { type Calendar, firstPermittedFrom, instantAt, isZone, localDateOf } from './calendar.ts';
import type { BalanceView } from './case-state.ts';
import { LAW_CHANNELS, type LedgerChannel } from './contact-ledger.ts';
import type { PlacedHold } from './debtor-standing.ts';
import { DomainError } from './errors.ts';
import { endOfHold } from './hold-terms.ts';
import { type Instant, type LocalDate, type Zone, laterOf, plusDays } from './instant.ts';
import type { ContactChannel, IntentFacts, IntentVerdict, Person } from './rules/facts.ts';
import { judgeIntent } from './rules/judge-intent.ts';
import type { RulePack } from './rules/rule-pack.ts';
import type { ContactWindow } from './strategy.ts';

/** Why a contact is put off or not made, in the order in which the reasons are named. */
export const CONTACT_RULES = [
  'balanceCleared',
  'caseClosed',
  'zoneUnknown',
  'addressMissing',
  'addressDead',
  'optedOut',
  'contactCeased',
  'calendarUnknown',
  'onHold',
  'callUnderWay',
  'contactWindow',
  'debtorBudget',
  'tooLate',
] as const;
export type ContactRule = (typeof CONTACT_RULES)[number];

/** Whether a contact was denied for nothing but the lack of a way to the debtor on its channel. */
export function isOutOfReach(rules: readonly string[]): boolean {
  return rules.length > 0 && rules.every((rule) => rule === 'addressMissing' || rule === 'addressDead');
}

/** Everything the verdict rests on, read in one transaction under the debtor's lock. */
export interface ContactFacts {
  readonly balance: Pick<BalanceView, 'overdueMinor' | 'cleared' | 'closed'>;
  /** Null when it is not known: then nothing is sent, since nobody can tell the hour at the debtor's. */
  readonly zone: Zone | null;
  /** Whether there is a way to the debtor on the channel: `dead` when there is, but what was sent there did not arrive. */
  readonly reach: 'open' | 'missing' | 'dead';
  readonly window: ContactWindow;
  readonly calendar: Calendar;
  readonly perDebtorPerDay: number;
  /** Until when somebody else is taken to be talking to the debtor, for a call; null when nobody is. */
  readonly callUnderWayUntil: Instant | null;
  /** Stops of collection that are not over. */
  readonly holds: readonly PlacedHold[];
  /** Contacts already made to the debtor on the channel on a local day, over all loans. */
  readonly madeOn: (date: LocalDate) => number;
  readonly law: Law;
}

/** What the rule packs of the strategy are asked with; they know nothing of strategies, and strategies not of law. */
export interface Law {
  readonly packs: readonly RulePack[];
  readonly facts: Omit<IntentFacts, 'intent'>;
  readonly debt: string;
  /** The number or address that is written to. */
  readonly number: string | null;
  readonly to: Person;
  /** Whether the third party that is called has asked not to be. */
  readonly thirdPartyRefused: boolean;
}

/** `rules` names those of `CONTACT_RULES` and those of the packs, such as `CN1`. */
export type Verdict =
  | { readonly verdict: 'allow'; readonly localDate: LocalDate }
  | { readonly verdict: 'defer'; readonly until: Instant; readonly rules: readonly string[] }
  | { readonly verdict: 'deny'; readonly rules: readonly string[] };

/** Instants looked at for one that everything permits, at most a day apart from window and budget; then again from there. */
const SEARCH_LOOKS = 62;

/**
 * Whether a contact may be made at an instant: yes, not before another instant, or not at all; with the rules that
 * decided. Unknown facts fail closed. A deferral that would outlast `validUntil` is a denial.
 */
export function judge(intent: JudgedIntent, facts: ContactFacts, now: Instant): Verdict {
  const denied = denials(intent, facts, now);
  if (denied.length > 0 || facts.zone === null) return { verdict: 'deny', rules: denied };
  try {
    const { until, rules } = firstPermittedInstant(intent, facts, facts.zone, now);
    if (until === null) return { verdict: 'deny', rules };
    if (until === now) return { verdict: 'allow', localDate: localDateOf(now, facts.zone) };
    if (until >= intent.validUntil) return { verdict: 'deny', rules: [...rules, 'tooLate'] };
    return { verdict: 'defer', until, rules };
  } catch (error) {
    if (error instanceof DomainError && error.code.startsWith('CALENDAR_')) {
      return { verdict: 'deny', rules: ['calendarUnknown'] };
    }
    throw error;
  }
}

interface JudgedIntent {
  readonly channel: LedgerChannel;
  readonly validUntil: Instant;
}

/** What refuses a contact whatever the hour; the laws that say the same are named beside it. */
function denials(intent: JudgedIntent, facts: ContactFacts, now: Instant): string[] {
  const { debtor } = facts.law.facts;
  const isZoneKnown = facts.zone !== null && isZone(facts.zone);
  const broken: Partial<Record<ContactRule, boolean>> = {
    balanceCleared: facts.balance.overdueMinor <= 0,
    caseClosed: facts.balance.closed !== null,
    zoneUnknown: !isZoneKnown,
    addressMissing: facts.reach === 'missing',
    addressDead: facts.reach === 'dead',
    optedOut: hasOptedOut(debtor.optOuts, LAW_CHANNELS[intent.channel]),
    contactCeased: debtor.ceaseContact,
    tooLate: now >= intent.validUntil,
  };
  const rules = CONTACT_RULES.filter((rule) => broken[rule]);
  if (rules.length === 0 || !isZoneKnown) return rules;
  const lawful = judgeByLaw(intent.channel, facts.law, now);
  return lawful.verdict === 'deny' ? [...rules, ...lawful.rules] : rules;
}

/**
 * The first instant from `now` on that holds, window, budget and law permit, or one that is too late; null when
 * something refuses the contact that has no end yet.
 */
function firstPermittedInstant(
  { channel, validUntil }: JudgedIntent,
  facts: ContactFacts,
  zone: Zone,
  now: Instant,
): { until: Instant | null; rules: readonly string[] } {
  const rules = new Set<string>();
  let until = now;
  for (let look = 0; look < SEARCH_LOOKS && until < validUntil; look += 1) {
    const free = freeFrom(facts, until);
    if (free.until !== until) {
      for (const rule of free.rules) rules.add(rule);
      if (free.until === null || free.until >= validUntil) {
        // What the law says of the same hold is named beside it.
        for (const rule of judgeByLaw(channel, facts.law, until).rules) rules.add(rule);
      }
      if (free.until === null) return { until: null, rules: [...rules] };
      ({ until } = free);
      continue;
    }
    const permitted = firstPermittedFrom(until, facts.window, zone, facts.calendar);
    // Only the first look is about the window: later ones begin at instants that nobody asked for.
    if (look === 0 && permitted !== until) rules.add('contactWindow');
    const date = localDateOf(permitted, zone);
    if (facts.madeOn(date) >= facts.perDebtorPerDay) {
      rules.add('debtorBudget');
      until = instantAt(plusDays(date, 1), '00:00', zone);
      continue;
    }
    const lawful = judgeByLaw(channel, facts.law, permitted);
    for (const rule of lawful.rules) rules.add(rule);
    if (lawful.verdict === 'allow' && freeFrom(facts, permitted).until === permitted) {
      return { until: permitted, rules: [...rules] };
    }
    if (lawful.verdict === 'deny') return { until: null, rules: [...rules] };
    until = lawful.until ?? permitted;
  }
  return { until, rules: [...rules] };
}

/** When no hold stops the debt and nobody is on the phone with the debtor, from an instant on; null: nobody knows. */
function freeFrom(
  { holds, law, callUnderWayUntil }: ContactFacts,
  at: Instant,
): { until: Instant | null; rules: readonly ContactRule[] } {
  const ends: (Instant | null)[] = holds
    .filter(({ debt, from }) => (debt === null || debt === law.debt) && from <= at)
    .map(endOfHold)
    .filter((end) => end === null || end > at);
  const busyUntil = callUnderWayUntil !== null && callUnderWayUntil > at ? callUnderWayUntil : null;
  const rules: ContactRule[] = [
    ...(ends.length > 0 ? ['onHold' as const] : []),
    ...(busyUntil === null ? [] : ['callUnderWay' as const]),
  ];
  if (busyUntil !== null) ends.push(busyUntil);
  const until = ends.reduce<Instant | null>(
    (last, end) => (last === null || end === null ? null : laterOf(last, end)),
    at,
  );
  return { until, rules };
}

/** "Stop calling" is said to machines too. */
function hasOptedOut(optOuts: readonly ContactChannel[], channel: ContactChannel): boolean {
  return optOuts.includes(channel) || (channel === 'voice' && optOuts.includes('call'));
}

function judgeByLaw(channel: LedgerChannel, law: Law, at: Instant): IntentVerdict {
  const { packs, facts, debt, number, to, thirdPartyRefused } = law;
  const intent = { at, channel: LAW_CHANNELS[channel], debt, number, to, visibility: 'private' } as const;
  return judgeIntent({ ...facts, intent: { ...intent, thirdPartyRefused } }, packs);
}
