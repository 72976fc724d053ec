import type { AgreementLimits, WiderLimits } from './agreement-policy.ts';
import { type Draft, type StrategyFault, wrong } from './strategy-fault.ts';
import { outside } from './strategy-limits.ts';

/** Faults of limits that stand on top of others: out of bounds, or narrower than those, so that they would never count. */
export function checkWider(
  wider: Draft<WiderLimits> | undefined,
  limits: Draft<AgreementLimits> | undefined,
  at: StrategyFault['path'],
): StrategyFault[] {
  if (!wider) return [];
  return [
    ...outside(wider.atMost, 'agreementsAtMost', [...at, 'atMost']),
    ...outside(wider.longestDays, 'agreementLongestDays', [...at, 'longestDays']),
    ...outside(wider.mostInstalments, 'agreementMostInstalments', [...at, 'mostInstalments']),
    ...outside(wider.discountPercent, 'agreementDiscountPercent', [...at, 'discountPercent']),
    ...outside(wider.downPaymentPercent, 'agreementDownPaymentPercent', [...at, 'downPaymentPercent']),
    ...(['atMost', 'longestDays', 'mostInstalments', 'discountPercent'] as const).flatMap((name) =>
      narrower(wider[name], limits?.[name], [...at, name]),
    ),
    ...checkSmallest(wider, limits, at),
    ...checkDownPayment(wider, limits, at),
    ...checkFreeze(wider, limits, at),
  ];
}

function narrower(
  value: number | undefined,
  otherwise: number | undefined,
  path: StrategyFault['path'],
): StrategyFault[] {
  if (value === undefined || otherwise === undefined || value >= otherwise) return [];
  return [wrong(path, `${value} is less than the ${otherwise} that is permitted anyway; leave it out or raise it.`)];
}

/** Like `tolerance`, which holds here too: an instalment that is not larger would pass unpaid. */
function checkSmallest(
  { smallestInstalmentMinor: smallest }: Draft<WiderLimits>,
  limits: Draft<AgreementLimits> | undefined,
  at: StrategyFault['path'],
): StrategyFault[] {
  const path = [...at, 'smallestInstalmentMinor'];
  if (smallest === undefined) return [];
  if (smallest === 0) return [wrong(path, 'An instalment of nothing is none; write what one is at least.')];
  if (limits?.smallestInstalmentMinor !== undefined && smallest > limits.smallestInstalmentMinor) {
    return [
      wrong(path, 'This is more than the smallest instalment that is permitted anyway; leave it out or lower it.'),
    ];
  }
  if (limits?.toleranceMinor !== undefined && smallest <= limits.toleranceMinor) {
    return [
      wrong(path, 'The tolerance would let an instalment of this amount pass unpaid; keep it above the tolerance.'),
    ];
  }
  return [];
}

function checkDownPayment(
  { downPaymentPercent: percent }: Draft<WiderLimits>,
  limits: Draft<AgreementLimits> | undefined,
  at: StrategyFault['path'],
): StrategyFault[] {
  const otherwise = limits?.downPaymentPercent ?? 0;
  if (percent === undefined || percent <= otherwise) return [];
  const message = `${percent} is more than the ${otherwise} that is asked for anyway; leave it out or lower it.`;
  return [wrong([...at, 'downPaymentPercent'], message)];
}

function checkFreeze(
  { freezesInterest }: Draft<WiderLimits>,
  limits: Draft<AgreementLimits> | undefined,
  at: StrategyFault['path'],
): StrategyFault[] {
  if (freezesInterest !== false || limits?.freezesInterest !== true) return [];
  return [wrong([...at, 'freezesInterest'], 'Interest is frozen anyway; leave it out.')];
}
