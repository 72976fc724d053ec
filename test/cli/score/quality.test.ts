import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rocOf } from '../../../cli/score/report/roc.ts';
import { type Judged, aucOf, decilesOf, ksOf, qualityOf } from '../../../cli/score/train/quality.ts';

const anyJudged = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 19 }), fc.boolean()), { minLength: 2, maxLength: 60 })
  .map((pairs) => pairs.map(([n, settled]): Judged => ({ probability: n / 20, settled, band: n > 9 ? 'A' : 'B' })))
  .filter((judged) => new Set(judged.map(({ settled }) => settled)).size === 2);

function of(settled: readonly number[], open: readonly number[]): Judged[] {
  return [
    ...settled.map((probability) => ({ probability, settled: true, band: 'A' })),
    ...open.map((probability) => ({ probability, settled: false, band: 'A' })),
  ];
}

describe('AUC', () => {
  test.each([
    ['perfect', of([0.9, 0.8], [0.2, 0.1]), 1],
    ['upside down', of([0.1], [0.9]), 0],
    ['all the same', of([0.5, 0.5], [0.5]), 0.5],
    ['one pair of four wrong', of([0.9, 0.3], [0.4, 0.1]), 0.75],
  ])('%s', (_, judged, auc) => {
    expect(aucOf(judged)).toBe(auc);
  });

  test('is the share of pairs in the right order, ties half', () => {
    fc.assert(
      fc.property(anyJudged, (judged) => {
        const settled = judged.filter((each) => each.settled);
        const open = judged.filter((each) => !each.settled);
        const wins = settled.flatMap((one) =>
          open.map((other): number =>
            one.probability > other.probability ? 1 : one.probability === other.probability ? 0.5 : 0,
          ),
        );
        const share = wins.reduce((sum, win) => sum + win, 0) / wins.length;
        expect(aucOf(judged)).toBeCloseTo(share, 12);
      }),
    );
  });

  test('is the area under the curve of the report', () => {
    fc.assert(
      fc.property(anyJudged, (judged) => {
        const points = rocOf(judged);
        const area = points.slice(1).reduce((sum, { open, settled }, index) => {
          const before = points[index] ?? { open: 0, settled: 0 };
          return sum + ((open - before.open) * (settled + before.settled)) / 2;
        }, 0);
        expect(area).toBeCloseTo(aucOf(judged), 12);
      }),
    );
  });
});

test('KS is how far apart the outcomes are where they part best', () => {
  expect(ksOf(of([0.9, 0.8], [0.2]))).toBe(1);
  expect(ksOf(of([0.5], [0.5]))).toBe(0);
  expect(ksOf(of([0.9, 0.3], [0.4, 0.1]))).toBe(0.5);
});

test('deciles hold every loan once, the lowest first, and differ by one loan at most', () => {
  fc.assert(
    fc.property(anyJudged, (judged) => {
      const deciles = decilesOf(judged);
      const sizes = deciles.map(({ loans }) => loans);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(judged.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      const predicted = deciles.map((decile) => decile.predicted);
      for (const [index, each] of predicted.entries()) {
        expect(each).toBeGreaterThanOrEqual((predicted[index - 1] ?? 0) - 1e-12);
      }
    }),
  );
});

test('calibration, Brier score and bands are of all folds together, AUC of each', () => {
  const folds = [of([0.75], [0.25]), of([0.25], [0.75])];
  expect(qualityOf(folds)).toMatchObject({
    auc: 0.5,
    brier: (2 * 0.25 ** 2 + 2 * 0.75 ** 2) / 4,
    worstDecileGap: 0.75,
    foldAucs: [1, 0],
    bands: [{ band: 'A', loans: 4, predicted: 0.5, settled: 0.5 }],
  });
});
