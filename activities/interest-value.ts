import { INTEREST_BASES, type LateFee, type PenaltyInterest } from '../domain/accrual.ts';
import type { Draft, StrategyFault } from '../domain/strategy-fault.ts';
import { readAmount } from './money-value.ts';
import { readBasisPoints } from './percent-value.ts';
import type { PolicyValue } from './policy-value.ts';

const INTEREST_FIELDS = { yearlyPercent: '15', on: 'principal', fromDay: '1' };
const INTEREST_OPTIONS = { lateFee: '{ amount: TWD 300.00, onDay: 3, atMostTimes: 3 }' };
const FEE_FIELDS = { amount: 'TWD 300.00', onDay: '3', atMostTimes: '3' };
const FEE_OPTIONS = { everyDays: '30' };

/** About a month, which is how often late fees are charged where they are. */
const FEE_EVERY_DAYS = 30;

/** Reads what being overdue costs. */
export function readPenaltyInterest(value: PolicyValue, currency: string | undefined): Draft<PenaltyInterest> {
  const fields = value.fields('the section on penalty interest', INTEREST_FIELDS, INTEREST_OPTIONS);
  return {
    yearlyBasisPoints: readBasisPoints(fields.yearlyPercent),
    on: fields.on.oneOf('a base of interest', INTEREST_BASES),
    fromDay: fields.fromDay.integer(),
    ...(fields.lateFee.isGiven && { lateFee: readLateFee(fields.lateFee, currency) }),
  };
}

function readLateFee(value: PolicyValue, currency: string | undefined): Draft<LateFee> {
  const fields = value.fields('a late fee', FEE_FIELDS, FEE_OPTIONS);
  return {
    amountMinor: readAmount(fields.amount, currency),
    onDay: fields.onDay.integer(),
    everyDays: fields.everyDays.isGiven ? fields.everyDays.integer() : FEE_EVERY_DAYS,
    atMostTimes: fields.atMostTimes.integer(),
  };
}

/** What the file calls the parts of `PenaltyInterest` that it names otherwise. */
const PLACES: Readonly<Record<string | number, string>> = { yearlyBasisPoints: 'yearlyPercent', amountMinor: 'amount' };

/** Where the file says what stands at a path of `Strategy.penaltyInterest`. */
export function placeOfInterest(path: StrategyFault['path']): StrategyFault['path'] {
  return path.map((segment) => PLACES[segment] ?? segment);
}
