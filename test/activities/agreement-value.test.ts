import { describe, expect, test } from 'vitest';
import { parseStrategy } from '../../activities/strategy-file.ts';
import { CAUTIOUS_AGREEMENTS } from '../../domain/agreement-policy.ts';
import { DomainError } from '../../domain/errors.ts';
import type { KnownPolicy } from '../../domain/strategy-check.ts';

const known: KnownPolicy = {
  calendars: new Set(['tw']),
  rulePacks: new Set(),
  templates: new Map([
    ['promise-reminder', new Set(['sms', 'email'] as const)],
    ['promise-broken', new Set(['sms', 'email'] as const)],
  ]),
  rateCapOf: () => null,
  agreementTemplates: new Set(['promise-reminder', 'promise-broken']),
  lacking: () => [],
};

const HEAD = `id: s
version: 1
currency: TWD
calendar: tw
window: { from: 09:00, to: 20:00, restDays: [], restOnHolidays: false }
perDebtorPerDay: { sms: 1, email: 1, push: 1 }
allocation: [penalty, interest, principal, fees]
tiers: [{ id: all }]
steps: [{ id: r, stage: s, do: task, task: review, day: 30, sendAt: 10:00, waitDays: 0 }]
agreements:
`;

const PROMISE = `  promise:
    atMost: 4
    longestDays: 21
    graceDays: 1
    tolerance: TWD 1.00
    freezesInterest: true
    remind: { daysBefore: 1, at: 10:30, channel: sms, fallback: [email], template: promise-reminder }
    broken: { channel: email, template: promise-broken }
`;

function agreementsOf(section: string) {
  return parseStrategy(HEAD + section, 's.yaml', known).agreements;
}

function faultsOf(section: string): string[] {
  try {
    agreementsOf(section);
    return [];
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'STRATEGY_INVALID') throw error;
    return error.message.split('\n').map((line) => line.replace('s.yaml:', ''));
  }
}

describe('The section on agreements', () => {
  test('says what may be agreed on; a kind that is not named takes its cautious limits', () => {
    expect(agreementsOf(PROMISE)).toEqual({
      ...CAUTIOUS_AGREEMENTS,
      promise: {
        atMost: 4,
        longestDays: 21,
        mostInstalments: 1,
        smallestInstalmentMinor: 1,
        graceDays: 1,
        toleranceMinor: 100,
        discountPercent: 0,
        freezesInterest: true,
        remindDaysBefore: 1,
        remindTime: '10:30',
        reminder: { channel: 'sms', fallback: ['email'], template: 'promise-reminder' },
        broken: { channel: 'email', template: 'promise-broken' },
      },
    });
  });

  test('a key that is left out takes its cautious limit too', () => {
    const plan = '  plan: { mostInstalments: 12, longestDays: 365, smallestInstalment: TWD 500 }\n';
    expect(agreementsOf(plan)?.plan).toEqual({
      ...CAUTIOUS_AGREEMENTS.plan,
      mostInstalments: 12,
      longestDays: 365,
      smallestInstalmentMinor: 500_00,
    });
    expect(agreementsOf('  settlement: { discountPercent: 30, mostInstalments: 2 }\n')?.settlement).toEqual({
      ...CAUTIOUS_AGREEMENTS.settlement,
      discountPercent: 30,
      mostInstalments: 2,
    });
  });

  test('left out, a strategy has none of its own', () => {
    const strategy = parseStrategy(HEAD.replace('agreements:\n', ''), 's.yaml', known);
    expect(strategy).not.toHaveProperty('agreements');
  });
});

// What is put for what, and what is said of it, with its place; line 10 says `agreements:`.
test.each<[title: string, from: string, to: string, faults: string[]]>([
  ['a number out of bounds', 'atMost: 4', 'atMost: 11', ['12:13: 11 is outside of 0 to 10.']],
  [
    'an amount without currency',
    'TWD 1.00',
    '1',
    ['15:16: 1 is not an amount in TWD; write it such as tolerance: TWD 1.00.'],
  ],
  [
    'a reminder after closing time',
    'at: 10:30',
    'at: 20:00',
    ['17:34: 20:00 is not within the window, from 09:00 until before 20:00.'],
  ],
  ['a reminder long before', 'daysBefore: 1', 'daysBefore: 31', ['17:27: 31 is outside of 0 to 30.']],
  [
    'a template that is not there',
    'promise-reminder',
    'promise-remindr',
    ['17:84: There is no template "promise-remindr". Did you mean "promise-reminder"?'],
  ],
  [
    'a channel without a text',
    'channel: email',
    'channel: push',
    ['18:40: Template "promise-broken" has no text for push, only for sms, email.'],
  ],
  [
    'a reminder without its day',
    'daysBefore: 1, ',
    '',
    ['17:13: The reminder lacks "daysBefore"; write it such as daysBefore: 1.'],
  ],
  [
    'a message without its channel',
    'channel: email, ',
    '',
    ['18:13: The message lacks "channel"; write it such as channel: sms.'],
  ],
  [
    'a kind that is none',
    '  promise:',
    '  promises:',
    ['11:3: "promises" is not a key of the section on agreements. Did you mean "promise"?'],
  ],
  [
    'instalments of a promise, which has one',
    'atMost: 4',
    'mostInstalments: 4',
    [
      '12:5: "mostInstalments" is not a key of a promise. Its keys: atMost, longestDays, graceDays, tolerance, freezesInterest, remind, broken, byRole.',
    ],
  ],
  [
    'several faults, all at once',
    'longestDays: 21\n    graceDays: 1',
    'longestDays: 0\n    graceDays: one',
    ['13:18: 0 is outside of 1 to 1826.', '14:16: "one" is not a whole number; write it such as graceDays: 1.'],
  ],
])('refuses %s', (_, from, to, faults) => {
  expect(PROMISE).toContain(from);
  expect(faultsOf(PROMISE.replace(from, () => to))).toEqual(faults);
});

test('refuses a tolerance that reaches the smallest instalment, at the tolerance', () => {
  expect(faultsOf('  plan: { tolerance: TWD 500.00, smallestInstalment: TWD 500.00 }\n')).toEqual([
    '11:22: A tolerance of NT$500.00 would let an instalment of NT$500.00 pass unpaid; keep it below smallestInstalment.',
  ]);
});

test('refuses a list, and a kind without keys', () => {
  expect(faultsOf('  - promise\n')).toEqual([
    '11:3: The section on agreements is written as keys with values, such as promise: { atMost: 3 }.',
  ]);
});

describe('C16: the section on hardship', () => {
  const PLAN =
    '  plan: { longestDays: 183, mostInstalments: 6, smallestInstalment: TWD 500.00, tolerance: TWD 1.00 }\n';
  const hardship = (section: string) => `${PLAN}  hardship:\n    ${section}\n`;

  test('says what is permitted beyond the limits; what is left out is left out', () => {
    const read = agreementsOf(
      `${PLAN}  hardship:\n    plan: { longestDays: 365, mostInstalments: 12, smallestInstalment: TWD 200.00, freezesInterest: true }\n    settlement: { discountPercent: 30 }\n`,
    );
    expect(read?.hardship).toEqual({
      plan: { longestDays: 365, mostInstalments: 12, smallestInstalmentMinor: 20_000, freezesInterest: true },
      settlement: { discountPercent: 30 },
    });
    expect(agreementsOf(PLAN)).not.toHaveProperty('hardship');
  });

  test.each([
    [
      'plan: { longestDays: 182 }',
      '13:26: 182 is less than the 183 that is permitted anyway; leave it out or raise it.',
    ],
    ['plan: { longestDays: 1827 }', '13:26: 1827 is outside of 1 to 1826.'],
    ['plan: { mostInstalments: 5 }', '13:30: 5 is less than the 6 that is permitted anyway; leave it out or raise it.'],
    ['plan: { smallestInstalment: TWD 500.01 }', '13:33: This is more than the smallest instalment'],
    [
      'plan: { smallestInstalment: TWD 1.00 }',
      '13:33: The tolerance would let an instalment of this amount pass unpaid',
    ],
    ['plan: { smallestInstalment: TWD 0 }', '13:33: An instalment of nothing is none'],
    ['plan: { freezesInterest: false }', '13:30: Interest is frozen anyway; leave it out.'],
    ['plan: { discountPercent: 10 }', '"discountPercent" is not a key of wider limits of a plan.'],
    ['plan: { graceDays: 10 }', '"graceDays" is not a key of wider limits of a plan.'],
    ['settlement: { discountPercent: 91 }', '13:36: 91 is outside of 0 to 90.'],
    ['promise: { atMost: 5 }', '"promise" is not a key of the section on hardship.'],
  ])('%s is refused with its place', (section, message) => {
    expect(faultsOf(hardship(section)).join('\n')).toContain(message);
  });
});

describe('limits by role, and down payments', () => {
  const PLAN = '  plan: { longestDays: 183, downPaymentPercent: 20, byRole: { supervisor: ';

  test('are read, and left out of a strategy that does not name them', () => {
    const read = agreementsOf(`${PLAN}{ longestDays: 365, downPaymentPercent: 0 } } }\n`);
    expect(read?.plan).toMatchObject({
      downPaymentPercent: 20,
      byRole: { supervisor: { longestDays: 365, downPaymentPercent: 0 } },
    });
    expect(agreementsOf('  plan: { atMost: 1 }\n')?.plan).not.toHaveProperty('byRole');
    expect(agreementsOf('  plan: { atMost: 1 }\n')?.plan).not.toHaveProperty('downPaymentPercent');
    const promise = agreementsOf('  promise: { byRole: { supervisor: { longestDays: 31 } } }\n')?.promise;
    expect(promise?.byRole).toEqual({ supervisor: { longestDays: 31 } });
  });

  test.each([
    ['plan: { downPaymentPercent: 91 }', '91 is outside of 0 to 90.'],
    ['settlement: { downPaymentPercent: 10 }', '"downPaymentPercent" is not a key of a settlement.'],
    ['plan: { byRole: { supervisor: { longestDays: 182 } } }', '182 is less than the 183 that is permitted anyway'],
    ['plan: { byRole: { supervisor: { downPaymentPercent: 1 } } }', '1 is more than the 0 that is asked for anyway'],
    ['plan: { byRole: { agent: { longestDays: 365 } } }', '"agent" is not a key of limits by role.'],
    ['promise: { byRole: { supervisor: { mostInstalments: 2 } } }', '"mostInstalments" is not a key of wider limits'],
  ])('%s is refused', (section, message) => {
    expect(faultsOf(`  ${section}\n`).join('\n')).toContain(message);
  });
});
