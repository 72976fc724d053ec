import { type StrategyFault, wrong } from './strategy-fault.ts';

/** Bounds, both inclusive. Outside them a number is more likely a slip than a wish. */
export const STRATEGY_LIMITS = {
  version: [1, 9_999],
  tiers: [1, 10],
  steps: [1, 100],
  day: [-60, 730],
  validDays: [0, 60],
  waitDays: [0, 365],
  cooldownDays: [1, 60],
  perDebtorPerDay: [1, 10],
  spreadMinutes: [0, 720],
  agreementsAtMost: [0, 10],
  agreementLongestDays: [1, 1_826],
  agreementMostInstalments: [1, 60],
  agreementGraceDays: [0, 30],
  agreementDiscountPercent: [0, 90],
  agreementDownPaymentPercent: [0, 90],
  agreementRemindDaysBefore: [0, 30],
  interestFromDay: [1, 90],
  lateFeeOnDay: [1, 365],
  lateFeeEveryDays: [1, 365],
  lateFeeAtMostTimes: [1, 12],
} as const;

/** The fault of a number out of its bounds; none for a number that could not be read. @param counted what it counts. */
export function outside(
  value: number | undefined,
  name: keyof typeof STRATEGY_LIMITS,
  path: StrategyFault['path'],
  counted?: string,
): StrategyFault[] {
  const [least, most] = STRATEGY_LIMITS[name];
  if (value === undefined || (value >= least && value <= most)) return [];
  const subject = counted === undefined ? `${value} is` : `${value} ${counted} are`;
  return [wrong(path, `${subject} outside of ${least} to ${most}.`)];
}
