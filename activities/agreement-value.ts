import { AGREEMENT_KINDS, type AgreementKind } from '../domain/agreement.ts';
import {
  type AgreementLimits,
  type AgreementNotice,
  type AgreementPolicy,
  CAUTIOUS_AGREEMENTS,
} from '../domain/agreement-policy.ts';
import { CHANNELS, type Strategy } from '../domain/strategy.ts';
import type { Draft, StrategyFault } from '../domain/strategy-fault.ts';
import { readAmount } from './money-value.ts';
import { readByRole, readHardship } from './wider-limits-value.ts';
import type { PolicyValue } from './policy-value.ts';

const NAMES: Readonly<Record<AgreementKind, string>> = {
  promise: 'a promise',
  plan: 'a plan',
  settlement: 'a settlement',
};

// Every key of every kind, with an example that messages show. A promise is one amount by one day.
const KIND_OPTIONS = {
  atMost: '3',
  longestDays: '14',
  graceDays: '1',
  tolerance: 'TWD 1.00',
  freezesInterest: 'true',
  remind: '{ daysBefore: 1, at: 10:00, channel: sms, template: promise-reminder }',
  broken: '{ channel: sms, template: promise-broken }',
  byRole: '{ supervisor: { longestDays: 365 } }',
};
const INSTALMENT_OPTIONS = { ...KIND_OPTIONS, mostInstalments: '6', smallestInstalment: 'TWD 500.00' };
const PLAN_OPTIONS = { ...INSTALMENT_OPTIONS, downPaymentPercent: '20' };
const SETTLEMENT_OPTIONS = { ...INSTALMENT_OPTIONS, discountPercent: '10' };
const NOTICE_FIELDS = { channel: 'sms', template: 'promise-broken' };
const NOTICE_OPTIONS = { fallback: '[email]' };
const REMIND_FIELDS = { daysBefore: '1', at: '10:00', channel: 'sms', template: 'promise-reminder' };

/** Reads what may be agreed on. A kind that is not named, and a key that is left out, takes its cautious limit. */
export function readAgreements(
  value: PolicyValue,
  currency: string | undefined,
): Draft<NonNullable<Strategy['agreements']>> {
  const examples = { promise: '{ atMost: 3 }', plan: '{ atMost: 2 }', settlement: '{ atMost: 1 }' };
  const fields = value.fields('the section on agreements', {}, { ...examples, hardship: '{ plan: { ... } }' });
  const byKind = AGREEMENT_KINDS.map((kind) => [kind, readLimits(fields[kind], kind, currency)] as const);
  const limits = Object.fromEntries(byKind) as Draft<AgreementPolicy>;
  return fields.hardship.isGiven ? { ...limits, hardship: readHardship(fields.hardship, currency) } : limits;
}

function readLimits(value: PolicyValue, kind: AgreementKind, currency: string | undefined): Draft<AgreementLimits> {
  const cautious = CAUTIOUS_AGREEMENTS[kind];
  if (!value.isGiven) return cautious;
  const fields = fieldsOf(value, kind);
  const { remind, broken } = fields;
  const whole = (given: PolicyValue | undefined, otherwise: number) => (given?.isGiven ? given.integer() : otherwise);
  const amount = (given: PolicyValue | undefined, otherwise: number) =>
    given?.isGiven ? readAmount(given, currency) : otherwise;
  return {
    atMost: whole(fields.atMost, cautious.atMost),
    longestDays: whole(fields.longestDays, cautious.longestDays),
    mostInstalments: whole(fields.mostInstalments, cautious.mostInstalments),
    smallestInstalmentMinor: amount(fields.smallestInstalment, cautious.smallestInstalmentMinor),
    graceDays: whole(fields.graceDays, cautious.graceDays),
    toleranceMinor: amount(fields.tolerance, cautious.toleranceMinor),
    discountPercent: whole(fields.discountPercent, cautious.discountPercent),
    freezesInterest: fields.freezesInterest.isGiven ? fields.freezesInterest.flag() : cautious.freezesInterest,
    ...(remind.isGiven
      ? readReminder(remind)
      : { remindDaysBefore: null, remindTime: cautious.remindTime, reminder: null }),
    ...(fields.downPaymentPercent?.isGiven && { downPaymentPercent: fields.downPaymentPercent.integer() }),
    ...(fields.byRole.isGiven && { byRole: readByRole(fields.byRole, kind, currency) }),
    broken: broken.isGiven ? readNotice(broken.fields('the message', NOTICE_FIELDS, NOTICE_OPTIONS)) : null,
  };
}

type LimitFields = Readonly<Record<keyof typeof KIND_OPTIONS, PolicyValue>> &
  Readonly<Partial<Record<keyof typeof SETTLEMENT_OPTIONS | keyof typeof PLAN_OPTIONS, PolicyValue>>>;

function fieldsOf(value: PolicyValue, kind: AgreementKind): LimitFields {
  if (kind === 'promise') return value.fields(NAMES[kind], {}, KIND_OPTIONS);
  if (kind === 'plan') return value.fields(NAMES[kind], {}, PLAN_OPTIONS);
  return value.fields(NAMES[kind], {}, SETTLEMENT_OPTIONS);
}

function readReminder(value: PolicyValue) {
  const { daysBefore, at, ...notice } = value.fields('the reminder', REMIND_FIELDS, NOTICE_OPTIONS);
  return { remindDaysBefore: daysBefore.integer(), remindTime: at.time(), reminder: readNotice(notice) };
}

function readNotice({
  channel,
  template,
  fallback,
}: Readonly<Record<'channel' | 'template' | 'fallback', PolicyValue>>): Draft<AgreementNotice> {
  const others = fallback.items('email')?.map((each) => each.oneOf('a channel', CHANNELS)) ?? [];
  return {
    channel: channel.oneOf('a channel', CHANNELS),
    ...(others.length > 0 && { fallback: others }),
    template: template.text(),
  };
}

/** What the file calls the parts of `AgreementLimits` that it names otherwise. */
const PLACES: Readonly<Record<string | number, readonly string[]>> = {
  smallestInstalmentMinor: ['smallestInstalment'],
  toleranceMinor: ['tolerance'],
  remindDaysBefore: ['remind', 'daysBefore'],
  remindTime: ['remind', 'at'],
  reminder: ['remind'],
};

/** Where the file says what stands at a path of `Strategy.agreements`. */
export function placeOfAgreement(path: StrategyFault['path']): StrategyFault['path'] {
  return path.flatMap((segment) => PLACES[segment] ?? segment);
}
