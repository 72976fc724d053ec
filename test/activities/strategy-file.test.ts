import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knownPolicy } from '../../activities/known-policy.ts';
import { POLICY_DIR } from '../../activities/policy-file.ts';
import { loadStrategy, parseStrategy } from '../../activities/strategy-file.ts';
import { loadTemplates } from '../../activities/templates.ts';
import { DomainError } from '../../domain/errors.ts';
import type { ContactStep, Step, Strategy } from '../../domain/strategy.ts';
import type { KnownPolicy } from '../../domain/strategy-check.ts';

const SHIPPED = join(POLICY_DIR, 'strategies', 'unsecured-consumer.yaml');

const known: KnownPolicy = {
  calendars: new Set(['tw']),
  rulePacks: new Set(['cn-consumer', 'us-regf']),
  templates: new Map([['overdue-first', new Set(['sms'] as const)]]),
  rateCapOf: () => null,
  agreementTemplates: new Set(),
  lacking: () => [],
};

const PLAIN = `id: plain
version: 1
currency: TWD
calendar: tw
window: { from: 09:00, to: 20:00, restDays: [sun], restOnHolidays: true }
perDebtorPerDay: { sms: 1, email: 2, push: 3 }
allocation: [penalty, interest, principal, fees]
tiers:
  - id: small
    overdueAmountBelow: TWD 3,000.00
  - id: large
steps:
  - id: first
    stage: early
    do: contact
    channel: sms
    template: overdue-first
    day: { large: 1, small: 3 }
    sendAt: 10:00
    validDays: 5
  - id: review
    stage: late
    do: task
    task: review
    day: 90
    sendAt: 09:30
    waitDays: 0
    catchUp: true
`;

/** The lines of the refusal, or an empty list when the text is accepted. */
function faultsOf(text: string, policy: KnownPolicy = known): string[] {
  try {
    parseStrategy(text, 's.yaml', policy);
    return [];
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'STRATEGY_INVALID') throw error;
    return error.message.split('\n');
  }
}

function edited(from: string, to: string, text = PLAIN): string {
  expect(text).toContain(from);
  return text.replace(from, () => to);
}

test('A sound file becomes a strategy, with defaults filled in and days in the order of the tiers', () => {
  const strategy = parseStrategy(PLAIN, 's.yaml', known);
  expect(strategy).toEqual({
    id: 'plain',
    version: 1,
    currency: 'TWD',
    calendar: 'tw',
    rulePacks: [],
    window: { from: '09:00', to: '20:00', restDays: ['sun'], restOnHolidays: true },
    perDebtorPerDay: { sms: 1, email: 2, push: 3, voice: 0 },
    spreadMinutes: 0,
    allocation: ['penalty', 'interest', 'principal', 'fees'],
    tiers: [{ id: 'small', overdueAmountBelowMinor: 300_000 }, { id: 'large' }],
    steps: [
      {
        id: 'first',
        stage: 'early',
        do: 'contact',
        channel: 'sms',
        template: 'overdue-first',
        day: { small: 3, large: 1 },
        sendAt: '10:00',
        validDays: 5,
        catchUp: false,
      },
      {
        id: 'review',
        stage: 'late',
        do: 'task',
        task: 'review',
        day: { small: 90, large: 90 },
        sendAt: '09:30',
        waitDays: 0,
        catchUp: true,
      },
    ],
  } satisfies Strategy);
  expect(Object.keys(strategy.steps[0]?.day ?? {})).toEqual(['small', 'large']);
});

describe('Every fault names line and column, what is wrong and what would be right', () => {
  test.each<[title: string, from: string, to: string, faults: string[]]>([
    ['a missing key', 'currency: TWD\n', '', ['1:1: A strategy lacks "currency"; write it such as currency: TWD.']],
    [
      'a missing key of a step',
      '    task: review\n',
      '',
      ['21:5: A task step lacks "task"; write it such as task: agentCall.'],
    ],
    [
      'a misspelt key, told once',
      'channel: sms',
      'chanel: sms',
      ['16:5: "chanel" is not a key of a contact step. Did you mean "channel"?'],
    ],
    [
      'a key of the other kind of step',
      'waitDays: 0',
      'validDays: 0',
      ['27:5: "validDays" is not a key of a task step. Did you mean "waitDays"?'],
    ],
    [
      'an unknown key',
      'version: 1',
      'version: 1\nowner: me',
      [
        '3:1: "owner" is not a key of a strategy. Its keys: id, version, currency, calendar, window, perDebtorPerDay, allocation, tiers, steps, spreadMinutes, rulePacks, agreements, penaltyInterest.',
      ],
    ],
    [
      'a key given twice',
      'version: 1',
      'version: 1\nversion: 2',
      ['3:1: The key "version" is given twice; keep one of them.'],
    ],
    [
      'a key given twice in a line',
      '{ large: 1, small: 3 }',
      '{ large: 1, large: 2, small: 3 }',
      ['18:22: The key "large" is given twice; keep one of them.'],
    ],
    [
      'text for a number',
      'version: 1',
      'version: one',
      ['2:10: "one" is not a whole number; write it such as version: 1.'],
    ],
    [
      'a number in quotes',
      'version: 1',
      'version: "1"',
      ['2:10: "1" is not a whole number; write it such as version: 1.'],
    ],
    [
      'a fraction',
      'validDays: 5',
      'validDays: 0.5',
      ['20:16: 0.5 is not a whole number; write it such as validDays: 5.'],
    ],
    ['a number out of bounds', 'validDays: 5', 'validDays: 61', ['20:16: 61 is outside of 0 to 60.']],
    [
      'an empty value',
      'stage: early',
      'stage:',
      ['14:11: An empty value is not a lower-case name with dashes; write it such as stage: early.'],
    ],
    [
      'an id with a colon',
      'id: first',
      'id: "case:first"',
      ['13:9: "case:first" is not a lower-case name with dashes; write it such as id: overdue-first.'],
    ],
    [
      'a time without its zero',
      'from: 09:00',
      'from: 9:00',
      ['5:17: "9:00" is not a time of day (HH:MM); write it such as from: 09:00.'],
    ],
    [
      'a time that does not exist',
      'to: 20:00',
      'to: 24:00',
      ['5:28: "24:00" is not a time of day (HH:MM); write it such as to: 20:00.'],
    ],
    [
      'a yes for true',
      'restOnHolidays: true',
      'restOnHolidays: yes',
      ['5:68: "yes" is not true or false; write it such as restOnHolidays: true.'],
    ],
    ['a word for a list', '[sun]', 'sun', ['5:45: "sun" is not a list; write it such as restDays: [sun].']],
    ['a weekday in full', '[sun]', '[sunday]', ['5:46: "sunday" is not a weekday. Did you mean "sun"?']],
    [
      'a list for a map',
      '{ sms: 1, email: 2, push: 3 }',
      '[1]',
      ['6:18: The budget is written as keys with values, such as sms: 1.'],
    ],
    [
      'a channel that is none',
      'channel: sms',
      'channel: fax',
      ['16:14: "fax" is not a channel. Choices: sms, email, push, voice.'],
    ],
    [
      'a fallback that is no list',
      'channel: sms',
      'channel: sms\n    fallback: email',
      ['17:15: "email" is not a list; write it such as fallback: [email].'],
    ],
    [
      'a fallback that is no channel',
      'channel: sms',
      'channel: sms\n    fallback: [mail]',
      ['17:16: "mail" is not a channel. Did you mean "email"?'],
    ],
    [
      'a fallback to the channel of the step',
      'channel: sms',
      'channel: sms\n    fallback: [sms]',
      ['17:16: "sms" is the channel that is tried first; name others.'],
    ],
    [
      'a fallback without a text',
      'channel: sms',
      'channel: sms\n    fallback: [email]',
      ['17:16: Template "overdue-first" has no text for email, only for sms.'],
    ],
    [
      'no limit a day for a channel that a step uses',
      'sms: 1, ',
      '',
      ['6:18: Steps use sms, so it needs a limit; write sms: 1.'],
    ],
    [
      'a task that is none',
      'task: review',
      'task: reviews',
      ['24:11: "reviews" is not a task. Did you mean "review"?'],
    ],
    [
      'a task that only Kept opens',
      'task: review',
      'task: contactOutcome',
      ['24:11: "contactOutcome" is not a task. Choices: agentCall, fieldVisit, legalReferral, review.'],
    ],
    [
      'a kind of step that is none',
      'do: contact',
      'do: contct',
      ['15:9: "contct" is not a kind of step. Did you mean "contact"?'],
    ],
    [
      'a part of a debt that is none',
      'principal,',
      'principle,',
      ['7:33: "principle" is not a part of a debt. Did you mean "principal"?'],
    ],
    [
      'an amount without currency',
      'TWD 3,000.00',
      '3000',
      ['10:25: 3000 is not an amount in TWD; write it such as overdueAmountBelow: TWD 3,000.00.'],
    ],
    [
      'an amount in another currency',
      'TWD 3,000.00',
      'USD 3,000.00',
      ['10:25: "USD 3,000.00" is not an amount in TWD; write it such as overdueAmountBelow: TWD 3,000.00.'],
    ],
    [
      'an amount with too many decimals',
      'TWD 3,000.00',
      'TWD 3,000.001',
      ['10:25: "TWD 3,000.001" is not an amount in TWD; write it such as overdueAmountBelow: TWD 3,000.00.'],
    ],
    [
      'an amount with misplaced commas',
      'TWD 3,000.00',
      'TWD 30,00.00',
      ['10:25: "TWD 30,00.00" is not an amount in TWD; write it such as overdueAmountBelow: TWD 3,000.00.'],
    ],
    [
      'an amount that JSON cannot carry',
      'TWD 3,000.00',
      'TWD 90071992547409.93',
      ['10:25: "TWD 90071992547409.93" is not an amount in TWD; write it such as overdueAmountBelow: TWD 3,000.00.'],
    ],
    [
      'a currency that is none, without a word on amounts',
      'currency: TWD',
      'currency: TWDD',
      ['3:11: "TWDD" is not a known ISO 4217 currency; write it such as TWD.'],
    ],
    [
      'a calendar that is not there',
      'calendar: tw',
      'calendar: TW',
      ['4:11: There is no calendar "TW". Did you mean "tw"?'],
    ],
    [
      'a template that is not there',
      'overdue-first',
      'overdue-frist',
      ['17:15: There is no template "overdue-frist". Did you mean "overdue-first"?'],
    ],
    [
      'a tier that is not there, at its key',
      'small: 3',
      'smal: 3',
      ['18:22: There is no tier "smal". Did you mean "small"?'],
    ],
    ['a day of a tier, at the day', 'small: 3', 'small: 731', ['18:29: 731 is outside of -60 to 730.']],
    ['one day for all tiers, at the day', 'day: 90', 'day: 731', ['25:10: 731 is outside of -60 to 730.']],
    ['a day that is none', 'day: 90', 'day: soon', ['25:10: "soon" is not a whole number; write it such as day: 3.']],
    [
      'a limit on the last tier, at its key',
      '- id: large',
      '- id: large\n    overdueAmountBelow: TWD 9,000',
      ['12:5: The last tier takes every amount above the others; leave its limit out.'],
    ],
    [
      'no limit before the last tier',
      '    overdueAmountBelow: TWD 3,000.00\n',
      '',
      ['9:5: Tier "small" has no limit, so the tiers below it are never reached; give it one.'],
    ],
    ['an alias of nothing', 'overdue-first', '*gone', ['17:15: No anchor "&gone" stands above this alias.']],
    [
      'a tag',
      'version: 1',
      'version: !int 1',
      [
        '2:10: Tags that start with "!" have no meaning here; leave this one out.',
        '2:15: "1" is not a whole number; write it such as version: 1.',
      ],
    ],
    ['a tab', 'version: 1', '\tversion: 1', ['2:1: This line is indented with a tab; use spaces.']],
    [
      'a colon in a value',
      'stage: early',
      'stage: early: on',
      ['14:12: This value has a colon in it; put the value in quotes.'],
    ],
    [
      'a second document',
      'tiers:',
      '---\ntiers:',
      ['8:1: A second document starts here; one file holds one document.'],
    ],
    [
      'a line that does not belong',
      'version: 1',
      '- version: 1',
      ['2:1: This does not go on from the line above; check the indentation and the dashes.'],
    ],
    [
      'a quote without its partner',
      'stage: early',
      'stage: "early',
      ['29:1: This is not YAML: Missing closing "quote.'],
    ],
  ])('%s', (_, from, to, faults) => {
    expect(faultsOf(edited(from, to))).toEqual(faults.map((fault) => `s.yaml:${fault}`));
  });

  test('an empty file, and one that holds no strategy', () => {
    expect(faultsOf('')).toEqual(['s.yaml:1:1: The file is empty.']);
    expect(faultsOf('# nothing yet\n')).toEqual(['s.yaml:1:1: The file is empty.']);
    expect(faultsOf('- 1\n')).toEqual([
      's.yaml:1:1: A strategy is written as keys with values, such as id: unsecured-consumer.',
    ]);
  });

  test('all of them at once, in the order of the file, each on its own line', () => {
    const text = edited(
      'waitDays: 0',
      'waitDays: 400',
      edited('version: 1', 'version: 0', edited('channel', 'chanel')),
    );
    expect(faultsOf(edited('overdue-first', 'overdue', text))).toEqual([
      's.yaml:2:10: 0 is outside of 1 to 9999.',
      's.yaml:16:5: "chanel" is not a key of a contact step. Did you mean "channel"?',
      's.yaml:17:15: There is no template "overdue". Did you mean "overdue-first"?',
      's.yaml:27:15: 400 is outside of 0 to 365.',
    ]);
  });

  test('the number of faults is a detail of the error; the same fault in several tiers is one', () => {
    expect(() => parseStrategy(edited('day: 90', 'day: 731'), 's.yaml', known)).toThrow(
      expect.objectContaining({ details: { faults: 1 } }),
    );
  });

  test.each(PLAIN.trimEnd().split('\n'))(
    'no loss, repetition or spoiling of the line "%s" does more than give faults',
    (line) => {
      const key = line.slice(0, line.indexOf(':') + 1);
      const values = ['', ' null', ' []', ' {', ' "', ' {}', ' *x', ' -1', ': x', ' \u0000'];
      for (const spoilt of ['', `${line}\n${line}`, ...values.map((value) => key + value)]) {
        for (const fault of faultsOf(edited(line, spoilt))) {
          expect(fault).toMatch(/^s\.yaml:[1-9]\d*:[1-9]\d*: .*[.?]$/);
        }
      }
    },
  );

  test('a file that includes itself by an alias comes to an end', () => {
    expect(faultsOf('steps: &all [*all, *all]\n').length).toBeGreaterThan(0);
  });
});

describe('What an officer may write', () => {
  test('fallbacks in their order, each with a limit a day', () => {
    const policy = { ...known, templates: new Map([['overdue-first', new Set(['sms', 'voice', 'email'] as const)]]) };
    const text = edited(
      'channel: sms',
      'channel: sms\n    fallback: [voice, email]',
      edited('push: 3', 'push: 3, voice: 2'),
    );
    const { steps, perDebtorPerDay } = parseStrategy(text, 's.yaml', policy);
    expect(steps[0]).toMatchObject({ channel: 'sms', fallback: ['voice', 'email'] });
    expect(perDebtorPerDay).toEqual({ sms: 1, email: 2, push: 3, voice: 2 });
    expect(faultsOf(edited(', voice: 2', '', text), policy)).toEqual([
      's.yaml:6:18: Steps use voice, so it needs a limit; write voice: 1.',
    ]);
  });

  test('an empty list of fallbacks, which says as much as none', () => {
    const text = edited('channel: sms', 'channel: sms\n    fallback: []');
    expect(parseStrategy(text, 's.yaml', known)).toEqual(parseStrategy(PLAIN, 's.yaml', known));
  });

  test('anchors and aliases', () => {
    const text = edited('sendAt: 09:30', 'sendAt: *ten', edited('sendAt: 10:00', 'sendAt: &ten 10:00'));
    expect(parseStrategy(text, 's.yaml', known).steps[1]?.sendAt).toBe('10:00');
  });

  test('a fault behind an alias is shown where the alias stands', () => {
    const text = edited('sendAt: 09:30', 'sendAt: *from', edited('from: 09:00', 'from: &from 9:00'));
    expect(faultsOf(text)).toEqual([
      's.yaml:5:23: "9:00" is not a time of day (HH:MM); write it such as from: 09:00.',
      's.yaml:26:13: "9:00" is not a time of day (HH:MM); write it such as sendAt: 10:00.',
    ]);
  });

  test.each([
    ['TWD 3,000.00', 300_000],
    ['TWD 3000.00', 300_000],
    ['TWD 3000', 300_000],
    ['TWD 3000.5', 300_050],
    ['"TWD 1,234,567.89"', 123_456_789],
    ['TWD 0.01', 1],
  ])('C13 the amount %s', (amount, minor) => {
    const { tiers } = parseStrategy(edited('TWD 3,000.00', amount), 's.yaml', known);
    expect(tiers[0]).toEqual({ id: 'small', overdueAmountBelowMinor: minor });
  });

  test('amounts in a currency without decimals', () => {
    const yen = edited('TWD 3,000.00', 'JPY 3,000', edited('currency: TWD', 'currency: JPY'));
    expect(parseStrategy(yen, 's.yaml', known).tiers[0]?.overdueAmountBelowMinor).toBe(3_000);
    expect(faultsOf(edited('JPY 3,000', 'JPY 3,000.0', yen))).toHaveLength(1);
  });
});

test('The example in docs/strategies.md is a sound strategy', () => {
  const page = readFileSync(new URL('../../docs/strategies.md', import.meta.url), 'utf8');
  const [, example = ''] = /```yaml\n(id: .*?)```/s.exec(page) ?? [];
  expect(parseStrategy(example, 's.yaml')).toMatchObject({ id: 'gentle', version: 1 });
});

describe('loadStrategy', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'kept-strategy-'));
  });
  afterAll(() => {
    rmSync(dir, { recursive: true });
  });

  function load(text: string) {
    writeFileSync(join(dir, 's.yaml'), text);
    return loadStrategy(join(dir, 's.yaml'), known);
  }

  test('the hash is that of the meaning: layout and comments do not count, a day does', () => {
    const { sha256 } = load(PLAIN);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(load(`# why\r\n${PLAIN.replaceAll('\n', '\r\n')}`).sha256).toBe(sha256);
    expect(load(edited('{ large: 1, small: 3 }', '{ small: 3, large: 1 }')).sha256).toBe(sha256);
    expect(load(edited('large: 1', 'large: 2')).sha256).not.toBe(sha256);
  });

  test('a file that is not there', () => {
    expect(() => loadStrategy(join(dir, 'none.yaml'), known)).toThrow(
      expect.objectContaining({
        code: 'FILE_UNREADABLE',
        message: expect.stringMatching(/none\.yaml cannot be read \(ENOENT\)\.$/),
      }),
    );
  });
});

describe('The shipped strategy', () => {
  const text = readFileSync(SHIPPED, 'utf8');
  const policy = knownPolicy();
  const strategy = parseStrategy(text, 's.yaml', policy);
  const inTier = (tier: string) =>
    strategy.steps
      .filter((step) => step.day[tier] !== undefined)
      .toSorted((a, b) => (a.day[tier] ?? 0) - (b.day[tier] ?? 0))
      .map((step) => `${step.day[tier]} ${step.do === 'contact' ? step.channel : step.task}`);
  const step = (id: string) => strategy.steps.find((each) => each.id === id) as Step;

  test('keeps the hash under which cases are pinned to it: what is added to the format does not change what it means', () => {
    expect(loadStrategy(SHIPPED).sha256).toBe('e36382b4b873cf4ba2cb3b0a1d2fd1887c9f48334689db4e946317bfc68389a0');
  });

  test('is the first version and what may be agreed on: cases under the first go on as they began', () => {
    const first = edited('version: 2', 'version: 1', text.slice(0, text.indexOf('\n# What may be agreed on')));
    const path = join(mkdtempSync(join(tmpdir(), 'kept-strategy-')), 'first.yaml');
    writeFileSync(path, first);
    expect(loadStrategy(path).sha256).toBe('969f0a1b9cf23bc660e499897c583a00004063841d7ad9c60d9c041bd4d976da');
    rmSync(dirname(path), { recursive: true });
  });

  test('is sound and of the file it is named for', () => {
    expect(loadStrategy(SHIPPED).strategy).toEqual(strategy);
    expect(strategy).toMatchObject({
      id: 'unsecured-consumer',
      version: 2,
      currency: 'TWD',
      calendar: 'tw',
      spreadMinutes: 0,
    });
    expect(strategy.window).toEqual({ from: '09:00', to: '20:00', restDays: ['sun'], restOnHolidays: true });
    expect(strategy.perDebtorPerDay).toEqual({ sms: 1, email: 1, push: 1, voice: 0 });
    expect(strategy.allocation).toEqual(['penalty', 'interest', 'principal', 'fees']);
  });

  test('C13 I11 takes three tiers through cheaper channels first, within about 120 days', () => {
    expect(strategy.tiers.map(({ overdueAmountBelowMinor }) => overdueAmountBelowMinor)).toEqual([
      300_000,
      1_500_000,
      undefined,
    ]);
    expect(inTier('small')).toEqual([
      '-3 sms',
      '3 sms',
      '7 email',
      '12 push',
      '18 sms',
      '28 email',
      '35 agentCall',
      '50 email',
      '90 review',
    ]);
    expect(inTier('medium')).toEqual([
      '-3 sms',
      '2 sms',
      '5 email',
      '9 push',
      '14 agentCall',
      '20 sms',
      '27 email',
      '40 email',
      '60 fieldVisit',
      '90 legalReferral',
      '120 review',
    ]);
    expect(inTier('large')).toEqual([
      '-3 sms',
      '1 sms',
      '4 email',
      '7 push',
      '10 agentCall',
      '15 sms',
      '21 email',
      '30 email',
      '45 fieldVisit',
      '75 legalReferral',
      '105 review',
    ]);
  });

  test('C1 reminds three days before the due date, and never after it', () => {
    const reminder = step('pre-due-reminder') as ContactStep;
    expect(reminder.day).toEqual({ small: -3, medium: -3, large: -3 });
    expect(-3 + reminder.validDays).toBeLessThan(0);
  });

  test('T2 speaks first within three days of the default, also to a loan that is first seen late', () => {
    expect(Object.values(step('overdue-first').day).every((day) => day >= 1 && day <= 3)).toBe(true);
    expect(strategy.steps.filter(({ catchUp }) => catchUp).map(({ id }) => id)).toEqual(['overdue-first']);
  });

  test('T3 T8 C17 explains the help there is before the formal notice, and gives the notice its days', () => {
    const { payWithinDays } = loadTemplates().byName.get('demand-notice') ?? {};
    for (const { id: tier } of strategy.tiers) {
      const notice = step('demand-notice').day[tier] ?? Number.NaN;
      expect(step('credit-record-help').day[tier]).toBeLessThan(notice);
      const next = step('visit').day[tier] ?? step('closing-review').day[tier] ?? Number.NaN;
      expect(next - notice).toBeGreaterThan(payWithinDays ?? Number.NaN);
    }
  });

  test('C3 J3 visits only after texts and a call', () => {
    for (const tier of ['medium', 'large']) {
      const visit = step('visit').day[tier] ?? Number.NaN;
      expect(step('overdue-second').day[tier]).toBeLessThan(visit);
      expect(step('agent-call').day[tier]).toBeLessThan(visit);
    }
  });

  // An edit of the shipped file, what stands on a line it makes wrong, and what is said of that line.
  test.each<[title: string, from: string, to: string, line: string, message: RegExp]>([
    [
      'a budget of none',
      'sms: 1, email',
      'sms: 0, email',
      'perDebtorPerDay',
      /: Steps use sms, so it needs a limit; write sms: 1\.$/,
    ],
    [
      'a tier above the next',
      'TWD 3,000.00',
      'TWD 30,000.00',
      'TWD 15,000.00',
      /NT\$15,000\.00 does not lie above NT\$30,000\.00/,
    ],
    [
      'a tier renamed',
      '- id: medium',
      '- id: middle',
      '{ small: 3, medium: 2',
      /There is no tier "medium"\. Tiers: small, middle, large\./,
    ],
    [
      'a reminder on the due date',
      'day: -3',
      'day: -1',
      'validDays: 2',
      /validDays 2 could go out after the due date; write 1 at most\./,
    ],
    [
      'two texts on one day',
      '{ small: 18,',
      '{ small: 3,',
      '{ small: 3, medium: 20',
      /"overdue-second" overlaps "overdue-first": both are sms on day 3/,
    ],
    [
      'a mail sent as a text',
      'channel: email',
      'channel: sms',
      'template: overdue-bill',
      /Template "overdue-bill" has no text for sms, only for email\./,
    ],
    [
      'a push after closing time',
      'sendAt: 12:30',
      'sendAt: 20:30',
      'sendAt: 20:30',
      /20:30 is not within the window, from 09:00 until before 20:00\./,
    ],
    [
      'a window that ends early',
      'to: 20:00',
      'to: 12:00',
      'sendAt: 12:30',
      /12:30 is not within the window, from 09:00 until before 12:00\./,
    ],
    [
      'a spread over the end',
      'spreadMinutes: 0',
      'spreadMinutes: 500',
      'sendAt: 12:30',
      /12:30 with a spread of 500 minutes/,
    ],
    [
      'a longer visit',
      'waitDays: 14',
      'waitDays: 31',
      '{ medium: 90, large: 75 }',
      /"legal-referral" of day 90 overlaps the wait of "visit" in tier "medium", days 60 to 90/,
    ],
    [
      'a notice during the visit',
      'large: 30',
      'large: 58',
      'large: 58',
      /"demand-notice" of day 58 overlaps the wait of "visit" in tier "large", days 45 to 58/,
    ],
    [
      'a text to a case with the lawyers',
      'medium: 20, large: 15',
      'medium: 119, large: 15',
      'medium: 119',
      /"overdue-second" cannot be reached in tier "medium": it comes after the legal referral/,
    ],
    [
      'small cases left alone',
      '{ small: 90, medium: 120',
      '{ medium: 120',
      '{ small: 50',
      /ladder of tier "small" ends here/,
    ],
    ['a review that is a call', 'task: review', 'task: agentCall', '{ small: 90', /ladder of tier "small" ends here/],
  ])('%s', (_, from, to, line, message) => {
    const changed = edited(from, to, text);
    const blamed = faultsOf(changed, policy)
      .filter((fault) => message.test(fault))
      .map((fault) => changed.split('\n')[Number(fault.split(':')[1]) - 1]);
    expect(blamed).toContainEqual(expect.stringContaining(line));
  });
});
