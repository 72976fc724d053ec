import { type Calendar, firstPermittedFrom, instantAt, isZone, localDateOf } from './calendar.ts';
import type { BalanceView } from './case-state.ts';
import { DomainError } from './errors.ts';
import { type Instant, type LocalDate, type Zone, plusDays } from './instant.ts';
import type { ContactChannel, IntentFacts, IntentVerdict, LedgerEntry } from './rules/facts.ts';
import { judgeIntent } from './rules/judge-intent.ts';
import type { RulePack } from './rules/rule-pack.ts';
import type { Channel, ContactWindow } from './strategy.ts';

/** Why a contact is put off or not made, in the order in which the reasons are named. */
export const CONTACT_RULES = [
  'balanceCleared',
  'caseClosed',
  'zoneUnknown',
  'addressMissing',
  'calendarUnknown',
  'contactWindow',
  'debtorBudget',
  'tooLate',
] as const;
export type ContactRule = (typeof CONTACT_RULES)[number];

/** Everything the verdict rests on, read in one transaction under the debtor's lock. */
export interface ContactFacts {
  readonly balance: Pick<BalanceView, 'overdueMinor' | 'cleared' | 'closed'>;
  /** Null when it is not known: then nothing is sent, since nobody can tell the hour at the debtor's. */
  readonly zone: Zone | null;
  readonly hasAddress: boolean;
  readonly window: ContactWindow;
  readonly calendar: Calendar;
  readonly perDebtorPerDay: number;
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
}

/** How the laws name our channels: a push to the lender's app is instant messaging. */
const LAW_CHANNELS: Readonly<Record<Channel, ContactChannel>> = {
  sms: 'sms',
  email: 'email',
  push: 'im',
  voice: 'voice',
};

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
export function judge(
  intent: { readonly channel: Channel; readonly validUntil: Instant },
  facts: ContactFacts,
  now: Instant,
): Verdict {
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

function denials(intent: { readonly validUntil: Instant }, facts: ContactFacts, now: Instant): ContactRule[] {
  const broken: Record<string, boolean> = {
    balanceCleared: facts.balance.overdueMinor <= 0,
    caseClosed: facts.balance.closed !== null,
    zoneUnknown: facts.zone === null || !isZone(facts.zone),
    addressMissing: !facts.hasAddress,
    tooLate: now >= intent.validUntil,
  };
  return CONTACT_RULES.filter((rule) => broken[rule]);
}

/**
 * The first instant from `now` on that window, budget and law permit, or one that is too late; null when the law
 * refuses the contact whatever the hour.
 */
function firstPermittedInstant(
  { channel, validUntil }: { readonly channel: Channel; readonly validUntil: Instant },
  facts: ContactFacts,
  zone: Zone,
  now: Instant,
): { until: Instant | null; rules: readonly string[] } {
  const rules = new Set<string>();
  let until = now;
  for (let look = 0; look < SEARCH_LOOKS && until < validUntil; look += 1) {
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
    if (lawful.verdict === 'allow') return { until: permitted, rules: [...rules] };
    if (lawful.until === null) return { until: null, rules: [...rules] };
    until = lawful.until;
  }
  return { until, rules: [...rules] };
}

function judgeByLaw(channel: Channel, { packs, facts, debt, number }: Law, at: Instant): IntentVerdict {
  const intent = { at, channel: LAW_CHANNELS[channel], debt, number, to: 'debtor', visibility: 'private' } as const;
  return judgeIntent({ ...facts, intent: { ...intent, thirdPartyRefused: false } }, packs);
}

/** The longest period that a rule counts over is seven local days; two more cover every zone. */
export const LAW_LOOKS_BACK_DAYS = 9;

/** What the law is told of a debtor of whom only the zone is known. */
export function lawFactsOf(zone: Zone | null): Law['facts']['debtor'] {
  return { zone, zones: [], optOuts: [], ceaseContact: false, unreachable: false, requests: [], consents: [] };
}

/** A contact of ours as the law counts it. Its number is not kept: unknown, it counts for every number. */
export function pastContact(channel: Channel, at: Instant, debt: string): LedgerEntry {
  return { at, channel: LAW_CHANNELS[channel], initiator: 'us', result: null, debt, number: null, to: 'debtor' };
}
