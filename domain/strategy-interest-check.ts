import type { PenaltyInterest } from './accrual.ts';
import type { RateCap } from './rules/rule-pack.ts';
import type { Strategy } from './strategy.ts';
import type { KnownPolicy } from './strategy-check.ts';
import { type Draft, type StrategyFault, wrong } from './strategy-fault.ts';
import { outside } from './strategy-limits.ts';

/**
 * Faults of what being overdue costs. It costs nothing unless every rule pack of the strategy says how much it may: a
 * pack that is silent, and a strategy without packs, permit nothing.
 */
export function checkInterest(strategy: Draft<Strategy>, known: KnownPolicy): StrategyFault[] {
  const { penaltyInterest, rulePacks = [] } = strategy;
  if (!penaltyInterest) return [];
  const faults = checkNumbers(penaltyInterest);
  if (rulePacks.length === 0) {
    const message = 'Nothing may accrue without a rule pack that says how much; name one under rulePacks.';
    faults.push({ path: ['penaltyInterest'], at: 'key', message });
  }
  for (const pack of rulePacks) {
    if (pack === undefined || !known.rulePacks.has(pack)) continue;
    const cap = known.rateCapOf(pack);
    if (cap) faults.push(...checkCap(penaltyInterest, cap, pack));
    else {
      const message = `Rule pack "${pack}" does not say how much may accrue, so nothing may; leave penaltyInterest out.`;
      faults.push({ path: ['penaltyInterest'], at: 'key', message });
    }
  }
  return faults;
}

function checkNumbers({ yearlyBasisPoints, fromDay, lateFee }: Draft<PenaltyInterest>): StrategyFault[] {
  const at = ['penaltyInterest'];
  const faults = outside(fromDay, 'interestFromDay', [...at, 'fromDay']);
  if (yearlyBasisPoints === 0) {
    faults.push(wrong([...at, 'yearlyBasisPoints'], 'A rate of nothing is none; leave penaltyInterest out.'));
  }
  if (!lateFee) return faults;
  const fee = [...at, 'lateFee'];
  if (lateFee.amountMinor === 0) {
    faults.push(wrong([...fee, 'amountMinor'], 'A fee of nothing is none; leave lateFee out.'));
  }
  return [
    ...faults,
    ...outside(lateFee.onDay, 'lateFeeOnDay', [...fee, 'onDay']),
    ...outside(lateFee.everyDays, 'lateFeeEveryDays', [...fee, 'everyDays']),
    ...outside(lateFee.atMostTimes, 'lateFeeAtMostTimes', [...fee, 'atMostTimes']),
  ];
}

function checkCap({ yearlyBasisPoints, lateFee }: Draft<PenaltyInterest>, cap: RateCap, pack: string): StrategyFault[] {
  const faults: StrategyFault[] = [];
  const source = `${cap.id} of "${pack}" (${cap.citation})`;
  if (yearlyBasisPoints !== undefined && yearlyBasisPoints > cap.yearlyBasisPoints) {
    const message = `${yearlyBasisPoints / 100} % a year is above the ${cap.yearlyBasisPoints / 100} % of ${source}.`;
    faults.push(wrong(['penaltyInterest', 'yearlyBasisPoints'], message));
  }
  if (lateFee && cap.includesFees) {
    const message = `Fees count toward the cap of ${source}, and a fixed fee may be any rate; leave lateFee out.`;
    faults.push({ path: ['penaltyInterest', 'lateFee'], at: 'key', message });
  }
  return faults;
}
