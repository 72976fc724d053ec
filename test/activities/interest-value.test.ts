import { expect, test } from 'vitest';
import { loadStrategy, parseStrategy } from '../../activities/strategy-file.ts';
import { DomainError } from '../../domain/errors.ts';
import type { KnownPolicy } from '../../domain/strategy-check.ts';
import { channelsOf } from '../../domain/strategy.ts';

const known: KnownPolicy = {
  calendars: new Set(['tw']),
  rulePacks: new Set(['tw-consumer', 'us-regf']),
  rateCapOf: (pack) =>
    pack === 'tw-consumer'
      ? {
          kind: 'rateCap',
          id: 'TW1',
          title: 'At most 16 %',
          citation: 'Civil Code',
          verified: 'V',
          yearlyBasisPoints: 1600,
          includesFees: false,
        }
      : null,
  templates: new Map(),
  agreementTemplates: new Set(),
  lacking: () => [],
};

const TEXT = `id: s
version: 1
currency: TWD
calendar: tw
rulePacks: [tw-consumer]
window: { from: 09:00, to: 20:00, restDays: [], restOnHolidays: false }
perDebtorPerDay: { sms: 1 }
allocation: [penalty, interest, principal, fees]
tiers: [{ id: all }]
steps: [{ id: r, stage: s, do: task, task: review, day: 30, sendAt: 10:00, waitDays: 0 }]
penaltyInterest:
  yearlyPercent: 14.75
  on: principalAndInterest
  fromDay: 4
  lateFee: { amount: TWD 300.00, onDay: 3, atMostTimes: 3 }
`;

function faultsOf(text: string): string[] {
  try {
    parseStrategy(text, 's.yaml', known);
    return [];
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'STRATEGY_INVALID') throw error;
    return error.message.split('\n').map((line) => line.replace('s.yaml:', ''));
  }
}

test('What being overdue costs is read exactly; a late fee comes every 30 days unless it says otherwise', () => {
  expect(parseStrategy(TEXT, 's.yaml', known).penaltyInterest).toEqual({
    yearlyBasisPoints: 1475,
    on: 'principalAndInterest',
    fromDay: 4,
    lateFee: { amountMinor: 300_00, onDay: 3, everyDays: 30, atMostTimes: 3 },
  });
  const monthly = TEXT.replace('onDay: 3,', 'onDay: 3, everyDays: 31,');
  expect(parseStrategy(monthly, 's.yaml', known).penaltyInterest?.lateFee?.everyDays).toBe(31);
  const [withoutInterest = ''] = TEXT.split('penaltyInterest:');
  expect(parseStrategy(withoutInterest, 's.yaml', known)).not.toHaveProperty('penaltyInterest');
});

test.each<[title: string, from: string, to: string, faults: string[]]>([
  [
    'a rate above the cap',
    '14.75',
    '16.01',
    ['12:18: 16.01 % a year is above the 16 % of TW1 of "tw-consumer" (Civil Code).'],
  ],
  [
    'a rate of three decimals',
    '14.75',
    '14.755',
    ['12:18: 14.755 is not a percentage with at most two decimals; write it such as yearlyPercent: 15.'],
  ],
  [
    'a rate in words',
    '14.75',
    'fifteen',
    ['12:18: "fifteen" is not a percentage with at most two decimals; write it such as yearlyPercent: 15.'],
  ],
  [
    'a base that is none',
    'principalAndInterest',
    'overdue',
    ['13:7: "overdue" is not a base of interest. Choices: principal, principalAndInterest.'],
  ],
  ['a first day of none', 'fromDay: 4', 'fromDay: 0', ['14:12: 0 is outside of 1 to 90.']],
  [
    'a section without its base',
    '  on: principalAndInterest\n',
    '',
    ['12:3: The section on penalty interest lacks "on"; write it such as on: principal.'],
  ],
  [
    'a fee in another currency',
    'TWD 300.00',
    'USD 300.00',
    ['15:22: "USD 300.00" is not an amount in TWD; write it such as amount: TWD 300.00.'],
  ],
  ['a fee of nothing', 'TWD 300.00', 'TWD 0', ['15:22: A fee of nothing is none; leave lateFee out.']],
  [
    'a fee without a most',
    ', atMostTimes: 3',
    '',
    ['15:12: A late fee lacks "atMostTimes"; write it such as atMostTimes: 3.'],
  ],
  [
    'a rule pack that says nothing of it, at the section',
    '[tw-consumer]',
    '[us-regf]',
    ['11:1: Rule pack "us-regf" does not say how much may accrue, so nothing may; leave penaltyInterest out.'],
  ],
])('refuses %s', (_, from, to, faults) => {
  expect(TEXT).toContain(from);
  expect(faultsOf(TEXT.replace(from, () => to))).toEqual(faults);
});

test('The shipped strategy for secured loans shows it: within the cap, with fallbacks and agreements', () => {
  const { strategy } = loadStrategy('policy/strategies/secured-instalment.yaml');
  expect(strategy.rulePacks).toEqual(['tw-consumer']);
  expect(strategy.penaltyInterest).toMatchObject({ yearlyBasisPoints: 1460, on: 'principal', fromDay: 4 });
  expect(strategy.allocation[0]).toBe('principal');
  const first = strategy.steps.find(({ id }) => id === 'overdue-first');
  expect(first?.do === 'contact' ? channelsOf(first) : []).toEqual(['sms', 'email']);
  expect(strategy.agreements?.settlement.atMost).toBe(0);
  expect(loadStrategy('policy/strategies/unsecured-consumer.yaml').strategy).not.toHaveProperty('penaltyInterest');
});
