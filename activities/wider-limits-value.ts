import { HARDSHIP_KINDS, type HardshipKind, type WiderLimits } from '../domain/agreement-policy.ts';
import type { Draft } from '../domain/strategy-fault.ts';
import { readAmount } from './money-value.ts';
import type { PolicyValue } from './policy-value.ts';

const PLAN_OPTIONS = {
  atMost: '3',
  longestDays: '365',
  mostInstalments: '12',
  smallestInstalment: 'TWD 200.00',
  freezesInterest: 'true',
};
const SETTLEMENT_OPTIONS = { ...PLAN_OPTIONS, discountPercent: '30' };

/** Reads what may be agreed on beyond the limits while a debtor is in hardship. */
export function readHardship(
  value: PolicyValue,
  currency: string | undefined,
): Draft<Readonly<Partial<Record<HardshipKind, WiderLimits>>>> {
  const examples = { plan: '{ longestDays: 365 }', settlement: '{ discountPercent: 30 }' };
  const fields = value.fields('the section on hardship', {}, examples);
  return Object.fromEntries(
    HARDSHIP_KINDS.filter((kind) => fields[kind].isGiven).map((kind) => [
      kind,
      readWider(fieldsOf(fields[kind], kind), currency),
    ]),
  );
}

type WiderFields = Readonly<Partial<Record<keyof typeof SETTLEMENT_OPTIONS, PolicyValue>>>;

function fieldsOf(value: PolicyValue, kind: HardshipKind): WiderFields {
  if (kind === 'plan') return value.fields('wider limits of a plan', {}, PLAN_OPTIONS);
  return value.fields('wider limits of a settlement', {}, SETTLEMENT_OPTIONS);
}

/** What is left out stays as it is: it is left out of the strategy too. */
function readWider(fields: WiderFields, currency: string | undefined): Draft<WiderLimits> {
  const { atMost, longestDays, mostInstalments, smallestInstalment, discountPercent, freezesInterest } = fields;
  return {
    ...(atMost?.isGiven && { atMost: atMost.integer() }),
    ...(longestDays?.isGiven && { longestDays: longestDays.integer() }),
    ...(mostInstalments?.isGiven && { mostInstalments: mostInstalments.integer() }),
    ...(smallestInstalment?.isGiven && { smallestInstalmentMinor: readAmount(smallestInstalment, currency) }),
    ...(discountPercent?.isGiven && { discountPercent: discountPercent.integer() }),
    ...(freezesInterest?.isGiven && { freezesInterest: freezesInterest.flag() }),
  };
}
