import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitsOf } from '../../domain/agreement-limits.ts';
import { AGREEMENT_ROLES, type AgreementPolicy, CAUTIOUS_AGREEMENTS } from '../../domain/agreement-policy.ts';
import { type AgreementSituation, needsApproval, refusalOfAgreement } from '../../domain/agreement-refusal.ts';
import { instalmentsOf } from '../../domain/agreement-terms.ts';
import { AGREEMENT_KINDS } from '../../domain/agreement.ts';
import { type Asking, answerToOffer, openOffers } from '../../domain/counter-offer.ts';
import { plusDays, plusMs } from '../../domain/instant.ts';
import type { WantedTerms } from '../../domain/nearest-offer.ts';
import { FIXED_SEED, taipei } from '../support/events.ts';

const NOW = taipei('2026-04-10 15:00');
const TODAY = '2026-04-10';
const POLICY: AgreementPolicy = {
  ...CAUTIOUS_AGREEMENTS,
  plan: {
    ...CAUTIOUS_AGREEMENTS.plan,
    smallestInstalmentMinor: 50_000,
    downPaymentPercent: 20,
    byRole: { supervisor: { longestDays: 365, downPaymentPercent: 0 } },
  },
  settlement: {
    ...CAUTIOUS_AGREEMENTS.settlement,
    discountPercent: 10,
    byRole: { supervisor: { discountPercent: 20 } },
  },
  hardship: { plan: { mostInstalments: 12, longestDays: 730 } },
};

function situation(overdueMinor: number, change: Partial<AgreementSituation> = {}): AgreementSituation {
  return {
    agreementPolicy: POLICY,
    closed: null,
    balance: { overdueMinor },
    agreements: [],
    proposal: null,
    ...change,
  };
}
const by = (role: Asking['role'], now = NOW): Asking => ({ role, now, zone: 'Asia/Taipei' });
const parts = (...given: readonly (readonly [number, string])[]) =>
  given.map(([amountMinor, dueOn]) => ({ amountMinor, dueOn }));
const plan = (...given: readonly (readonly [number, string])[]): WantedTerms => ({
  kind: 'plan',
  parts: parts(...given),
  discountMinor: 0,
});
const settlement = (amountMinor: number, discountMinor: number): WantedTerms => ({
  kind: 'settlement',
  parts: parts([amountMinor, '2026-04-30']),
  discountMinor,
});

describe('limits by role', () => {
  test('a supervisor has the wider ones, an agent and whoever says nothing those of the strategy', () => {
    const limits = situation(1);
    expect(limitsOf(limits, { kind: 'settlement', role: 'supervisor' }, NOW).discountPercent).toBe(20);
    expect(limitsOf(limits, { kind: 'settlement', role: 'agent' }, NOW)).toBe(POLICY.settlement);
    expect(limitsOf(limits, { kind: 'settlement' }, NOW)).toBe(POLICY.settlement);
  });

  test('on top of hardship a role permits more and never less', () => {
    const hardships = [{ claimId: 'H', reason: 'illness', from: NOW, to: null }] as const;
    expect(limitsOf(situation(1, { hardships }), { kind: 'plan', role: 'supervisor' }, NOW)).toMatchObject({
      longestDays: 730,
      mostInstalments: 12,
      downPaymentPercent: 0,
    });
  });

  test('what an agent needs approval for a supervisor does not, to the minor unit', () => {
    const asked = (role: Asking['role'], discountMinor: number) =>
      needsApproval(situation(100_000), { kind: 'settlement', role, discountMinor }, NOW);
    expect([asked('agent', 10_000), asked('agent', 10_001)]).toEqual([false, true]);
    expect([asked('supervisor', 20_000), asked('supervisor', 20_001)]).toEqual([false, true]);
  });
});

describe('T4: a down payment', () => {
  const first = (amountMinor: number) =>
    answerToOffer(
      situation(200_001),
      by('agent'),
      plan([amountMinor, '2026-04-30'], [200_001 - amountMinor, '2026-05-30']),
    );

  test('is a fifth of what is due, rounded up: one minor unit less is refused', () => {
    const policy = { ...POLICY, plan: { ...POLICY.plan, smallestInstalmentMinor: 1 } };
    const asked = (amountMinor: number) =>
      answerToOffer(
        situation(200_001, { agreementPolicy: policy }),
        by('agent'),
        plan([amountMinor, '2026-04-30'], [200_001 - amountMinor, '2026-05-30']),
      ).refusal?.message ?? null;
    expect(asked(40_001)).toBeNull();
    expect(asked(40_000)).toBe('The first instalment is below 20 percent of what is due.');
    expect(first(100_000).outcome).toBe('accepted');
  });

  test('makes the first part of an offer larger, and all add up', () => {
    const offered = openOffers(situation(1_000_001), by('agent'), '2026-04-30').map((each) =>
      each.parts.map(({ amountMinor }) => amountMinor),
    );
    expect(offered).toContainEqual([200_001, 160_000, 160_000, 160_000, 160_000, 160_000]);
    expect(offered).toContainEqual([500_001, 500_000]);
    const free = openOffers(situation(1_000_001), by('supervisor'), '2026-04-30');
    expect(free.map((each) => each.parts.map(({ amountMinor }) => amountMinor))).toContainEqual([
      166_667, 166_667, 166_667, 166_667, 166_667, 166_666,
    ]);
  });
});

describe('I4: an answer to what a debtor offers', () => {
  test('accepted: there is nothing nearer', () => {
    expect(
      answerToOffer(situation(200_000), by('agent'), plan([100_000, '2026-04-30'], [100_000, '2026-05-30'])),
    ).toEqual({
      outcome: 'accepted',
      refusal: null,
      nearest: null,
    });
  });

  test('needs approval: the nearest is what is forgiven without, to the minor unit', () => {
    expect(answerToOffer(situation(100_001), by('agent'), settlement(70_001, 30_000))).toEqual({
      outcome: 'needsApproval',
      refusal: null,
      nearest: settlement(90_001, 10_000),
    });
  });

  test('too many parts: as many as are permitted, on the first of the days', () => {
    const days = ['2026-04-30', '2026-05-30', '2026-06-30', '2026-07-30', '2026-08-30', '2026-09-30', '2026-10-30'];
    const wanted = plan(...days.map((day) => [100_000, day] as const));
    const { refusal, nearest } = answerToOffer(situation(700_000), by('agent'), wanted);
    expect(refusal).toEqual({ code: 'AGREEMENT_LIMIT', message: 'A plan has 1 to 6 instalments, not 7.' });
    expect(nearest?.parts).toEqual(
      parts(...days.slice(0, 6).map((day, index) => [index === 0 ? 140_000 : 112_000, day] as const)),
    );
  });

  test('too late, too early and in disorder: the days are moved no further than needed', () => {
    const wanted = plan([150_000, '2027-01-01'], [150_000, '2026-04-01']);
    expect(answerToOffer(situation(300_000), by('agent'), wanted).nearest?.parts).toEqual(
      parts([150_000, TODAY], [150_000, plusDays(TODAY, 183)]),
    );
  });

  test('amounts that do not add up are made even, those that do stay as they are', () => {
    const short = plan([90_000, '2026-04-30'], [90_000, '2026-05-30']);
    expect(answerToOffer(situation(200_000), by('agent'), short).nearest?.parts).toEqual(
      parts([100_000, '2026-04-30'], [100_000, '2026-05-30']),
    );
    const late = plan([80_000, '2026-04-30'], [120_000, '2027-05-30']);
    expect(answerToOffer(situation(200_000), by('agent'), late).nearest?.parts).toEqual(
      parts([80_000, '2026-04-30'], [120_000, plusDays(TODAY, 183)]),
    );
  });

  test('a promise of too much or for too late is one of what is due, in time', () => {
    const wanted: WantedTerms = { kind: 'promise', parts: parts([300_000, '2026-06-01']), discountMinor: 0 };
    expect(answerToOffer(situation(200_000), by('agent'), wanted).nearest).toEqual({
      kind: 'promise',
      parts: parts([200_000, plusDays(TODAY, 14)]),
      discountMinor: 0,
    });
  });

  test.each<[string, Partial<AgreementSituation>, string]>([
    ['nothing is due', { balance: { overdueMinor: 0 } }, 'AGREEMENT_NOTHING_DUE'],
    ['a proposal waits', { proposal: { agreementId: 'P', expiresAt: plusMs(NOW, 1) } }, 'AGREEMENT_PENDING'],
    [
      'there were as many plans as are permitted',
      { agreements: ['1', '2'].map((agreementId) => ({ agreementId, kind: 'plan', status: 'broken' })) },
      'AGREEMENT_LIMIT',
    ],
  ])('while %s no terms would do, and nothing is offered', (_why, change, code) => {
    const now = situation(200_000, change);
    const { outcome, refusal, nearest } = answerToOffer(now, by('agent'), plan([200_000, '2026-04-30']));
    expect([outcome, refusal?.code, nearest]).toEqual(['refused', code, null]);
    expect(openOffers(now, by('agent'), '2026-04-30').filter(({ kind }) => kind === 'plan')).toEqual([]);
  });

  test('a first part in the past is never offered', () => {
    expect(openOffers(situation(200_000), by('agent'), plusDays(TODAY, -1))).toEqual([]);
    expect(openOffers(situation(200_000), by('agent'), TODAY).length).toBeGreaterThan(0);
  });
});

describe('whatever is wanted within whatever limits', () => {
  const day = fc.integer({ min: -40, max: 1_000 }).map((days) => plusDays(TODAY, days));
  const wanted = fc.record({
    kind: fc.constantFrom(...AGREEMENT_KINDS),
    parts: fc.array(fc.record({ amountMinor: fc.integer({ min: 1, max: 5_000_000 }), dueOn: day }), {
      minLength: 1,
      maxLength: 60,
    }),
    discountMinor: fc.integer({ min: 0, max: 5_000_000 }),
  });
  const wider = fc.record(
    {
      longestDays: fc.integer({ min: 1, max: 1_826 }),
      mostInstalments: fc.integer({ min: 1, max: 60 }),
      smallestInstalmentMinor: fc.integer({ min: 1, max: 100_000 }),
    },
    { requiredKeys: [] },
  );
  const policy = fc
    .record({
      limits: fc.record({
        atMost: fc.integer({ min: 0, max: 2 }),
        longestDays: fc.integer({ min: 1, max: 800 }),
        mostInstalments: fc.integer({ min: 1, max: 60 }),
        smallestInstalmentMinor: fc.integer({ min: 1, max: 200_000 }),
        graceDays: fc.integer({ min: 0, max: 30 }),
        downPaymentPercent: fc.integer({ min: 0, max: 90 }),
      }),
      discountPercent: fc.integer({ min: 0, max: 90 }),
      byRole: wider,
      hardship: wider,
    })
    .map(
      ({ limits, discountPercent, byRole, hardship }): AgreementPolicy => ({
        promise: { ...CAUTIOUS_AGREEMENTS.promise, longestDays: limits.longestDays },
        plan: { ...CAUTIOUS_AGREEMENTS.plan, ...limits, byRole: { supervisor: byRole } },
        settlement: {
          ...CAUTIOUS_AGREEMENTS.settlement,
          ...limits,
          downPaymentPercent: 0,
          discountPercent,
          byRole: { supervisor: { ...byRole, discountPercent: 90 } },
        },
        hardship: { plan: hardship, settlement: hardship },
      }),
    );
  const hardships = fc.constantFrom(undefined, [
    { claimId: 'H', reason: 'jobLoss' as const, from: plusMs(NOW, -1), to: null },
  ]);
  const role = fc.constantFrom(...AGREEMENT_ROLES);
  const overdue = fc.integer({ min: 1, max: 100_000_000 });

  /** Whether the case itself would take terms, and without anybody's approval. */
  function isTaken(now: AgreementSituation, asking: Asking, { kind, parts: of, discountMinor }: WantedTerms): boolean {
    const instalments = instalmentsOf(of, now.agreementPolicy[kind], asking.zone);
    const proposed = { agreementId: 'A', kind, way: 'phone', reason: null, actor: 'a', discountMinor } as const;
    const whole = { ...proposed, role: asking.role, instalments };
    return refusalOfAgreement(now, whole, asking.now) === null && !needsApproval(now, whole, asking.now);
  }
  const sumOf = ({ parts: of, discountMinor }: WantedTerms) =>
    of.reduce((sum, { amountMinor }) => sum + amountMinor, discountMinor);

  test('the nearest terms are taken, and add up to the minor unit; there are some unless the kind is closed', () => {
    fc.assert(
      fc.property(policy, overdue, wanted, role, hardships, (agreementPolicy, overdueMinor, terms, who, hard) => {
        const now = situation(overdueMinor, { agreementPolicy, ...(hard && { hardships: hard }) });
        const { outcome, nearest } = answerToOffer(now, by(who), terms);
        expect(outcome === 'accepted').toBe(isTaken(now, by(who), terms));
        if (outcome === 'accepted') return;
        const isClosed = limitsOf(now, { kind: terms.kind, role: who }, NOW).atMost === 0;
        expect(nearest === null).toBe(isClosed);
        if (!nearest) return;
        expect(isTaken(now, by(who), nearest)).toBe(true);
        if (terms.kind === 'promise') expect(sumOf(nearest)).toBeLessThanOrEqual(overdueMinor);
        else expect(sumOf(nearest)).toBe(overdueMinor);
      }),
      { ...FIXED_SEED, numRuns: 1_000 },
    );
  });

  test('every offer is taken, and adds up to the minor unit', () => {
    fc.assert(
      fc.property(policy, overdue, day, role, hardships, (agreementPolicy, overdueMinor, firstOn, who, hard) => {
        const now = situation(overdueMinor, { agreementPolicy, ...(hard && { hardships: hard }) });
        for (const offer of openOffers(now, by(who), firstOn)) {
          expect(isTaken(now, by(who), offer)).toBe(true);
          expect(sumOf(offer)).toBe(overdueMinor);
        }
      }),
      { ...FIXED_SEED, numRuns: 500 },
    );
  });
});
