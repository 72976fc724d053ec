import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, MINUTE_MS, epochMsOf, instantOf } from '../../../domain/instant.ts';
import type { IntentFacts } from '../../../domain/rules/facts.ts';
import { judgeIntent } from '../../../domain/rules/judge-intent.ts';
import type { RulePack } from '../../../domain/rules/rule-pack.ts';
import { intentFacts, packNames } from './arbitraries.ts';
import { GRID_MS, judgeByTrying } from './oracle.ts';
import { PACKS, type PackName } from './support.ts';

const SEED = 20_260_401;
/** Gates that close by themselves as time passes: they may be shut when the delaying rules have cleared. */
const CLOSING = new Set(['US10', 'US11', 'US7', 'US8', 'UK2', 'IN2']);

const packsOf = (names: readonly PackName[]): RulePack[] => names.map((name) => PACKS[name]);

function judgedAt(facts: IntentFacts, packs: readonly RulePack[], at: string) {
  return judgeIntent({ ...facts, intent: { ...facts.intent, at } }, packs);
}

describe('The judge', () => {
  test('agrees with one that tries every quarter of an hour', () => {
    let compared = 0;
    const verdicts = new Map<string, number>();
    fc.assert(
      fc.property(intentFacts(GRID_MS), packNames, (facts, names) => {
        const expected = judgeByTrying(facts, names);
        // Nothing clear within the other's horizon; ours looks further.
        if (expected === null) return;
        const verdict = judgeIntent(facts, packsOf(names));
        expect(verdict).toEqual(expected);
        compared += 1;
        verdicts.set(verdict.verdict, (verdicts.get(verdict.verdict) ?? 0) + 1);
      }),
      { seed: SEED, numRuns: 800 },
    );
    expect(compared).toBeGreaterThan(750);
    for (const verdict of ['allow', 'defer', 'deny']) expect(verdicts.get(verdict)).toBeGreaterThan(80);
  }, 120_000);

  test('defers to an instant that is permitted, and to none later than the first', () => {
    fc.assert(
      fc.property(
        intentFacts(1),
        packNames,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        (facts, names, shares) => {
          const packs = packsOf(names);
          const { verdict, until } = judgeIntent(facts, packs);
          if (verdict !== 'defer' || until === null) return;
          const then = judgedAt(facts, packs, until);
          expect(then.verdict, until).not.toBe('defer');
          if (then.verdict === 'deny') expect(then.rules.filter((rule) => !CLOSING.has(rule))).toEqual([]);
          const [fromMs, toMs] = [epochMsOf(facts.intent.at), epochMsOf(until)];
          const earlier = [...shares.map((share) => Math.floor(fromMs + share * (toMs - fromMs))), ...edgesOf(facts)];
          for (const edge of [...earlier, toMs]) {
            for (const at of [edge - 1, edge, edge + 1]) {
              if (at < fromMs || at >= toMs) continue;
              expect(judgedAt(facts, packs, instantOf(at)).verdict, instantOf(at)).not.toBe('allow');
            }
          }
        },
      ),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  test('is never looser for another pack', () => {
    const strictness = { allow: 0, defer: 1, deny: 2 };
    fc.assert(
      fc.property(intentFacts(MINUTE_MS), packNames, packNames, (facts, some, more) => {
        const fewer = judgeIntent(facts, packsOf(some));
        const all = judgeIntent(facts, packsOf([...some, ...more]));
        expect(strictness[all.verdict]).toBeGreaterThanOrEqual(strictness[fewer.verdict]);
        expect(all.rules).toEqual(expect.arrayContaining([...fewer.rules]));
        if (all.until !== null && fewer.until !== null) expect(all.until >= fewer.until).toBe(true);
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  test('permits nothing in an unknown place that it would refuse in a known one', () => {
    fc.assert(
      fc.property(intentFacts(MINUTE_MS), packNames, (facts, names) => {
        const unknown = { ...facts, debtor: { ...facts.debtor, zone: null, zones: [] } };
        const { verdict, rules } = judgeIntent(facts, packsOf(names));
        const nowhere = judgeIntent(unknown, packsOf(names));
        expect(nowhere.rules).toEqual(expect.arrayContaining([...rules]));
        if (nowhere.verdict === 'allow') expect(verdict).toBe('allow');
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test('does not depend on the order of ledger, packs, holds, consents and zones', () => {
    fc.assert(
      fc.property(intentFacts(MINUTE_MS), packNames, (facts, names) => {
        const { debtor, holds, ledger, intent } = facts;
        const turned: IntentFacts = {
          intent,
          holds: holds.toReversed(),
          ledger: ledger.toReversed(),
          debtor: { ...debtor, zones: debtor.zones.toReversed(), consents: debtor.consents.toReversed() },
        };
        expect(judgeIntent(turned, packsOf(names.toReversed()))).toEqual(judgeIntent(facts, packsOf(names)));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

/** Instants at which something in the facts begins or ends, and the same hours for some days after. */
function edgesOf({ debtor, holds, ledger }: IntentFacts): number[] {
  const instants = [
    ...holds.flatMap(({ from, to, treatmentEnd }) => [from, to, treatmentEnd]),
    ...debtor.consents.flatMap(({ at, until }) => [at, until]),
    ...ledger.map(({ at }) => at),
  ].filter((instant) => instant !== null);
  return instants.flatMap((instant) => [0, 1, 7, 30, 60].map((days) => epochMsOf(instant) + days * DAY_MS));
}
