import type { LoanFacts } from '../../domain/score/loan-facts.ts';
import type { NumberPoints, PointsTable, Reason } from '../../domain/score/scorecard.ts';

/** An account with three months of history, but for what is given. */
export function factsWith(facts: Partial<LoanFacts> = {}): LoanFacts {
  return {
    currency: 'TWD',
    product: 'credit-card',
    dueOn: '2026-08-01',
    principalMinor: 400_000,
    overdueMinor: 100_000,
    creditLimitMinor: 1_000_000,
    statuses: [0, 0, -1],
    billsMinor: [300_000, 200_000, 250_000],
    paymentsMinor: [50_000, 0, 200_000],
    earlierLoans: 0,
    age: null,
    education: null,
    region: null,
    ...facts,
  };
}

export function reason(code: string): Reason {
  return { code, en: `${code} in words`, zh: `${code} 的說明` };
}

type Bin = readonly [below: number | null, points: number];

/** A characteristic with these bins. The codes of its reasons end in 1 low, 2 high, 3 unknown. */
export function numberPoints(
  id: NumberPoints['id'],
  bins: readonly Bin[],
  more: Partial<Pick<NumberPoints, 'about' | 'averagePoints' | 'reasons'>> & { prefix?: string; missing?: number } = {},
): NumberPoints {
  const { prefix = 'R0', missing = 5, ...rest } = more;
  return {
    id,
    kind: 'number',
    about: 'ability',
    name: { en: id, zh: id },
    averagePoints: 10,
    bins: bins.map(([below, points]) => ({ below, points, loans: 10, settled: 4 })),
    missing: { points: missing, loans: 0, settled: 0 },
    reasons: { low: reason(`${prefix}1`), high: reason(`${prefix}2`), unknown: reason(`${prefix}3`) },
    ...rest,
  };
}

export function tableOf(characteristics: PointsTable['characteristics'], more: Partial<PointsTable> = {}): PointsTable {
  return {
    scale: { pointsToDoubleOdds: 20, evenOddsAt: 600 },
    calibration: [],
    basePoints: 590,
    bands: [
      { id: 'A', probabilityFrom: 0.75 },
      { id: 'B', probabilityFrom: 0.5 },
      { id: 'C', probabilityFrom: 0 },
    ],
    cuts: { ability: 10, willingness: 10 },
    reasonsShown: 4,
    characteristics,
    ...more,
  };
}
