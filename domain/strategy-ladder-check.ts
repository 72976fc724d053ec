import { compareText } from './order.ts';
import type { LocalTime } from './instant.ts';
import type { Step, Strategy } from './strategy.ts';
import { type Draft, type StrategyFault, wrong } from './strategy-fault.ts';

/** A step in one tier. */
interface Rung {
  readonly step: Draft<Step>;
  readonly tier: string;
  readonly day: number;
  readonly sendAt: LocalTime;
  readonly path: StrategyFault['path'];
}

/** Tasks with which a ladder may end: somebody then holds the case. */
const CLOSING_TASKS: readonly unknown[] = ['legalReferral', 'review'];

/** Faults in the order of the steps of each tier: overlaps, steps that cannot be reached, a ladder that ends in nothing. */
export function checkLadders(strategy: Draft<Strategy>): StrategyFault[] {
  return (strategy.tiers ?? []).flatMap(({ id }, index) => {
    if (id === undefined) return [];
    const rungs = ladderOf(strategy.steps ?? [], id);
    return [
      ...checkEnd(rungs, id, index, strategy),
      ...rungs.flatMap((rung, position) => {
        const earlier = rungs.slice(0, position);
        // One word about a step is enough; the first reason is the strongest.
        return afterReferral(rung, earlier) ?? withinWait(rung, rungs) ?? twiceOnOneDay(rung, earlier) ?? [];
      }),
    ];
  });
}

/** The steps of a tier in the order in which they fall due. */
function ladderOf(steps: readonly Draft<Step>[], tier: string): Rung[] {
  const rungs = steps.flatMap((step, index): Rung[] => {
    const day = step.day?.[tier];
    return day === undefined
      ? []
      : [{ step, tier, day, sendAt: step.sendAt ?? '', path: ['steps', index, 'day', tier] }];
  });
  return rungs.sort((a, b) => a.day - b.day || compareText(a.sendAt, b.sendAt));
}

/** The last step of a tier is a task, so that no case runs out silently. */
function checkEnd(rungs: readonly Rung[], tier: string, index: number, strategy: Draft<Strategy>): StrategyFault[] {
  const isWhole = strategy.steps?.every((step) => step.do !== undefined && step.day !== undefined);
  if (!isWhole) return [];
  const last = rungs.at(-1);
  if (!last) {
    return [wrong(['tiers', index, 'id'], `Tier "${tier}" has no step; its cases would wait for ever.`)];
  }
  if (last.step.do === 'task' && (last.step.task === undefined || CLOSING_TASKS.includes(last.step.task))) return [];
  const message = `The ladder of tier "${tier}" ends here, so its cases run out silently; end it with a task legalReferral or review.`;
  return [wrong(last.path, message)];
}

/** Once a case may be with the lawyers, nobody else pursues it. */
function afterReferral(rung: Rung, earlier: readonly Rung[]): StrategyFault[] | null {
  const referral = earlier.find(({ step }) => step.do === 'task' && step.task === 'legalReferral');
  if (!referral || (rung.step.do === 'task' && (rung.step.task === undefined || rung.step.task === 'review'))) {
    return null;
  }
  const message = `Step "${rung.step.id}" cannot be reached in tier "${rung.tier}": it comes after the legal referral "${referral.step.id}" of day ${referral.day}, and only a review may.`;
  return [wrong(rung.path, message)];
}

/** While the ladder waits for a person, nothing else is due. */
function withinWait(rung: Rung, rungs: readonly Rung[]): StrategyFault[] | null {
  for (const wait of rungs) {
    const waitDays = wait.step.do === 'task' ? (wait.step.waitDays ?? 0) : 0;
    const end = wait.day + waitDays;
    if (wait === rung || rung.day < wait.day || rung.day >= end || isMutual(rung, wait, rungs)) continue;
    const message = `Step "${rung.step.id}" of day ${rung.day} overlaps the wait of "${wait.step.id}" in tier "${rung.tier}", days ${wait.day} to ${end - 1}; move it before day ${wait.day} or to day ${end} or later.`;
    return [wrong(rung.path, message)];
  }
  return null;
}

/** Whether two waits begin on one day and the other, later one is told already. */
function isMutual(rung: Rung, wait: Rung, rungs: readonly Rung[]): boolean {
  const waits = rung.step.do === 'task' && (rung.step.waitDays ?? 0) > 0;
  return waits && rung.day === wait.day && rungs.indexOf(rung) < rungs.indexOf(wait);
}

function twiceOnOneDay(rung: Rung, earlier: readonly Rung[]): StrategyFault[] | null {
  if (rung.step.do !== 'contact' || rung.step.channel === undefined) return null;
  const { channel } = rung.step;
  const first = earlier.find(({ step, day }) => step.do === 'contact' && step.channel === channel && day === rung.day);
  if (!first) return null;
  const message = `Step "${rung.step.id}" overlaps "${first.step.id}": both are ${channel} on day ${rung.day} of tier "${rung.tier}"; move one to another day.`;
  return [wrong(rung.path, message)];
}
