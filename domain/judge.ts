import { type Calendar, firstPermittedFrom, instantAt, isZone, localDateOf } from './calendar.ts';
import type { BalanceView } from './case-state.ts';
import { DomainError } from './errors.ts';
import { type Instant, type LocalDate, type Zone, plusDays } from './instant.ts';
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
}

export type Verdict =
  | { readonly verdict: 'allow'; readonly localDate: LocalDate }
  | { readonly verdict: 'defer'; readonly until: Instant; readonly rules: readonly ContactRule[] }
  | { readonly verdict: 'deny'; readonly rules: readonly ContactRule[] };

/** Days looked ahead for one on which the debtor's budget has room; without one it is looked again from there. */
const BUDGET_SEARCH_DAYS = 31;

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
    const { until, rules } = firstInstantWithRoom(intent.validUntil, facts, facts.zone, now);
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

/** The first instant from `now` on that the window permits on a day with room in the debtor's budget; or one too late. */
function firstInstantWithRoom(
  validUntil: Instant,
  facts: ContactFacts,
  zone: Zone,
  now: Instant,
): { until: Instant; rules: readonly ContactRule[] } {
  const rules = new Set<ContactRule>();
  let until = now;
  for (let day = 0; day < BUDGET_SEARCH_DAYS && until < validUntil; day += 1) {
    const permitted = firstPermittedFrom(until, facts.window, zone, facts.calendar);
    // Only the first look is about the window: later ones begin at a midnight that nobody asked for.
    if (day === 0 && permitted !== until) rules.add('contactWindow');
    const date = localDateOf(permitted, zone);
    if (facts.madeOn(date) < facts.perDebtorPerDay) return { until: permitted, rules: [...rules] };
    rules.add('debtorBudget');
    until = instantAt(plusDays(date, 1), '00:00', zone);
  }
  return { until, rules: [...rules] };
}
