import { describe, expect, test } from 'vitest';
import { scoreOf } from '../../../domain/score/score.ts';
import type { CategoryPoints } from '../../../domain/score/scorecard.ts';
import { factsWith, numberPoints, reason, tableOf } from '../../support/scoring.ts';

const limit = numberPoints('creditLimit', [
  [500_000, 0],
  [1_000_000, 10],
  [null, 25],
]);

describe('points', () => {
  test('are the base and those of one bin a characteristic', () => {
    const covered = numberPoints('monthsCovered', [
      [1, 0],
      [null, 30],
    ]);
    expect(scoreOf(tableOf([limit, covered]), factsWith()).points).toBe(590 + 25 + 30);
  });

  test.each([
    [499_999, 0],
    [500_000, 10],
    [500_001, 10],
    [999_999, 10],
    [1_000_000, 25],
    [Number.MAX_SAFE_INTEGER, 25],
    [0, 0],
  ])(
    'a limit of %d lies in the bin with %d points: a bound belongs to the bin above it',
    (creditLimitMinor, points) => {
      expect(scoreOf(tableOf([limit]), factsWith({ creditLimitMinor })).points).toBe(590 + points);
    },
  );

  test('what is not known has points of its own', () => {
    expect(scoreOf(tableOf([limit]), factsWith({ creditLimitMinor: null })).points).toBe(595);
  });

  test('a ratio to nothing is not known', () => {
    const utilisation = numberPoints('utilisationKnownAccount', [
      [0.5, 20],
      [null, 0],
    ]);
    expect(scoreOf(tableOf([utilisation]), factsWith({ creditLimitMinor: 0 })).points).toBe(595);
  });

  test('what does not apply has points of its own and costs nothing', () => {
    const ofNewAccounts = {
      ...numberPoints('overdueAmountNewAccount', [[null, 40]], { averagePoints: 40 }),
      outside: { points: 7, loans: 20, settled: 5 },
    };
    const score = scoreOf(tableOf([ofNewAccounts]), factsWith());
    expect(score).toMatchObject({ points: 597, reasons: [] });
  });

  test('a value that the training has not seen is any other', () => {
    const product: CategoryPoints = {
      id: 'product',
      kind: 'category',
      about: 'other',
      name: { en: 'product', zh: '產品' },
      averagePoints: 5,
      bins: [{ values: ['credit-card'], points: 9, loans: 50, settled: 20 }],
      other: { points: 2, loans: 10, settled: 1 },
      missing: { points: 4, loans: 0, settled: 0 },
      reasons: { other: reason('R24'), unknown: reason('R25') },
    };
    const scored = ['credit-card', 'space-loan', null].map((each) =>
      scoreOf(tableOf([product]), factsWith({ product: each })),
    );
    expect(scored.map(({ points }) => points)).toEqual([599, 592, 594]);
    expect(scored.map(({ reasons }) => reasons.map(({ code }) => code))).toEqual([[], ['R24'], ['R25']]);
  });
});

describe('probability and band', () => {
  const at = (basePoints: number) => scoreOf(tableOf([], { basePoints }), factsWith());

  test('at the even odds it is a half, and 20 points more double the odds', () => {
    expect(at(600).probabilityOfSettlement).toBe(0.5);
    expect(at(620).probabilityOfSettlement).toBeCloseTo(2 / 3, 12);
    expect(at(640).probabilityOfSettlement).toBeCloseTo(4 / 5, 12);
    expect(at(580).probabilityOfSettlement).toBeCloseTo(1 / 3, 12);
  });

  test('between two points of a calibration the log odds rise in a line, beyond them by the scale', () => {
    const calibration = [
      { points: 600, probability: 1 / 3 },
      { points: 640, probability: 2 / 3 },
    ];
    const calibrated = [580, 600, 620, 640, 660].map(
      (basePoints) => scoreOf(tableOf([], { basePoints, calibration }), factsWith()).probabilityOfSettlement,
    );
    for (const [index, expected] of [1 / 5, 1 / 3, 1 / 2, 2 / 3, 4 / 5].entries()) {
      expect(calibrated[index]).toBeCloseTo(expected, 12);
    }
  });

  test('a bound belongs to the band above it', () => {
    expect([at(632).band, at(631).band, at(600).band, at(599).band, at(-9_000).band]).toEqual([
      'A',
      'B',
      'B',
      'C',
      'C',
    ]);
  });
});

describe('ability and willingness', () => {
  test.each([
    [1_000_000, [200_000], 'canPayWillPay'],
    [1_000_000, [0], 'canPayWontPay'],
    [100_000, [200_000], 'cannotPayWillPay'],
    [100_000, [0], 'cannotPayWontPay'],
  ])('a limit of %d and payments of %j: %s', (creditLimitMinor, paymentsMinor, quadrant) => {
    const bins = [
      [1, 0],
      [null, 10],
    ] as const;
    const willing = numberPoints('monthsCovered', bins, { about: 'willingness' });
    const neither = numberPoints('monthsOfHistory', [[null, 99]], { about: 'other' });
    const facts = factsWith({ creditLimitMinor, paymentsMinor });
    expect(scoreOf(tableOf([limit, willing, neither]), facts).quadrant).toBe(quadrant);
  });
});

describe('reasons', () => {
  const bins = [
    [1, 0],
    [3, 20],
    [null, 4],
  ] as const;
  const history = numberPoints('monthsOfHistory', bins, { prefix: 'R1' });

  test('say on which side of the best bin the value lies', () => {
    const codes = [[], [0], [0, 0, 0]].map((statuses) => {
      const facts = factsWith({ statuses, billsMinor: [], paymentsMinor: [] });
      return scoreOf(tableOf([history]), facts).reasons.map(({ code }) => code);
    });
    expect(codes).toEqual([['R11'], [], ['R12']]);
  });

  test('stand by what was lost against the average, the most first; equal ones as in the scorecard', () => {
    const lost = (id: 'creditLimit' | 'earlierLoans' | 'monthsCovered', points: number, prefix: string) =>
      numberPoints(id, [[null, points]], { prefix });
    const table = tableOf([
      lost('creditLimit', 5, 'R2'),
      lost('earlierLoans', 1, 'R3'),
      lost('monthsCovered', 5, 'R4'),
    ]);
    expect(scoreOf(table, factsWith()).reasons.map(({ code }) => code)).toEqual(['R32', 'R22', 'R42']);
  });

  test('are no more than wanted, and none is told twice', () => {
    const same = [numberPoints('creditLimit', [[null, 0]]), numberPoints('earlierLoans', [[null, 1]])];
    const other = numberPoints('monthsCovered', [[null, 2]], { prefix: 'R5' });
    const codes = (reasonsShown: number) =>
      scoreOf(tableOf([...same, other], { reasonsShown }), factsWith()).reasons.map(({ code }) => code);
    expect(codes(4)).toEqual(['R02', 'R52']);
    expect(codes(1)).toEqual(['R02']);
  });

  test('are none when nothing was lost', () => {
    expect(scoreOf(tableOf([numberPoints('creditLimit', [[null, 10]])]), factsWith()).reasons).toEqual([]);
  });
});
