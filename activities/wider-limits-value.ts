import type { AgreementKind } from '../domain/agreement.ts';
import {
  type AgreementLimits,
  HARDSHIP_KINDS,
  type HardshipKind,
  type WiderLimits,
} from '../domain/agreement-policy.ts';
import type { Draft } from '../domain/strategy-fault.ts';
import { readAmount } from './money-value.ts';
import type { PolicyValue } from './policy-value.ts';

const PROMISE_OPTIONS = { atMost: '3', longestDays: '365', freezesInterest: 'true' };
const INSTALMENT_OPTIONS = { ...PROMISE_OPTIONS, mostInstalments: '12', smallestInstalment: 'TWD 200.00' };
const PLAN_OPTIONS = { ...INSTALMENT_OPTIONS, downPaymentPercent: '10' };
const SETTLEMENT_OPTIONS = { ...INSTALMENT_OPTIONS, discountPercent: '30' };

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

/** Reads what a role may agree on beyond the limits of a kind. The limits are an agent's, so that role has none here. */
export function readByRole(
  value: PolicyValue,
  kind: AgreementKind,
  currency: string | undefined,
): Draft<NonNullable<AgreementLimits['byRole']>> {
  const { supervisor } = value.fields('limits by role', {}, { supervisor: '{ longestDays: 365 }' });
  return supervisor.isGiven ? { supervisor: readWider(fieldsOf(supervisor, kind), currency) } : {};
}

type WiderFields = Readonly<Partial<Record<keyof typeof SETTLEMENT_OPTIONS | keyof typeof PLAN_OPTIONS, PolicyValue>>>;

function fieldsOf(value: PolicyValue, kind: AgreementKind): WiderFields {
  if (kind === 'promise') return value.fields('wider limits of a promise', {}, PROMISE_OPTIONS);
  if (kind === 'plan') return value.fields('wider limits of a plan', {}, PLAN_OPTIONS);
  return value.fields('wider limits of a settlement', {}, SETTLEMENT_OPTIONS);
}

/** What is left out stays as it is: it is left out of the strategy too. */
function readWider(fields: WiderFields, currency: string | undefined): Draft<WiderLimits> {
  const { atMost, longestDays, mostInstalments, smallestInstalment } = fields;
  const { discountPercent, downPaymentPercent, freezesInterest } = fields;
  return {
    ...(atMost?.isGiven && { atMost: atMost.integer() }),
    ...(longestDays?.isGiven && { longestDays: longestDays.integer() }),
    ...(mostInstalments?.isGiven && { mostInstalments: mostInstalments.integer() }),
    ...(smallestInstalment?.isGiven && { smallestInstalmentMinor: readAmount(smallestInstalment, currency) }),
    ...(discountPercent?.isGiven && { discountPercent: discountPercent.integer() }),
    ...(downPaymentPercent?.isGiven && { downPaymentPercent: downPaymentPercent.integer() }),
    ...(freezesInterest?.isGiven && { freezesInterest: freezesInterest.flag() }),
  };
}
