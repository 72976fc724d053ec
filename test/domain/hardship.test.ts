import { describe, expect, test } from 'vitest';
import { limitsOf } from '../../domain/agreement-limits.ts';
import { type AgreementPolicy, CAUTIOUS_AGREEMENTS } from '../../domain/agreement-policy.ts';
import { needsApproval, refusalOfAgreement } from '../../domain/agreement-refusal.ts';
import type { StandingView } from '../../domain/case-state.ts';
import type { DebtorEvent } from '../../domain/debtor-events.ts';
import { standingOf } from '../../domain/debtor-standing.ts';
import { evolve } from '../../domain/evolve.ts';
import { type HardshipClaim, hardshipAt, hardshipsOf } from '../../domain/hardship.ts';
import { plusMs } from '../../domain/instant.ts';
import { reopenedCase } from '../../domain/reopen-case.ts';
import { agreedOn } from '../support/agreements.ts';
import { given, openedCase, view } from '../support/case.ts';
import { taipei } from '../support/events.ts';
import { strategy } from '../support/strategy.ts';

const FROM = taipei('2026-04-08 10:00');
const TO = taipei('2026-07-08 10:00');
const NOW = taipei('2026-04-10 15:00');

function claimed(id: string, at = FROM, until?: string): DebtorEvent {
  const data = {
    debtorRef: 'D-1',
    source: 'agent-1',
    reason: 'jobLoss',
    evidence: [],
    ...(until && { until }),
  } as const;
  return { id, type: 'hardship.claimed', timestamp: at, data };
}
function ended(claimEventId: string, at = TO): DebtorEvent {
  const data = { debtorRef: 'D-1', source: 'agent-1', claimEventId };
  return { id: `end-${claimEventId}`, type: 'hardship.ended', timestamp: at, data };
}

describe('C16 C19: a hardship', () => {
  test('stands from its instant until its end, half-open', () => {
    const claims = hardshipsOf([claimed('H-1', FROM, TO)]);
    const hard = { reason: 'jobLoss', since: FROM, until: TO };
    expect(hardshipAt(claims, plusMs(FROM, -1))).toBeNull();
    expect(hardshipAt(claims, FROM)).toEqual(hard);
    expect(hardshipAt(claims, plusMs(TO, -1))).toEqual(hard);
    expect(hardshipAt(claims, TO)).toBeNull();
  });

  test('without an end stands until it is ended, whatever came in first; the earlier of two ends counts', () => {
    const open = claimed('H-1');
    expect(hardshipAt(hardshipsOf([open]), '2099-01-01T00:00:00.000Z')).toMatchObject({ until: null });
    for (const events of [
      [open, ended('H-1')],
      [ended('H-1'), open],
    ]) {
      expect(hardshipsOf(events)).toEqual([{ claimId: 'H-1', reason: 'jobLoss', from: FROM, to: TO }]);
    }
    const early = plusMs(TO, -1);
    expect(hardshipsOf([claimed('H-1', FROM, TO), ended('H-1', early)])[0]?.to).toBe(early);
    expect(hardshipsOf([claimed('H-1', FROM, early), ended('H-1')])[0]?.to).toBe(early);
    const twice = [ended('H-1'), { ...ended('H-1', early), id: 'again' }, open];
    expect(hardshipsOf(twice)[0]?.to).toBe(early);
  });

  test('of several the one that was claimed last is told, and one that ended leaves the other', () => {
    const claims = hardshipsOf([claimed('H-2', NOW), claimed('H-1', FROM), ended('H-2')]);
    expect(hardshipAt(claims, NOW)).toMatchObject({ since: NOW });
    expect(hardshipAt(claims, TO)).toMatchObject({ since: FROM, until: null });
  });

  test('is part of the standing, and ended before it began never stood', () => {
    expect(standingOf([claimed('H-1')], NOW).hardship).toEqual({ reason: 'jobLoss', since: FROM, until: null });
    expect(standingOf([claimed('H-1', TO)], NOW).hardship).toBeNull();
    expect(standingOf([claimed('H-1', NOW), ended('H-1', FROM)], NOW).hardship).toBeNull();
  });
});

const POLICY: AgreementPolicy = {
  ...CAUTIOUS_AGREEMENTS,
  plan: { ...CAUTIOUS_AGREEMENTS.plan, smallestInstalmentMinor: 50_000, freezesInterest: false },
  hardship: {
    plan: { longestDays: 365, mostInstalments: 12, smallestInstalmentMinor: 20_000, freezesInterest: true },
    settlement: { discountPercent: 30 },
  },
};
const CLAIMS: readonly HardshipClaim[] = [{ claimId: 'H-1', reason: 'illness', from: FROM, to: TO }];
const inHardship: StandingView = { version: 1, holds: [], hardships: CLAIMS };
const STRATEGY = strategy({ agreements: POLICY });
const calm = openedCase({ strategy: STRATEGY, balance: view(500_000) });
const hard = given(calm, { type: 'standingChanged', standing: inHardship });

/** A plan of NT$5,000.00 in so many monthly parts from May on. */
function planOf(count: number) {
  const parts = Array.from({ length: count }, (_, index) => ({
    amountMinor: index === count - 1 ? 500_000 - Math.floor(500_000 / count) * index : Math.floor(500_000 / count),
    dueOn: `${2026 + Math.floor((4 + index) / 12)}-${String(((4 + index) % 12) + 1).padStart(2, '0')}-10`,
  }));
  return agreedOn(STRATEGY, 'plan', parts);
}
const settlement = (discountMinor: number) =>
  agreedOn(STRATEGY, 'settlement', [{ amountMinor: 500_000 - discountMinor, dueOn: '2026-04-30' }], { discountMinor });

describe('C16: what may be agreed on while a hardship stands', () => {
  test('is what the strategy says beyond the limits; promises, and what is not named, stay as they are', () => {
    expect(limitsOf(hard, { kind: 'plan' }, NOW)).toEqual({ ...POLICY.plan, ...POLICY.hardship?.plan });
    expect(limitsOf(hard, { kind: 'settlement' }, NOW)).toEqual({ ...POLICY.settlement, discountPercent: 30 });
    expect(limitsOf(hard, { kind: 'promise' }, NOW)).toBe(POLICY.promise);
    expect(limitsOf(calm, { kind: 'plan' }, NOW)).toBe(POLICY.plan);
    expect(limitsOf({ agreementPolicy: CAUTIOUS_AGREEMENTS, hardships: CLAIMS }, { kind: 'plan' }, NOW)).toBe(
      CAUTIOUS_AGREEMENTS.plan,
    );
  });

  test('never less than without it', () => {
    const narrow = { ...POLICY, hardship: { plan: { longestDays: 1, smallestInstalmentMinor: 90_000 } } };
    expect(limitsOf({ agreementPolicy: narrow, hardships: CLAIMS }, { kind: 'plan' }, NOW)).toEqual(POLICY.plan);
  });

  test('more and smaller instalments: seven are refused before, taken during and refused after it', () => {
    expect(refusalOfAgreement(calm, planOf(7), NOW)).toMatchObject({ code: 'AGREEMENT_LIMIT' });
    expect(refusalOfAgreement(hard, planOf(7), NOW)).toBeNull();
    expect(refusalOfAgreement(hard, planOf(12), NOW)).toBeNull();
    expect(refusalOfAgreement(hard, planOf(13), NOW)).toMatchObject({ code: 'AGREEMENT_LIMIT' });
    const last = plusMs(TO, -1);
    expect(needsApproval(hard, settlement(150_000), last)).toBe(false);
    expect(needsApproval(hard, settlement(150_000), TO)).toBe(true);
  });

  test('a larger discount without approval, to the minor unit', () => {
    expect(needsApproval(hard, settlement(150_000), NOW)).toBe(false);
    expect(needsApproval(hard, settlement(150_001), NOW)).toBe(true);
    expect(needsApproval(calm, settlement(1), NOW)).toBe(true);
  });

  test('what was agreed on keeps its terms when the hardship ends, and freezes interest as it was made', () => {
    const made = given(hard, { type: 'agreementProposed', proposed: planOf(7), at: NOW });
    expect(made.agreements[0]).toMatchObject({ status: 'open', freezesInterest: true });
    const over: StandingView = { version: 2, holds: [], hardships: [{ ...CLAIMS[0]!, to: NOW }] };
    expect(given(made, { type: 'standingChanged', standing: over }).agreements).toEqual(made.agreements);
    const before = given(calm, { type: 'agreementProposed', proposed: planOf(6), at: NOW });
    expect(before.agreements[0]).toMatchObject({ freezesInterest: false });
  });

  test('a view that is older changes nothing, and a case that goes on again knows of it', () => {
    const stale: StandingView = { version: 1, holds: [], hardships: [] };
    expect(evolve(hard, { type: 'standingChanged', standing: stale })).toBe(hard);
    const again = reopenedCase(calm, {
      balance: view(500_000, { version: 2 }),
      closedAt: FROM,
      at: NOW,
      standing: inHardship,
    });
    expect(again.hardships).toEqual(CLAIMS);
    expect(openedCase({ standing: inHardship }).hardships).toEqual(CLAIMS);
  });
});
