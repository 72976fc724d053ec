import type { PlacedHold } from './debtor-standing.ts';
import type { HoldReason } from './debtor-events.ts';
import { DAY_MS, type Instant, plusMs } from './instant.ts';

/** What a hold may stop besides contact, which every hold stops. */
export type HeldBesides = 'visits' | 'legalSteps' | 'penaltyInterest';

/** What a reason to hold stops, and for how long at the longest. */
export interface HoldTerms {
  readonly stops: readonly HeldBesides[];
  /** It ends so many days after it began, if nobody ends it before; null: it lasts until it is released. */
  readonly longestDays: number | null;
  /** It ends so many days after the treatment that it depends on, whatever else is said; null: it depends on none. */
  readonly daysAfterTreatment: number | null;
  /** The law, or who decides. */
  readonly source: string;
}

const EVERYTHING: readonly HeldBesides[] = ['visits', 'legalSteps', 'penaltyInterest'];
const NO_LIMIT = { longestDays: null, daysAfterTreatment: null } as const;
const LENDER = 'the lender’s own choice';

/** By reason. While a hold stands the ladder stands still, so no step of any kind begins. */
export const HOLD_TERMS: Readonly<Record<HoldReason, HoldTerms>> = {
  'breathing-space': {
    stops: EVERYTHING,
    longestDays: 60,
    daysAfterTreatment: null,
    source: 'gov.uk, breathing space: guidance for creditors',
  },
  'mental-health-crisis': {
    stops: EVERYTHING,
    longestDays: null,
    daysAfterTreatment: 30,
    source: 'gov.uk, breathing space: guidance for creditors',
  },
  attorney: { ...NO_LIMIT, stops: ['visits'], source: '12 CFR 1006.6(b)(2)' },
  // What is contested costs nothing while it is.
  dispute: { ...NO_LIMIT, stops: EVERYTHING, source: '12 CFR 1006.38(d)(2)' },
  'plan-being-arranged': {
    stops: ['visits', 'legalSteps'],
    longestDays: 30,
    daysAfterTreatment: null,
    source: 'FCA CONC 7.3.11; the length is not in the rule',
  },
  complaint: { ...NO_LIMIT, stops: ['visits', 'legalSteps'], source: LENDER },
  hardship: { ...NO_LIMIT, stops: EVERYTHING, source: LENDER },
  bereavement: {
    ...NO_LIMIT,
    stops: EVERYTHING,
    source: 'RBI draft of 12 February 2026; the lender’s own choice elsewhere',
  },
  disaster: {
    ...NO_LIMIT,
    stops: EVERYTHING,
    source: 'RBI draft of 12 February 2026; the lender’s own choice elsewhere',
  },
  wedding: { ...NO_LIMIT, stops: ['visits'], source: 'RBI draft of 12 February 2026' },
  festival: { ...NO_LIMIT, stops: ['visits'], source: 'RBI draft of 12 February 2026' },
  other: { ...NO_LIMIT, stops: ['visits'], source: LENDER },
};

/** When a hold ends as far as anybody knows; null: nobody does. */
export function endOfHold({
  reason,
  from,
  to,
  treatmentEnd,
}: Pick<PlacedHold, 'reason' | 'from' | 'to' | 'treatmentEnd'>): Instant | null {
  const { longestDays, daysAfterTreatment } = HOLD_TERMS[reason];
  if (daysAfterTreatment !== null) {
    return treatmentEnd === null ? null : plusMs(treatmentEnd, daysAfterTreatment * DAY_MS);
  }
  if (longestDays === null) return to;
  const longest = plusMs(from, longestDays * DAY_MS);
  return to === null || longest < to ? longest : to;
}
