import { describe, expect, test } from 'vitest';
import type { AgreementKind } from '../../domain/agreement.ts';
import {
  type AgreementLimits,
  type AgreementNotice,
  type AgreementPolicy,
  CAUTIOUS_AGREEMENTS,
} from '../../domain/agreement-policy.ts';
import type { Channel } from '../../domain/strategy.ts';
import { type KnownPolicy, checkStrategy } from '../../domain/strategy-check.ts';
import type { Lack } from '../../domain/strategy-disclosure-check.ts';
import { channelsInUse } from '../../domain/strategy-messages.ts';
import { contact, strategy } from '../support/strategy.ts';

const known: KnownPolicy = {
  calendars: new Set(['test']),
  rulePacks: new Set(['cn-consumer']),
  templates: new Map<string, ReadonlySet<Channel>>([
    ['overdue-first', new Set(['sms'])],
    ['promise-reminder', new Set(['sms', 'email'])],
    ['promise-broken', new Set(['sms', 'email'])],
  ]),
  rateCapOf: () => null,
  agreementTemplates: new Set(['promise-reminder', 'promise-broken']),
  lacking: () => [],
};

const REMINDER: AgreementNotice = { channel: 'sms', template: 'promise-reminder' };
const BROKEN: AgreementNotice = { channel: 'sms', template: 'promise-broken' };

function agreements(kind: AgreementKind, change: Partial<AgreementLimits>): AgreementPolicy {
  return { ...CAUTIOUS_AGREEMENTS, [kind]: { ...CAUTIOUS_AGREEMENTS[kind], ...change } };
}

/** `path: message` of every fault of a plan that is cautious but for a change. */
function faultsOfPlan(change: Partial<AgreementLimits>, policy: KnownPolicy = known): string[] {
  const faults = checkStrategy(strategy({ agreements: agreements('plan', change) }), policy);
  return faults.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

test('The cautious limits have no fault', () => {
  expect(checkStrategy(strategy({ agreements: CAUTIOUS_AGREEMENTS }), known)).toEqual([]);
});

describe('bounds: the last good number and the first bad one', () => {
  test.each([
    ['atMost', 0, 10],
    ['longestDays', 1, 1_826],
    ['mostInstalments', 1, 60],
    ['graceDays', 0, 30],
    ['discountPercent', 0, 90],
    ['remindDaysBefore', 0, 30],
  ] as const)('%s lies within %i to %i', (key, least, most) => {
    expect(faultsOfPlan({ [key]: least })).toEqual([]);
    expect(faultsOfPlan({ [key]: most })).toEqual([]);
    const fault = (value: number) => `agreements.plan.${key}: ${value} is outside of ${least} to ${most}.`;
    expect(faultsOfPlan({ [key]: least - 1 })).toEqual([fault(least - 1)]);
    expect(faultsOfPlan({ [key]: most + 1 })).toEqual([fault(most + 1)]);
  });

  test('a tolerance stays below the smallest instalment', () => {
    const withTolerance = (toleranceMinor: number) => faultsOfPlan({ smallestInstalmentMinor: 500_00, toleranceMinor });
    expect(withTolerance(499_99)).toEqual([]);
    expect(withTolerance(500_00)).toEqual([
      'agreements.plan.toleranceMinor: A tolerance of NT$500.00 would let an instalment of NT$500.00 pass unpaid; keep it below smallestInstalment.',
    ]);
    expect(faultsOfPlan({ mostInstalments: 1, toleranceMinor: 500_00 })).toEqual([]);
  });

  test('an instalment is of something', () => {
    expect(faultsOfPlan({ smallestInstalmentMinor: 0 })).toEqual([
      'agreements.plan.smallestInstalmentMinor: An instalment of nothing is none; write what one is at least.',
    ]);
  });

  test('a reminder goes out within the window', () => {
    const remindedAt = (remindTime: string) => faultsOfPlan({ reminder: REMINDER, remindDaysBefore: 1, remindTime });
    expect(remindedAt('09:00')).toEqual([]);
    expect(remindedAt('19:59')).toEqual([]);
    const outside = (time: string) =>
      `agreements.plan.remindTime: ${time} is not within the window, from 09:00 until before 20:00.`;
    expect(remindedAt('08:59')).toEqual([outside('08:59')]);
    expect(remindedAt('20:00')).toEqual([outside('20:00')]);
  });
});

describe('messages about agreements', () => {
  test('have a text for each channel, first or fallback', () => {
    const broken = { ...BROKEN, channel: 'push', fallback: ['email', 'voice', 'email'] } as const;
    expect(faultsOfPlan({ broken })).toEqual([
      'agreements.plan.broken.template: Template "promise-broken" has no text for push, only for sms, email.',
      'agreements.plan.broken.fallback.1: Template "promise-broken" has no text for voice, only for sms, email.',
      'agreements.plan.broken.fallback.2: "email" is named twice; one try is enough.',
    ]);
    expect(faultsOfPlan({ reminder: { ...REMINDER, template: 'promise-remind' } })).toEqual([
      'agreements.plan.reminder.template: There is no template "promise-remind". Did you mean "promise-reminder"?',
    ]);
  });

  test('need a limit a day for each channel they use, as steps do', () => {
    const policy = agreements('promise', { broken: { ...BROKEN, fallback: ['email'] } });
    const perDebtorPerDay = { sms: 0, email: 0, push: 0, voice: 0 };
    const faults = checkStrategy(strategy({ agreements: policy, perDebtorPerDay }), known);
    expect(faults.map(({ message }) => message)).toEqual([
      'Steps use sms, so it needs a limit; write sms: 1.',
      'Messages about agreements use email, so it needs a limit; write email: 1.',
    ]);
    expect(channelsInUse(strategy({ agreements: policy }))).toEqual(['sms', 'email']);
  });

  test('say what the rule packs demand, of a first message and of a later one', () => {
    const asked: boolean[] = [];
    const lacking: KnownPolicy['lacking'] = ({ template, isFirst }): readonly Lack[] => {
      if (template !== 'promise-broken') return [];
      asked.push(isFirst);
      return [{ id: 'hotline', language: 'en', form: 'plain', message: 'The text does not say {{ hotline }}.' }];
    };
    const given = strategy({ rulePacks: ['cn-consumer'], agreements: agreements('promise', { broken: BROKEN }) });
    const faults = checkStrategy(given, { ...known, lacking });
    expect(faults.map(({ path, message }) => [path.slice(0, 4).join('.'), message])).toEqual([
      [
        'agreements.promise.broken.template',
        'Template "promise-broken", sms text in en, by cn-consumer: The text does not say {{ hotline }}.',
      ],
    ]);
    expect(asked).toEqual([true, false]);
  });

  test('are not sent by a step, which would send them with nothing agreed', () => {
    const [, review] = strategy().steps;
    const steps = [contact({ template: 'promise-broken' }), ...(review ? [review] : [])];
    expect(checkStrategy(strategy({ steps }), known).map(({ path, message }) => [path.join('.'), message])).toEqual([
      [
        'steps.0.template',
        'Template "promise-broken" says what is agreed, so only reminders and broken agreements may send it; name it under agreements.',
      ],
    ]);
  });
});
