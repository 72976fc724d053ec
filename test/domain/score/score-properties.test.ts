import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { POLICY_DIR } from '../../../activities/policy-file.ts';
import { loadScorecard } from '../../../activities/scorecard-file.ts';
import { placeOf, pointsAt } from '../../../domain/score/bin-of.ts';
import { bandOf, probabilityAt } from '../../../domain/score/probability.ts';
import { scoreOf } from '../../../domain/score/score.ts';
import { factsWith } from '../../support/scoring.ts';

const scorecard = loadScorecard(join(POLICY_DIR, 'scorecards', 'consumer-card.yaml'));

const amount = fc.oneof(fc.nat(5_000_000), fc.maxSafeNat(), fc.constant(0));
const signedAmount = fc.oneof(amount, fc.integer({ min: -5_000_000, max: 0 }));
const anyFacts = fc
  .record({
    principalMinor: amount,
    overdueMinor: amount,
    creditLimitMinor: fc.option(amount),
    statuses: fc.array(fc.integer({ min: -2, max: 12 }), { maxLength: 8 }),
    billsMinor: fc.array(signedAmount, { maxLength: 8 }),
    paymentsMinor: fc.array(signedAmount, { maxLength: 8 }),
    earlierLoans: fc.nat(5),
    product: fc.option(fc.string()),
  })
  .map((facts) => factsWith(facts));

test('more points are a higher probability, and never a worse band', () => {
  const order = scorecard.bands.map(({ id }) => id);
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 1_000 }), fc.integer({ min: 1, max: 50 }), (points, more) => {
      const [low, high] = [points, points + more].map((each) => probabilityAt(each, scorecard));
      expect(high).toBeGreaterThan(low ?? 1);
      const [worse, better] = [low, high].map((each) => order.indexOf(bandOf(each ?? 0, scorecard.bands)));
      expect(better).toBeLessThanOrEqual(worse ?? -1);
    }),
  );
});

test('any facts get a score: a whole number of points, a probability between 0 and 1, a band, few reasons', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const score = scoreOf(scorecard, facts);
      expect(Number.isSafeInteger(score.points)).toBe(true);
      expect(score.probabilityOfSettlement).toBeGreaterThan(0);
      expect(score.probabilityOfSettlement).toBeLessThan(1);
      expect(scorecard.bands.map(({ id }) => id)).toContain(score.band);
      expect(score.reasons.length).toBeLessThanOrEqual(scorecard.reasonsShown);
      expect(new Set(score.reasons.map(({ code }) => code)).size).toBe(score.reasons.length);
    }),
  );
});

test('the points are the sum of what each characteristic gives, and the same facts give the same score', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const parts = scorecard.characteristics.map((each) => pointsAt(each, placeOf(each, facts)));
      const score = scoreOf(scorecard, facts);
      expect(score.points).toBe(parts.reduce((sum, part) => sum + part, scorecard.basePoints));
      expect(scoreOf(scorecard, structuredClone(facts))).toEqual(score);
    }),
  );
});

test('a higher overdue amount, all else and the ratios to it left alone, never scores better', () => {
  const points = (overdueMinor: number) => {
    const characteristic = scorecard.characteristics.find(({ id }) => id === 'overdueAmountKnownAccount');
    return characteristic === undefined
      ? 0
      : pointsAt(characteristic, placeOf(characteristic, factsWith({ overdueMinor })));
  };
  fc.assert(
    fc.property(amount, amount, (one, other) => {
      expect(points(Math.max(one, other))).toBeLessThanOrEqual(points(Math.min(one, other)));
    }),
  );
});

test('age, education and region change nothing', () => {
  fc.assert(
    fc.property(anyFacts, fc.nat(130), fc.string(), fc.string(), (facts, age, education, region) => {
      expect(scoreOf(scorecard, { ...facts, age, education, region })).toEqual(scoreOf(scorecard, facts));
    }),
  );
});
