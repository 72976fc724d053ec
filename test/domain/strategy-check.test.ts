import { describe, expect, test } from 'vitest';
import type { Channel, ContactStep, Step, Strategy, TaskStep, Tier } from '../../domain/strategy.ts';
import { type KnownPolicy, checkStrategy } from '../../domain/strategy-check.ts';
import { STRATEGY_LIMITS } from '../../domain/strategy-limits.ts';

const known: KnownPolicy = {
  calendars: new Set(['tw', 'cn']),
  rulePacks: new Set(['cn-consumer']),
  templates: new Map<string, ReadonlySet<Channel>>([
    ['overdue-first', new Set(['sms'])],
    ['overdue-bill', new Set(['email', 'push'])],
    ['anywhere', new Set(['sms', 'email', 'push'])],
    ['promise-reminder', new Set(['sms', 'email'])],
    ['promise-broken', new Set(['sms', 'email'])],
  ]),
  rateCapOf: () => null,
  agreementTemplates: new Set(['promise-reminder', 'promise-broken']),
  lacking: () => [],
};

function contact(change: Partial<ContactStep> = {}): ContactStep {
  return {
    id: 'first',
    stage: 'early',
    do: 'contact',
    channel: 'sms',
    template: 'overdue-first',
    day: { small: 3, large: 1 },
    sendAt: '10:00',
    validDays: 3,
    catchUp: false,
    ...change,
  };
}

function task(change: Partial<TaskStep> = {}): TaskStep {
  return {
    id: 'review',
    stage: 'late',
    do: 'task',
    task: 'review',
    day: { small: 90, large: 120 },
    sendAt: '09:30',
    waitDays: 0,
    catchUp: false,
    ...change,
  };
}

function strategy(change: Partial<Strategy> = {}): Strategy {
  return {
    id: 'plain',
    version: 1,
    currency: 'TWD',
    calendar: 'tw',
    rulePacks: [],
    window: { from: '09:00', to: '20:00', restDays: ['sun'], restOnHolidays: true },
    perDebtorPerDay: { sms: 1, email: 1, push: 1, voice: 1 },
    spreadMinutes: 0,
    allocation: ['penalty', 'interest', 'principal', 'fees'],
    tiers: [{ id: 'small', overdueAmountBelowMinor: 300_000 }, { id: 'large' }],
    steps: [contact(), task()],
    ...change,
  };
}

/** `path (key): message` of every fault. */
function faultsOf(change: Partial<Strategy> = {}): string[] {
  return checkStrategy(strategy(change), known).map(
    ({ path, at, message }) => `${path.join('.')}${at === 'key' ? ' (key)' : ''}: ${message}`,
  );
}

/** Faults of the two basic steps and one between them. */
function faultsWith(step: Step): string[] {
  return faultsOf({ steps: [contact(), step, task()] });
}

// Faults of strategies that differ in one thing.
const second = (change: Partial<ContactStep>) => faultsWith(contact({ id: 'second', day: { small: 9 }, ...change }));
const early = (day: number) => second({ day: { small: day }, validDays: 1 });
const late = (day: number) => faultsOf({ steps: [contact(), task({ day: { small: 90, large: day } })] });
const reminder = (validDays: number) => second({ day: { small: -3, large: -5 }, validDays });
const sentAt = (sendAt: string) => second({ sendAt });
const openFor = (from: string, to: string) => faultsOf({ window: { from, to, restDays: [], restOnHolidays: true } });
const spread = (spreadMinutes: number) => faultsOf({ spreadMinutes, steps: [contact({ sendAt: '19:00' }), task()] });
const outside = (time: string) => `steps.1.sendAt: ${time} is not within the window, from 09:00 until before 20:00.`;

const VISIT = task({ id: 'visit', task: 'fieldVisit', day: { small: 45 }, waitDays: 14 });
const besideVisit = (step: Step) => faultsOf({ steps: [contact(), VISIT, step, task()] });
const besideVisitOn = (day: number) => besideVisit(contact({ id: 'second', day: { small: day } }));
const withinVisit = (day: number) =>
  `steps.2.day.small: Step "second" of day ${day} overlaps the wait of "visit" in tier "small", days 45 to 58; move it before day 45 or to day 59 or later.`;

const contacts = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    contact({ id: `step-${index}`, day: { small: index - 20 }, validDays: 0 }),
  );
const tiers = (count: number): Tier[] =>
  Array.from({ length: count }, (_, index) =>
    index === count - 1 ? { id: `t${index}` } : { id: `t${index}`, overdueAmountBelowMinor: index + 1 },
  );
const reviewOf = (all: Tier[]) => task({ day: Object.fromEntries(all.map(({ id }) => [id, 9])) });

test('A sound strategy has no faults', () => {
  expect(faultsOf()).toEqual([]);
});

describe('names', () => {
  test('a currency that is not known', () => {
    expect(faultsOf({ currency: 'TWDD' })).toEqual([
      'currency: "TWDD" is not a known ISO 4217 currency; write it such as TWD.',
    ]);
  });

  test('a calendar that is not there, near to one that is or far from all', () => {
    expect(faultsOf({ calendar: 'tv' })).toEqual(['calendar: There is no calendar "tv". Did you mean "tw"?']);
    expect(faultsOf({ calendar: 'france' })).toEqual(['calendar: There is no calendar "france". Calendars: tw, cn.']);
  });

  test('a template that is not there', () => {
    expect(second({ template: 'overdue-frist' })).toEqual([
      'steps.1.template: There is no template "overdue-frist". Did you mean "overdue-first"?',
    ]);
    expect(second({ template: 'x' })).toEqual([
      'steps.1.template: There is no template "x". Templates: overdue-first, overdue-bill, anywhere, promise-reminder, promise-broken.',
    ]);
  });

  test('C2 a template without a text for the channel of its step', () => {
    expect(second({ template: 'overdue-bill' })).toEqual([
      'steps.1.template: Template "overdue-bill" has no text for sms, only for email, push.',
    ]);
  });

  test('C2 a fallback by another channel that the template has a text for and the budget leaves room for', () => {
    const fallingBack = (...fallback: Channel[]) => second({ template: 'anywhere', fallback });
    expect(fallingBack('email', 'push')).toEqual([]);
    expect(fallingBack('email', 'sms')).toEqual([
      'steps.1.fallback.1: "sms" is the channel that is tried first; name others.',
    ]);
    expect(fallingBack('push', 'email', 'push')).toEqual([
      'steps.1.fallback.2: "push" is named twice; one try is enough.',
    ]);
    expect(fallingBack('voice', 'email')).toEqual([
      'steps.1.fallback.0: Template "anywhere" has no text for voice, only for sms, email, push.',
    ]);
    const steps = [contact({ template: 'anywhere', fallback: ['push', 'email'] }), task()];
    expect(faultsOf({ steps, perDebtorPerDay: { sms: 1, email: 0, push: 0, voice: 0 } })).toEqual([
      'perDebtorPerDay.email: Steps use email, so it needs a limit; write email: 1.',
      'perDebtorPerDay.push: Steps use push, so it needs a limit; write push: 1.',
    ]);
  });

  test('C13 a tier that is not there', () => {
    expect(second({ day: { smal: 9 } })).toEqual([
      'steps.1.day.smal (key): There is no tier "smal". Did you mean "small"?',
    ]);
  });

  test('ids that are used twice', () => {
    expect(faultsWith(contact({ day: { small: 9 } }))).toEqual([
      'steps.1.id: "first" is also the id of number 1 in steps; give each its own.',
    ]);
    const tiers = [{ id: 'small', overdueAmountBelowMinor: 100 }, { id: 'small' }];
    expect(faultsOf({ tiers, steps: [task({ day: { small: 1 } })] })).toEqual([
      'tiers.1.id: "small" is also the id of number 1 in tiers; give each its own.',
    ]);
  });
});

describe('bounds: the last good number and the first bad one', () => {
  const [leastDay, mostDay] = STRATEGY_LIMITS.day;
  const at = {
    version: (version: number) => faultsOf({ version }),
    'steps.1.waitDays': (waitDays: number) => faultsWith(task({ id: 'wait', day: { small: 91 }, waitDays })),
    'steps.1.validDays': (validDays: number) => second({ validDays }),
  };
  test.each([
    ['version', 1, 9_999],
    ['steps.1.waitDays', 0, 365],
    ['steps.1.validDays', 0, 60],
  ] as const)('%s lies within %i to %i', (place, least, most) => {
    expect(at[place](least)).toEqual([]);
    expect(at[place](most)).toEqual([]);
    expect(at[place](least - 1)).toEqual([`${place}: ${least - 1} is outside of ${least} to ${most}.`]);
    expect(at[place](most + 1)).toEqual([`${place}: ${most + 1} is outside of ${least} to ${most}.`]);
  });

  test('C2 a limit a day lies within 1 to 10, and 0 closes a channel that no step uses', () => {
    const withLimit = (limits: Partial<Record<Channel, number>>) =>
      faultsOf({ perDebtorPerDay: { sms: 1, email: 1, push: 1, voice: 0, ...limits } });
    for (const most of [1, 10]) expect(withLimit({ sms: most, voice: most })).toEqual([]);
    for (const channel of ['sms', 'voice']) {
      const bounds = 'is outside of 1 to 10.';
      expect(withLimit({ [channel]: 11 })).toEqual([`perDebtorPerDay.${channel}: 11 ${bounds}`]);
      expect(withLimit({ [channel]: -1 })).toEqual([`perDebtorPerDay.${channel}: -1 ${bounds}`]);
    }
    expect(withLimit({ voice: 0, email: 0, push: 0 })).toEqual([]);
    expect(withLimit({ sms: 0 })).toEqual(['perDebtorPerDay.sms: Steps use sms, so it needs a limit; write sms: 1.']);
  });

  test('C1 a day lies within -60 to 730', () => {
    expect([leastDay, mostDay]).toEqual([-60, 730]);
    expect(early(-60)).toEqual([]);
    expect(early(-61)).toEqual(['steps.1.day.small: -61 is outside of -60 to 730.']);
    expect(late(730)).toEqual([]);
    expect(late(731)).toEqual(['steps.1.day.large: 731 is outside of -60 to 730.']);
  });

  test('spreadMinutes lies within 0 to 720', () => {
    const window = { from: '07:00', to: '22:00', restDays: [], restOnHolidays: true };
    const steps = [contact({ sendAt: '08:00' }), task({ sendAt: '08:00' })];
    expect(faultsOf({ spreadMinutes: 720, window, steps })).toEqual([]);
    expect(faultsOf({ spreadMinutes: 721 })).toEqual(['spreadMinutes: 721 is outside of 0 to 720.']);
    expect(faultsOf({ spreadMinutes: -1 })).toEqual(['spreadMinutes: -1 is outside of 0 to 720.']);
  });

  test('between 1 and 100 steps, between 1 and 10 tiers', () => {
    expect(faultsOf({ steps: [...contacts(99), task()] })).toEqual([]);
    expect(faultsOf({ steps: [...contacts(100), task()] })).toEqual(['steps: 101 steps are outside of 1 to 100.']);
    expect(faultsOf({ steps: [] })).toContain('steps: 0 steps are outside of 1 to 100.');

    expect(faultsOf({ tiers: tiers(10), steps: [reviewOf(tiers(10))] })).toEqual([]);
    expect(faultsOf({ tiers: tiers(11), steps: [reviewOf(tiers(11))] })).toEqual([
      'tiers: 11 tiers are outside of 1 to 10.',
    ]);
    expect(faultsOf({ tiers: [], steps: [task({ day: {} })] })).toContain('tiers: 0 tiers are outside of 1 to 10.');
  });
});

describe('C13 tiers', () => {
  const steps = [task({ day: { a: 9, b: 9, c: 9 } })];
  const limits = (...belowMinor: (number | undefined)[]) =>
    faultsOf({
      steps,
      tiers: ['a', 'b', 'c'].map((id, index) => {
        const limit = belowMinor[index];
        return limit === undefined ? { id } : { id, overdueAmountBelowMinor: limit };
      }),
    });

  test('limits rise strictly', () => {
    expect(limits(100, 101)).toEqual([]);
    const place = 'tiers.1.overdueAmountBelowMinor';
    expect(limits(100, 100)).toEqual([
      `${place}: The limit NT$1.00 does not lie above NT$1.00, where the tier begins.`,
    ]);
    expect(limits(100, 99)).toEqual([`${place}: The limit NT$0.99 does not lie above NT$1.00, where the tier begins.`]);
  });

  test('the first limit lies above nothing', () => {
    expect(limits(1, 2)).toEqual([]);
    expect(limits(0, 2)).toEqual([
      'tiers.0.overdueAmountBelowMinor: The limit NT$0.00 does not lie above NT$0.00, where the tier begins.',
    ]);
  });

  test('the last tier has no limit', () => {
    expect(limits(1, 2, 3)).toEqual([
      'tiers.2.overdueAmountBelowMinor (key): The last tier takes every amount above the others; leave its limit out.',
    ]);
  });

  test('a tier before the last has one', () => {
    expect(limits(1, undefined)).toEqual([
      'tiers.1.overdueAmountBelowMinor: Tier "b" has no limit, so the tiers below it are never reached; give it one.',
    ]);
  });
});

describe('window', () => {
  test('it opens before it closes', () => {
    expect(openFor('09:00', '20:00')).toEqual([]);
    expect(openFor('20:00', '20:00')).toEqual(['window.to: The window ends at 20:00, not after its start at 20:00.']);
    expect(openFor('20:01', '20:00')).toEqual(['window.to: The window ends at 20:00, not after its start at 20:01.']);
  });

  test('a step falls due from its start on and before its end', () => {
    expect(sentAt('08:59')).toEqual([outside('08:59')]);
    expect(sentAt('09:00')).toEqual([]);
    expect(sentAt('19:59')).toEqual([]);
    expect(sentAt('20:00')).toEqual([outside('20:00')]);
  });

  test('with its whole spread', () => {
    expect(spread(60)).toEqual([]);
    expect(spread(61)).toEqual([
      'steps.0.sendAt: 19:00 with a spread of 61 minutes is not within the window, from 09:00 until before 20:00.',
    ]);
  });

  test('one day of the week is left', () => {
    const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
    const resting = (days: number) =>
      faultsOf({ window: { from: '09:00', to: '20:00', restDays: week.slice(0, days), restOnHolidays: true } });
    expect(resting(6)).toEqual([]);
    expect(resting(7)).toEqual(['window.restDays: All seven days are days of rest; leave at least one for contacts.']);
  });
});

test('the allocation names every component exactly once', () => {
  const message = 'allocation: The allocation names each of penalty, interest, principal, fees exactly once.';
  expect(faultsOf({ allocation: ['fees', 'principal', 'interest', 'penalty'] })).toEqual([]);
  expect(faultsOf({ allocation: ['fees', 'principal', 'interest'] })).toEqual([message]);
  expect(faultsOf({ allocation: ['fees', 'principal', 'interest', 'interest'] })).toEqual([message]);
  expect(faultsOf({ allocation: ['fees', 'principal', 'interest', 'penalty', 'fees'] })).toEqual([message]);
});

describe('steps that cannot be reached', () => {
  test('a step without a day in any tier', () => {
    expect(second({ day: {} })).toEqual(['steps.1.day: Step "second" has no day in any tier, so it never happens.']);
  });

  test.each([
    ['a contact', contact({ id: 'late', day: { small: 50 } })],
    ['a call', task({ id: 'late', task: 'agentCall', day: { small: 50 } })],
    ['a second referral', task({ id: 'late', task: 'legalReferral', day: { small: 50 } })],
  ])('C10 %s after the legal referral', (_, late) => {
    const referral = task({ id: 'referral', task: 'legalReferral', day: { small: 40 }, waitDays: 10 });
    expect(faultsOf({ steps: [contact(), referral, late, task()] })).toEqual([
      'steps.2.day.small: Step "late" cannot be reached in tier "small": it comes after the legal referral "referral" of day 40, and only a review may.',
    ]);
  });

  test('C10 a contact before the legal referral, and in another tier after it, is fine', () => {
    const referral = task({ id: 'referral', task: 'legalReferral', day: { small: 40 } });
    const second = contact({ id: 'second', day: { small: 39, large: 60 } });
    expect(faultsOf({ steps: [contact(), referral, second, task()] })).toEqual([]);
  });

  test('C1 a reminder that could go out after the due date', () => {
    expect(reminder(3)).toEqual([]);
    expect(reminder(4)).toEqual([
      'steps.1.validDays: A reminder of day -3 with validDays 4 could go out after the due date; write 3 at most.',
    ]);
  });
});

describe('steps that overlap', () => {
  test('C2 a contact while the ladder waits for a person', () => {
    expect(besideVisitOn(44)).toEqual([]);
    expect(besideVisitOn(45)).toEqual([withinVisit(45)]);
    expect(besideVisitOn(58)).toEqual([withinVisit(58)]);
    expect(besideVisitOn(59)).toEqual([]);
  });

  test('a contact of another tier on those days is fine', () => {
    expect(besideVisit(contact({ id: 'second', day: { large: 50 } }))).toEqual([]);
  });

  test('a task that does not wait overlaps nothing', () => {
    const call = task({ id: 'call', task: 'agentCall', day: { small: 9 }, waitDays: 0 });
    const second = contact({ id: 'second', day: { small: 9 } });
    expect(faultsOf({ steps: [contact(), call, second, task()] })).toEqual([]);
  });

  test('two waits that begin on one day are told once, at the later', () => {
    expect(
      besideVisit(task({ id: 'second', task: 'agentCall', day: { small: 45 }, waitDays: 3, sendAt: '11:00' })),
    ).toEqual([withinVisit(45)]);
  });

  test('two contacts of one channel on one day of a tier', () => {
    expect(second({ day: { small: 3 } })).toEqual([
      'steps.1.day.small: Step "second" overlaps "first": both are sms on day 3 of tier "small"; move one to another day.',
    ]);
    expect(second({ day: { small: 4 } })).toEqual([]);
    expect(second({ day: { small: 1 } })).toEqual([]);
    const mail = contact({ id: 'second', day: { small: 3 }, channel: 'email', template: 'overdue-bill' });
    expect(faultsWith(mail)).toEqual([]);
  });
});

describe('the end of every ladder', () => {
  test('a tier that ends with a contact', () => {
    expect(faultsWith(contact({ id: 'last', day: { large: 121 } }))).toEqual([
      'steps.1.day.large: The ladder of tier "large" ends here, so its cases run out silently; end it with a task legalReferral or review.',
    ]);
  });

  test('a tier that ends with a task that closes nothing', () => {
    expect(faultsWith(task({ id: 'last', task: 'agentCall', day: { large: 121 } }))).toEqual([
      'steps.1.day.large: The ladder of tier "large" ends here, so its cases run out silently; end it with a task legalReferral or review.',
    ]);
  });

  test('a tier may end with a legal referral', () => {
    expect(faultsWith(task({ id: 'last', task: 'legalReferral', day: { large: 121 } }))).toEqual([]);
  });

  test('on the last day the later hour counts', () => {
    const last = contact({ id: 'last', day: { large: 120 }, sendAt: '09:29' });
    expect(faultsWith(last)).toEqual([]);
    expect(faultsWith({ ...last, sendAt: '09:31' })).toHaveLength(1);
  });

  test('a tier without any step', () => {
    expect(faultsOf({ steps: [task({ day: { small: 90 } })] })).toEqual([
      'tiers.1.id: Tier "large" has no step; its cases would wait for ever.',
    ]);
  });
});

test('A draft is judged by what is there, and what is missing is not held against it', () => {
  expect(checkStrategy({}, known)).toEqual([]);
  expect(checkStrategy({ tiers: [{ id: 'small' }], steps: [{ id: 'first' }, {}] }, known)).toEqual([]);
  const { currency: _, ...withoutCurrency } = strategy();
  expect(checkStrategy(withoutCurrency, known)).toEqual([]);
});

test('All faults are told at once', () => {
  const faults = faultsOf({
    version: 0,
    calendar: 'tq',
    allocation: [],
    steps: [contact({ template: 'nothing', validDays: 99 }), task({ sendAt: '21:00' })],
  });
  expect(faults).toHaveLength(6);
});
