import { AGREEMENT_KINDS, type AgreementKind } from './agreement.ts';
import { AGREEMENT_ROLES, type AgreementLimits, HARDSHIP_KINDS } from './agreement-policy.ts';
import { formatMoney, isCurrency } from './money.ts';
import type { Strategy } from './strategy.ts';
import { checkChannels } from './strategy-channel-check.ts';
import type { KnownPolicy } from './strategy-check.ts';
import { type Draft, type StrategyFault, wrong } from './strategy-fault.ts';
import { outside } from './strategy-limits.ts';
import { checkWider } from './strategy-wider-limits-check.ts';
import { noticesIn } from './strategy-messages.ts';

/** Faults of what may be agreed on, and of the messages that speak of it. */
export function checkAgreements(strategy: Draft<Strategy>, known: KnownPolicy): StrategyFault[] {
  return [
    ...AGREEMENT_KINDS.flatMap((kind) => checkLimits(strategy, kind)),
    ...checkHardship(strategy),
    ...noticesIn(strategy).flatMap(({ notice, path }) => checkChannels(notice, path, known)),
    ...checkSteps(strategy, known),
  ];
}

function checkLimits({ agreements, window, currency }: Draft<Strategy>, kind: AgreementKind): StrategyFault[] {
  const limits = agreements?.[kind];
  if (!limits) return [];
  const at = ['agreements', kind];
  const faults = [
    ...outside(limits.atMost, 'agreementsAtMost', [...at, 'atMost']),
    ...outside(limits.longestDays, 'agreementLongestDays', [...at, 'longestDays']),
    ...outside(limits.mostInstalments, 'agreementMostInstalments', [...at, 'mostInstalments']),
    ...outside(limits.graceDays, 'agreementGraceDays', [...at, 'graceDays']),
    ...outside(limits.discountPercent, 'agreementDiscountPercent', [...at, 'discountPercent']),
    ...outside(limits.downPaymentPercent, 'agreementDownPaymentPercent', [...at, 'downPaymentPercent']),
    ...AGREEMENT_ROLES.flatMap((role) => checkWider(limits.byRole?.[role], limits, [...at, 'byRole', role])),
    ...outside(limits.remindDaysBefore ?? undefined, 'agreementRemindDaysBefore', [...at, 'remindDaysBefore']),
    ...checkTolerance(limits, currency, at),
  ];
  const { from, to } = window ?? {};
  const time = limits.remindTime;
  if (limits.reminder && time !== undefined && from !== undefined && to !== undefined && (time < from || time >= to)) {
    const message = `${time} is not within the window, from ${from} until before ${to}.`;
    faults.push(wrong([...at, 'remindTime'], message));
  }
  return faults;
}

function checkHardship({ agreements }: Draft<Strategy>): StrategyFault[] {
  return HARDSHIP_KINDS.flatMap((kind) =>
    checkWider(agreements?.hardship?.[kind], agreements?.[kind], ['agreements', 'hardship', kind]),
  );
}

/** A tolerance that reaches an instalment would let it pass unpaid. */
function checkTolerance(
  { mostInstalments = 1, smallestInstalmentMinor, toleranceMinor }: Draft<AgreementLimits>,
  currency: string | undefined,
  at: StrategyFault['path'],
): StrategyFault[] {
  if (smallestInstalmentMinor === 0) {
    return [wrong([...at, 'smallestInstalmentMinor'], 'An instalment of nothing is none; write what one is at least.')];
  }
  if (mostInstalments <= 1 || smallestInstalmentMinor === undefined || toleranceMinor === undefined) return [];
  if (toleranceMinor < smallestInstalmentMinor || currency === undefined || !isCurrency(currency)) return [];
  const amount = (amountMinor: number) => formatMoney({ amountMinor, currency });
  const message = `A tolerance of ${amount(toleranceMinor)} would let an instalment of ${amount(smallestInstalmentMinor)} pass unpaid; keep it below smallestInstalment.`;
  return [wrong([...at, 'toleranceMinor'], message)];
}

/** A step sends its message whether or not anything is agreed, so it cannot say what is. */
function checkSteps({ steps = [] }: Draft<Strategy>, { agreementTemplates }: KnownPolicy): StrategyFault[] {
  return steps.flatMap((step, index) => {
    if (step.do !== 'contact' || step.template === undefined || !agreementTemplates.has(step.template)) return [];
    const message = `Template "${step.template}" says what is agreed, so only reminders and broken agreements may send it; name it under agreements.`;
    return [wrong(['steps', index, 'template'], message)];
  });
}
