import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CAUTIOUS_AGREEMENTS } from '../../domain/agreement-policy.ts';
import type { ProposedAgreement } from '../../domain/agreement-refusal.ts';
import { refusalOfAgreement } from '../../domain/agreement-refusal.ts';
import type { CaseState, Fact, HoldEvent } from '../../domain/case-state.ts';
import type { HoldReason } from '../../domain/debtor-events.ts';
import { evolve } from '../../domain/evolve.ts';
import { endOfHold } from '../../domain/hold-terms.ts';
import { DAY_MS, type Instant, epochMsOf, instantOf, plusMs } from '../../domain/instant.ts';
import { type Action, nextAction } from '../../domain/next-action.ts';
import { timetableOf } from '../../domain/timetable.ts';
import { factsOf, openedCase, view } from '../support/case.ts';
import { FIXED_SEED, statement, taipei } from '../support/events.ts';
import { calendar, contact, strategy, task } from '../support/strategy.ts';

const START = taipei('2026-03-29 00:00');
const END = plusMs(START, 120 * DAY_MS);
const OVERDUE_MINOR = 500_000;
const NOTICE = { channel: 'sms', template: 'promise-broken' } as const;
const policy = {
  ...CAUTIOUS_AGREEMENTS,
  promise: { ...CAUTIOUS_AGREEMENTS.promise, reminder: NOTICE, broken: NOTICE, remindDaysBefore: 1 },
};
const LADDER = strategy({
  agreements: policy,
  steps: [
    contact({ id: 'a', day: { small: 1, medium: 1, large: 1 } }),
    contact({ id: 'b', channel: 'email', day: { small: 6, medium: 6, large: 6 } }),
    task({ id: 'c', task: 'agentCall', day: { small: 12, medium: 12, large: 12 } }),
    contact({ id: 'd', day: { small: 20, medium: 20, large: 20 } }),
    task({ id: 'e', day: { small: 40, medium: 40, large: 40 } }),
  ],
});

/** What people and the loan system do on one day, at noon. */
type Deed =
  | { readonly do: 'hold'; readonly days: number | null; readonly reason: HoldReason }
  | { readonly do: 'release' }
  | { readonly do: 'promise'; readonly inDays: number; readonly amountMinor: number }
  | { readonly do: 'pay'; readonly amountMinor: number };

const anyDeed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    do: fc.constant('hold' as const),
    days: fc.option(fc.integer({ min: 1, max: 25 }), { nil: null }),
    reason: fc.constantFrom<HoldReason>('dispute', 'breathing-space', 'hardship'),
  }),
  fc.record({ do: fc.constant('release' as const) }),
  fc.record({
    do: fc.constant('promise' as const),
    inDays: fc.integer({ min: 1, max: 14 }),
    amountMinor: fc.integer({ min: 1, max: OVERDUE_MINOR }),
  }),
  fc.record({ do: fc.constant('pay' as const), amountMinor: fc.integer({ min: 1, max: 200_000 }) }),
);
const anyDeeds = fc
  .uniqueArray(fc.record({ day: fc.integer({ min: 0, max: 80 }), deed: anyDeed }), {
    maxLength: 10,
    selector: ({ day }) => day,
  })
  .map((deeds) => deeds.toSorted((a, b) => a.day - b.day));

interface Lived {
  readonly state: CaseState;
  readonly receipts: readonly { readonly at: Instant; readonly amountMinor: number }[];
}

/** Lives a case through what happens to it, and calls `look` at every decision. */
function live(
  deeds: readonly { readonly day: number; readonly deed: Deed }[],
  look: (state: CaseState, action: Action, now: Instant) => void = () => {},
): Lived {
  let state = openedCase({ strategy: LADDER, at: START });
  let now = START;
  let dueMinor = OVERDUE_MINOR;
  const receipts: { at: Instant; amountMinor: number }[] = [];
  const coming = deeds.map(({ day, deed }, index) => ({ at: plusMs(START, day * DAY_MS + DAY_MS / 2), deed, index }));
  for (let count = 0; count < 600; count += 1) {
    while (coming[0] && coming[0].at <= now) {
      const { at, deed, index } = coming.shift() ?? {};
      if (at !== undefined && deed !== undefined && index !== undefined) {
        if (deed.do === 'pay' && dueMinor > 0) {
          const amountMinor = Math.min(deed.amountMinor, dueMinor);
          dueMinor -= amountMinor;
          receipts.push({ at, amountMinor });
        }
        for (const fact of factsOfDeed(state, deed, { at, index, dueMinor })) state = evolve(state, fact);
      }
    }
    const action = nextAction(state, now);
    look(state, action, now);
    if (action.kind === 'close')
      return { state: evolve(state, { type: 'closed', outcome: action.outcome, at: now }), receipts };
    if (action.kind === 'wait') {
      const next = [action.until, coming[0]?.at].filter((at) => at != null).toSorted()[0];
      if (next === undefined || next >= END) return { state, receipts };
      if (next <= now) throw new Error(`At ${now} the case waits for ${next}.`);
      now = next;
      continue;
    }
    for (const fact of performed(state, action, now, receipts)) state = evolve(state, fact);
  }
  throw new Error(`The case never comes to rest; it is ${now}.`);
}

function performed(
  state: CaseState,
  action: Exclude<Action, { kind: 'wait' | 'close' }>,
  now: Instant,
  receipts: Lived['receipts'],
): readonly Fact[] {
  if (action.kind === 'replan') {
    const { dueOn, debtor } = statement();
    const loan = { loanRef: state.loanRef, dueOn, zone: debtor.zone };
    return [{ type: 'replanned', pauses: action.pauses, steps: timetableOf(LADDER, loan, calendar(), action.pauses) }];
  }
  if (action.kind !== 'checkAgreement') return factsOf(action, now);
  const { agreementId } = action.agreement;
  return [{ type: 'agreementChecked', agreementId, receipts, version: state.balance.version, at: now }];
}

function factsOfDeed(
  state: CaseState,
  deed: Deed,
  { at, index, dueMinor }: { readonly at: Instant; readonly index: number; readonly dueMinor: number },
): readonly Fact[] {
  const data = { debtorRef: 'D-1', source: 'test' };
  switch (deed.do) {
    case 'pay': {
      const balance = view(dueMinor, { version: state.balance.version + 1, effectiveAt: at });
      return [{ type: 'balanceChanged', balance, at }];
    }
    case 'hold': {
      const until = deed.days === null ? {} : { until: plusMs(at, deed.days * DAY_MS) };
      const event: HoldEvent = {
        id: `h-${index}`,
        type: 'hold.placed',
        timestamp: at,
        data: { ...data, ...until, reason: deed.reason },
      };
      return [{ type: 'holdChanged', event }];
    }
    case 'release':
      return state.holds.map(({ holdId }) => ({
        type: 'holdChanged',
        event: {
          id: `r-${index}-${holdId}`,
          type: 'hold.released',
          timestamp: at,
          data: { ...data, holdEventId: holdId },
        },
      }));
    case 'promise': {
      const decidedAt = instantOf(
        Math.ceil(epochMsOf(plusMs(at, deed.inDays * DAY_MS)) / DAY_MS) * DAY_MS - 8 * 3_600_000,
      );
      const dueOn = plusMs(decidedAt, -1).slice(0, 10);
      const proposed: ProposedAgreement = {
        agreementId: `p-${index}`,
        kind: 'promise',
        way: 'phone',
        reason: null,
        actor: 'agent-1',
        discountMinor: 0,
        instalments: [{ amountMinor: deed.amountMinor, dueOn, remindAt: plusMs(decidedAt, -DAY_MS), decidedAt }],
      };
      return refusalOfAgreement(state, proposed, at) ? [] : [{ type: 'agreementProposed', proposed, at }];
    }
    default:
      return deed satisfies never;
  }
}

const RUNS = { ...FIXED_SEED, numRuns: 400 };

describe('a case with any holds, promises and payments', () => {
  test('T6: makes no contact while a hold stands, and none of the ladder while an agreement is open', () => {
    fc.assert(
      fc.property(anyDeeds, (deeds) => {
        live(deeds, (state, action, now) => {
          if (action.kind !== 'contact') return;
          const active = state.holds.filter((hold) => {
            const end = endOfHold(hold);
            return hold.from <= now && (end === null || now < end);
          });
          expect(active.map(({ holdId }) => holdId)).toEqual([]);
          const isOpen = state.agreements.some(({ status }) => status === 'open');
          if (isOpen) expect(action.contacts.map(({ stage }) => stage)).toEqual(['agreement']);
        });
      }),
      RUNS,
    );
  });

  test('T4: ends with every agreement judged by the money, whatever came in when', () => {
    fc.assert(
      fc.property(anyDeeds, (deeds) => {
        const { state, receipts } = live(deeds);
        for (const { status, madeAt, endedAt, instalments } of state.agreements) {
          if (status === 'replaced' || status === 'open') continue;
          const [part] = instalments;
          const inTime = receipts.filter(({ at }) => at >= madeAt && at < (part?.decidedAt ?? ''));
          const paidMinor = inTime.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
          expect(status === 'kept').toBe(paidMinor >= (part?.amountMinor ?? 0));
          expect(endedAt).not.toBeNull();
        }
        expect(state.unrecordedAgreements).toEqual([]);
      }),
      RUNS,
    );
  });

  test('makes every step of the ladder at most once, and never before its planned day', () => {
    fc.assert(
      fc.property(anyDeeds, (deeds) => {
        const made: string[] = [];
        live(deeds, (state, action, now) => {
          if (action.kind !== 'contact') return;
          for (const { step, at } of action.contacts) {
            made.push(step);
            const slot = state.steps.find(({ id }) => id === step)?.slots[state.tier];
            if (slot) expect(slot.at <= at && at <= now).toBe(true);
          }
        });
        expect(new Set(made).size).toBe(made.length);
      }),
      RUNS,
    );
  });

  test('is closed, waits for something to come, or somebody has it: it never runs out silently', () => {
    fc.assert(
      fc.property(anyDeeds, (deeds) => {
        const { state } = live(deeds);
        if (state.closed) return;
        const action = nextAction(state, plusMs(END, -1));
        const isInHand = state.openTasks.length > 0 || (action.kind === 'wait' && action.until !== null);
        expect(isInHand || action.kind !== 'wait').toBe(true);
      }),
      RUNS,
    );
  });
});
