import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Prediction, calibrationOf } from '../../../cli/score/train/calibration.ts';
import { coarseCutting } from '../../../cli/score/train/coarse-cutting.ts';
import { binCount, binIndex, fineCutting } from '../../../cli/score/train/cutting.ts';
import { foldsOf } from '../../../cli/score/train/folds.ts';
import type { PastLoan } from '../../../cli/score/train/past-loan.ts';
import { fitLogOdds } from '../../../cli/score/train/penalised-fit.ts';
import type { Direction, PlannedCharacteristic } from '../../../cli/score/train/plan.ts';
import { factsWith, reason } from '../../support/scoring.ts';

function planned(
  direction: Direction = 'free',
  id: PlannedCharacteristic['id'] = 'creditLimit',
): PlannedCharacteristic {
  const name = { en: id, zh: id };
  return { id, about: 'ability', direction, name, reasons: { other: reason('R01'), unknown: reason('R02') } };
}

function loan(loanRef: string, borrowerRef: string, settled = false): PastLoan {
  return { loanRef, borrowerRef, facts: factsWith(), settled };
}

describe('fine bins', () => {
  test('hold enough loans each, and every value lies in one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { minLength: 1, maxLength: 400 }), (values) => {
        const cutting = fineCutting(planned(), values);
        if (cutting === undefined) return;
        const counts = Array.from({ length: binCount(cutting) }, () => 0);
        for (const value of values) counts[binIndex(cutting, value)] = (counts[binIndex(cutting, value)] ?? 0) + 1;
        for (const count of counts.slice(0, -2)) expect(count).toBeGreaterThanOrEqual(20);
        expect(counts.slice(-2)).toEqual([0, 0]);
      }),
    );
  });

  test('are none when all values are the same, or nothing is known', () => {
    expect(
      fineCutting(
        planned(),
        Array.from({ length: 500 }, () => 7),
      ),
    ).toBeUndefined();
    expect(fineCutting(planned(), [null, undefined])).toBeUndefined();
  });

  test('of categories are the frequent values; one that is rare is any other', () => {
    const values = [...Array.from({ length: 50 }, () => 'a'), ...Array.from({ length: 50 }, () => 'b'), 'c'];
    expect(fineCutting(planned('free', 'product'), values)).toMatchObject({ kind: 'category', values: ['a', 'b'] });
  });
});

describe('joining bins', () => {
  const join = (direction: Direction, logOdds: readonly number[], mostBins = 9) => {
    const bounds = logOdds.slice(1).map((_, index) => index + 1);
    const loans = [...logOdds.map(() => 100), 0, 0];
    const effects = {
      cutting: { planned: planned(direction), kind: 'number', bounds },
      logOdds,
      loans,
      settled: loans,
    } as const;
    const cutting = coarseCutting(effects, { leastStep: 0.1, mostBins });
    return cutting?.kind === 'number' ? cutting.bounds : cutting;
  };

  test('joins neighbours that hardly differ', () => {
    expect(join('free', [0, 0.05, 1, 1.02, 3])).toEqual([2, 4]);
  });

  test('joins what goes against the direction', () => {
    expect(join('rising', [0, 2, 1, 3])).toEqual([1, 3]);
    expect(join('falling', [3, 1, 2, 0])).toEqual([1, 3]);
    expect(join('rising', [3, 2, 1, 0])).toBeUndefined();
  });

  test('leaves no more bins than wanted, and none when nothing tells loans apart', () => {
    expect(join('free', [0, 1, 3, 6, 10], 3)).toEqual([3, 4]);
    expect(join('free', [0.01, 0, 0.02])).toBeUndefined();
  });
});

describe('the fit', () => {
  const design = {
    rows: [...Array.from({ length: 100 }, () => [0, 1]), ...Array.from({ length: 100 }, () => [0, 2])],
    parameters: 3,
    neighbours: [[1, 2]] as const,
  };
  const settled = [...Array.from({ length: 100 }, (_, n) => n < 80), ...Array.from({ length: 100 }, (_, n) => n < 20)];

  test('finds the log odds of each bin when it is free to', () => {
    const [base = 0, one = 0, other = 0] = fitLogOdds(design, settled, { smoothing: 0, shrinkage: 1e-6 });
    expect(base + one).toBeCloseTo(Math.log(4), 3);
    expect(base + other).toBeCloseTo(-Math.log(4), 3);
  });

  test('draws neighbours together when told to', () => {
    const [, one = 0, other = 0] = fitLogOdds(design, settled, { smoothing: 1e6, shrinkage: 1e-6 });
    expect(Math.abs(one - other)).toBeLessThan(1e-3);
  });

  test('stays finite where a bin holds one outcome alone', () => {
    const all = fitLogOdds(
      design,
      settled.map((_, index) => index < 100),
      { smoothing: 0, shrinkage: 0.3 },
    );
    expect(all.every((value) => Number.isFinite(value) && Math.abs(value) < 20)).toBe(true);
  });
});

test('calibration undoes an exaggeration', () => {
  const predictions = [0.2, 0.5, 0.8].flatMap((share) =>
    Array.from({ length: 100 }, (_, index): Prediction => {
      const isSettled = index < share * 100;
      return { loan: loan(`L${index}`, 'B', isSettled), logOdds: 1 + 3 * Math.log(share / (1 - share)) };
    }),
  );
  const { intercept, slope } = calibrationOf(predictions);
  expect(slope).toBeCloseTo(1 / 3, 3);
  expect(intercept).toBeCloseTo(-1 / 3, 3);
});

describe('folds', () => {
  const loans = Array.from({ length: 300 }, (_, index) => loan(`L${index}`, `B${index % 120}`));

  test('keep a borrower together, hold every loan once and are of about one size', () => {
    const folds = foldsOf(loans, 5, 'salt');
    expect(
      folds
        .flat()
        .map(({ loanRef }) => loanRef)
        .toSorted(),
    ).toEqual(loans.map(({ loanRef }) => loanRef).toSorted());
    const homes = new Map<string, number>();
    for (const [index, fold] of folds.entries()) {
      for (const { borrowerRef } of fold) expect(homes.get(borrowerRef) ?? index).toBe(index);
      for (const { borrowerRef } of fold) homes.set(borrowerRef, index);
      expect(Math.abs(fold.length - 60)).toBeLessThanOrEqual(3);
    }
  });

  test('are other ones with another salt', () => {
    expect(foldsOf(loans, 5, 'one')).not.toEqual(foldsOf(loans, 5, 'other'));
  });
});
