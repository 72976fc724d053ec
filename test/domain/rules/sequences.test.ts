import { Temporal } from '@js-temporal/polyfill';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, MINUTE_MS, epochMsOf, instantOf } from '../../../domain/instant.ts';
import { type LedgerEntry, RESULTS } from '../../../domain/rules/facts.ts';
import { judgeIntent } from '../../../domain/rules/judge-intent.ts';
import { PACKS, type PackName, factsOf } from './support.ts';

/** Something that comes up: a contact we wish to make, or a call of the debtor's. */
interface Wish {
  readonly afterMs: number;
  readonly isDebtors: boolean;
  readonly result: LedgerEntry['result'];
  readonly debt: string;
  readonly number: string;
  readonly channel: 'call' | 'voice';
}

const wishes = fc.array(
  fc.record<Wish>({
    afterMs: fc.oneof(fc.integer({ min: 0, max: 90 * MINUTE_MS }), fc.integer({ min: 0, max: 2 * DAY_MS })),
    isDebtors: fc.constantFrom(true, ...Array.from({ length: 15 }, () => false)),
    // Few calls are answered, or the rest after a talk would hide the caps.
    result: fc.constantFrom(...RESULTS, ...Array.from({ length: 12 }, () => 'noAnswer' as const)),
    debt: fc.constantFrom('L1', 'L2'),
    number: fc.constantFrom('+15550100', '+15550199'),
    channel: fc.constantFrom('call', 'voice'),
  }),
  { minLength: 40, maxLength: 120 },
);

/** Makes every wish when it is allowed, waits when it is deferred, drops it when it is denied. @returns the ledger. */
function followVerdicts(all: readonly Wish[], start: number, zone: string, packs: readonly PackName[]): LedgerEntry[] {
  const ledger: LedgerEntry[] = [];
  let nowMs = start;
  const queue = all.map((wish) => {
    nowMs += wish.afterMs;
    return { wish, atMs: nowMs };
  });
  while (queue.length > 0) {
    queue.sort((a, b) => a.atMs - b.atMs);
    const next = queue.shift();
    if (!next) break;
    const { channel, debt, number, result, isDebtors } = next.wish;
    const at = instantOf(next.atMs);
    const entry = { at, channel, debt, number, result, to: 'debtor' } as const;
    if (isDebtors) {
      ledger.push({ ...entry, initiator: 'debtor' });
      continue;
    }
    const recent = ledger.filter((each) => epochMsOf(each.at) > next.atMs - 9 * DAY_MS);
    const { verdict, until } = judgeIntent(
      factsOf({ at, zone, channel, debt, number, ledger: recent }),
      packs.map((name) => PACKS[name]),
    );
    if (verdict === 'allow') ledger.push({ ...entry, initiator: 'us' });
    else if (until !== null) queue.push({ wish: next.wish, atMs: epochMsOf(until) });
  }
  return ledger;
}

const STARTS = ['2026-03-02T00:00:00Z', '2026-03-25T00:00:00Z', '2026-10-20T00:00:00Z', '2026-12-28T00:00:00Z'];
const start = fc.constantFrom(...STARTS).map((at) => Date.parse(at));
const OPTIONS = { seed: 20_260_501, numRuns: 40 } as const;

const localOf = (zone: string) => (at: string) => Temporal.Instant.from(at).toZonedDateTimeISO(zone);
const dayOf = ({ year, month, day }: Temporal.ZonedDateTime) => Date.UTC(year, month - 1, day) / DAY_MS;
const isTalk = ({ result }: LedgerEntry) => result === 'connected' || result === 'rightParty';

describe('Whoever follows the verdicts', () => {
  test('never breaks a window or a daily cap in China', () => {
    let dials = 0;
    fc.assert(
      fc.property(wishes, start, (all, from) => {
        const ours = followVerdicts(all, from, 'Asia/Shanghai', ['CN']).filter(({ initiator }) => initiator === 'us');
        const local = localOf('Asia/Shanghai');
        const talks = new Map<string, number>();
        const unanswered = new Map<string, number>();
        for (const call of ours) {
          const { hour } = local(call.at);
          expect(hour >= 8 && hour < 22, call.at).toBe(true);
          const date = local(call.at).toPlainDate().toString();
          if (isTalk(call)) add(talks, date);
          else add(unanswered, `${date} ${call.number}`);
        }
        dials = Math.max(dials, ...unanswered.values());
        for (const [date, count] of talks) expect(count, date).toBeLessThanOrEqual(3);
        for (const [key, count] of unanswered) expect(count, key).toBeLessThanOrEqual(6);
      }),
      OPTIONS,
    );
    // The sequences are dense enough to reach the cap.
    expect(dials).toBe(6);
  });

  test.each(['America/New_York', 'Europe/London', 'Australia/Lord_Howe'])(
    'never breaks Regulation F in %s, where clocks change',
    (zone) => {
      let most = 0;
      fc.assert(
        fc.property(wishes, start, (all, from) => {
          const ledger = followVerdicts(all, from, zone, ['US']);
          const local = localOf(zone);
          const days = ledger.map(({ at }) => dayOf(local(at)));
          for (const [index, call] of ledger.entries()) {
            if (call.initiator !== 'us') continue;
            const { hour } = local(call.at);
            expect(hour >= 8 && hour < 21, call.at).toBe(true);
            const isRecent = (each: LedgerEntry, earlier: number) =>
              earlier < index && each.debt === call.debt && (days[index] ?? 0) - (days[earlier] ?? 0) < 7;
            const week = ledger.filter(isRecent);
            expect(week.filter(isTalk), call.at).toEqual([]);
            const placed = week.filter((each) => each.initiator === 'us' && each.result !== 'notConnected');
            expect(placed.length, call.at).toBeLessThan(7);
            if (call.result !== 'notConnected') most = Math.max(most, placed.length + 1);
          }
        }),
        OPTIONS,
      );
      expect(most).toBe(7);
    },
  );

  test('keeps the rules of all packs at once', () => {
    fc.assert(
      fc.property(wishes, start, (all, from) => {
        const ledger = followVerdicts(all, from, 'Asia/Kolkata', ['CN', 'US', 'UK', 'IN']);
        const local = localOf('Asia/Kolkata');
        for (const { at, initiator } of ledger) {
          if (initiator !== 'us') continue;
          expect(local(at).hour >= 8 && local(at).hour < 19, at).toBe(true);
        }
      }),
      OPTIONS,
    );
  });
});

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
