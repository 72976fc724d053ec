import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { judgeCommand } from '../../cli/judge/judge.ts';

const BIN = fileURLToPath(new URL('../../bin/kept', import.meta.url));

/** A case with everything that the contract requires, and nothing else. */
const PLAIN = {
  id: 'plain',
  packs: ['us-regf'],
  debtor: { id: 'D1', zone: 'America/New_York', optOuts: [], ceaseContact: false, consents: [] },
  holds: [],
  ledger: [],
  intent: { at: '2026-05-11T16:00:00Z', channel: 'call', debt: 'L1', number: '+15550100', to: 'debtor' },
};

const intent = (changes: object) => ({ ...PLAIN, intent: { ...PLAIN.intent, ...changes } });
const debtor = (changes: object) => ({ ...PLAIN, debtor: { ...PLAIN.debtor, ...changes } });

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kept-judge-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

function judge(content: unknown): { code: number; out: string; err: string } {
  const file = join(dir, 'cases.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return run(file);
}

function run(file: string): { code: number; out: string; err: string } {
  const written = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((written.out += String(text))));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((written.err += String(text))));
  const code = judgeCommand(file);
  vi.restoreAllMocks();
  return { code, ...written };
}

/** The lines that name faults, without the heading. */
function faultsOf(content: unknown): string[] {
  const { code, out, err } = judge(content);
  expect(code).toBe(2);
  expect(out).toBe('');
  return err.trimEnd().split('\n').slice(1);
}

describe('kept judge', () => {
  test('prints one list of verdicts in the order of the cases, whatever else is in the file', () => {
    const ledger = [
      {
        at: '2026-05-10T16:00:00Z',
        channel: 'call',
        initiator: 'debtor',
        result: 'connected',
        debt: 'L1',
        number: null,
      },
    ];
    const { code, out, err } = judge([
      { ...PLAIN, note: 'unknown keys are passed over', debtor: { ...PLAIN.debtor, mood: 'good' } },
      { ...intent({ at: '2026-05-11T03:00:00.250Z' }), id: 'night' },
      { ...PLAIN, id: 'rest', ledger },
      { ...debtor({ ceaseContact: true }), id: 'ceased', packs: ['us-regf', 'cn-consumer'] },
    ]);
    expect(JSON.parse(out)).toEqual([
      { id: 'plain', verdict: 'allow', rules: [], until: null },
      { id: 'night', verdict: 'defer', rules: ['US1'], until: '2026-05-11T12:00:00Z' },
      { id: 'rest', verdict: 'defer', rules: ['US3'], until: '2026-05-17T12:00:00Z' },
      { id: 'ceased', verdict: 'deny', rules: ['US6'], until: null },
    ]);
    expect(Object.keys(JSON.parse(out)[0])).toEqual(['id', 'verdict', 'rules', 'until']);
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  test('answers the example of the documentation as it says there', () => {
    const docs = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');
    const [question = '', answer = ''] = [...docs.matchAll(/```json\n(.*?)```/gs)].map(([, block]) => block ?? '');
    expect(judge(question).out).toBe(answer);
  });

  test('takes one case, an empty list, and a file that begins with a byte order mark', () => {
    expect(JSON.parse(judge(PLAIN).out)).toHaveLength(1);
    expect(judge([])).toEqual({ code: 0, out: '[]\n', err: '' });
    expect(JSON.parse(judge(`\uFEFF${JSON.stringify(PLAIN)}`).out)).toHaveLength(1);
  });

  test('prints milliseconds only where there are some', () => {
    const holds = [{ reason: 'dispute', from: '2026-05-01T00:00:00Z', to: '2026-05-11T17:00:00.5Z' }];
    expect(JSON.parse(judge({ ...PLAIN, holds }).out)[0].until).toBe('2026-05-11T17:00:00.500Z');
  });

  test('reads every optional key, absent, null or given', () => {
    const bare = {
      id: 'bare',
      packs: ['cn-consumer'],
      debtor: { id: 'D1', zone: 'Asia/Shanghai' },
      intent: { at: '2026-05-11T04:00:00+08:00', channel: 'visit', debt: 'L1', to: 'debtor' },
    };
    expect(JSON.parse(judge(bare).out)).toMatchObject([{ verdict: 'defer', until: '2026-05-11T00:00:00Z' }]);
    const nothing = {
      zones: null,
      optOuts: null,
      ceaseContact: null,
      unreachable: null,
      requests: null,
      consents: null,
    };
    const empty = {
      ...bare,
      debtor: { ...bare.debtor, ...nothing },
      holds: null,
      ledger: null,
      intent: { ...bare.intent, number: null, visibility: null, thirdPartyRefused: null },
    };
    expect(judge(empty).out).toBe(judge(bare).out);
    const full = {
      ...PLAIN,
      packs: ['us-regf', 'cn-consumer', 'uk-consumer', 'in-consumer'],
      debtor: {
        ...PLAIN.debtor,
        zones: ['America/New_York', 'America/Chicago'],
        optOuts: ['email'],
        unreachable: true,
        requests: [{ notBetween: ['20:00', '24:00'] }],
        consents: [
          { kind: 'quietHours', channel: 'call', debt: 'L1', number: '+15550100', at: '2026-01-01T00:00:00Z' },
          { kind: 'extraCalls', at: '2026-05-10T12:00:00Z', until: '2026-05-12T12:00:00Z' },
        ],
      },
      holds: [
        { reason: 'mental-health-crisis', from: '2026-01-01T00:00:00Z', treatmentEnd: '2026-02-01T00:00:00Z' },
        { reason: 'dispute', from: '2026-01-01T00:00:00Z', to: null, debt: 'L2', treatmentEnd: null },
      ],
      ledger: [
        {
          at: '2026-05-11T15:00:00Z',
          channel: 'letter',
          initiator: 'us',
          result: null,
          debt: 'L1',
          number: null,
          to: null,
        },
      ],
      intent: { ...PLAIN.intent, visibility: 'private', thirdPartyRefused: false },
    };
    expect(JSON.parse(judge(full).out)).toMatchObject([{ verdict: 'allow' }]);
  });

  test('judges a debtor in an unknown place instead of refusing the file, and says so when a name is misspelt', () => {
    for (const zone of [null, undefined, '']) {
      expect(JSON.parse(judge(debtor({ zone })).out)).toMatchObject([{ verdict: 'deny', rules: ['US1'] }]);
    }
    const { out, err } = judge(debtor({ zone: 'America/NewYork' }));
    expect(JSON.parse(out)).toMatchObject([{ verdict: 'deny', rules: ['US1'] }]);
    expect(err).toBe(
      'kept: case "plain": "America/NewYork" is not a time zone, so the hour at the debtor\'s is unknown.\n',
    );
  });
});

describe('A file with faults', () => {
  test.each([
    [
      'nothing in it',
      {},
      [
        '/packs: Name one rule pack or more; a case without one would be allowed anything. Packs: cn-consumer, in-consumer, uk-consumer, us-regf.',
        '/id: Missing; give the id of the case, a text that is not empty.',
        '/debtor: Missing; give the facts of a debtor, written { ... }.',
        '/intent: Missing; give an intent, written { ... }.',
      ],
    ],
    [
      'empty parts',
      { id: '', packs: [], debtor: {}, holds: [{}], ledger: [{}], intent: {} },
      [
        '/packs: Name one rule pack or more; a case without one would be allowed anything. Packs: cn-consumer, in-consumer, uk-consumer, us-regf.',
        '/id: "" is not the id of the case, a text that is not empty.',
        '/debtor/id: Missing; give the id of the debtor, a text that is not empty.',
        '/holds/0/from: Missing; give an instant, such as "2026-04-01T09:30:00Z".',
        '/holds/0/reason: Missing; give the reason of the hold, a text that is not empty.',
        '/ledger/0/channel: Missing; give a channel. Choices: call, voice, sms, email, im, visit, letter.',
        '/ledger/0/at: Missing; give an instant, such as "2026-04-01T09:30:00Z".',
        '/ledger/0/initiator: Missing; give an initiator. Choices: us, debtor.',
        '/intent/channel: Missing; give a channel. Choices: call, voice, sms, email, im, visit, letter.',
        '/intent/at: Missing; give an instant, such as "2026-04-01T09:30:00Z".',
        '/intent/debt: Missing; give the id of the debt, a text that is not empty.',
        '/intent/to: Missing; give a person. Choices: debtor, thirdParty.',
      ],
    ],
    [
      'an unknown pack',
      { ...PLAIN, packs: ['us-regf', 'us-regg', 7] },
      [
        '/packs/1: "us-regg" is not a rule pack. Did you mean "us-regf"?',
        '/packs/2: 7 is not a rule pack. Choices: cn-consumer, in-consumer, uk-consumer, us-regf.',
      ],
    ],
    [
      'an unknown channel',
      intent({ channel: 'emial' }),
      ['/intent/channel: "emial" is not a channel. Did you mean "email"?'],
    ],
    [
      'a call without a number',
      intent({ number: null }),
      ['/intent/number: Missing; give the number, a text that is not empty.'],
    ],
    [
      'a number that is one',
      intent({ number: 15550100 }),
      ['/intent/number: 15550100 is not the number, a text that is not empty.'],
    ],
    [
      'words of the wrong kind',
      intent({ to: 'spouse', visibility: 'secret', thirdPartyRefused: 'no' }),
      [
        '/intent/to: "spouse" is not a person. Choices: debtor, thirdParty.',
        '/intent/visibility: "secret" is not a visibility. Choices: public, private.',
        '/intent/thirdPartyRefused: "no" is not true or false.',
      ],
    ],
    [
      'a debtor of the wrong kind',
      debtor({
        zone: 8,
        zones: 'America/New_York',
        optOuts: ['calls'],
        ceaseContact: 1,
        requests: [
          { notBetween: ['9:00', '25:00'] },
          { notBetween: ['24:00', '09:00'] },
          { notBetween: ['09:00'] },
          {},
          'never',
        ],
        consents: [{ kind: 'sms ', at: 'yesterday', until: 5 }],
      }),
      [
        '/debtor/zone: 8 is not the name of a time zone, a text that is not empty.',
        '/debtor/zones: "America/New_York" is not a list, written [ ... ].',
        '/debtor/optOuts/0: "calls" is not a channel. Did you mean "call"?',
        '/debtor/ceaseContact: 1 is not true or false.',
        '/debtor/requests/0/notBetween/0: "9:00" is not a time of day, such as "09:00".',
        '/debtor/requests/0/notBetween/1: "25:00" is not a time of day, such as "09:00".',
        '/debtor/requests/1/notBetween/0: "24:00" is not a time of day, such as "09:00".',
        '/debtor/requests/2/notBetween: Give two times of day, such as ["09:00", "12:00"].',
        '/debtor/requests/3/notBetween: Give two times of day, such as ["09:00", "12:00"].',
        '/debtor/requests/4: "never" is not a request, written { ... }.',
        '/debtor/consents/0/kind: "sms " is not a kind of consent. Did you mean "sms"?',
        '/debtor/consents/0/at: "yesterday" is not an instant, such as "2026-04-01T09:30:00Z".',
        '/debtor/consents/0/until: 5 is not an instant, such as "2026-04-01T09:30:00Z".',
      ],
    ],
    [
      'hours of no length',
      debtor({ requests: [{ notBetween: ['09:00', '09:00'] }] }),
      ['/debtor/requests/0/notBetween/1: The hours end when they begin; for the whole day give ["00:00", "24:00"].'],
    ],
    [
      'a hold that ends before it begins',
      { ...PLAIN, holds: [{ reason: 'dispute', from: '2026-05-02T00:00:00Z', to: '2026-05-01T00:00:00Z' }] },
      ['/holds/0/to: The hold ends before it begins; give an instant that is not before "from".'],
    ],
    [
      'an attempt without its result',
      { ...PLAIN, ledger: [{ at: '2026-05-01T00:00:00Z', channel: 'voice', initiator: 'we' }] },
      [
        '/ledger/0/initiator: "we" is not an initiator. Choices: us, debtor.',
        '/ledger/0/result: Missing; give a result. Choices: connected, noAnswer, notConnected, rightParty.',
      ],
    ],
    [
      'no cases',
      [PLAIN, null, 'case', [PLAIN]],
      [
        '/1: Missing; give a case, written { ... }.',
        '/2: "case" is not a case, written { ... }.',
        '/3: A list is not a case, written { ... }.',
      ],
    ],
    ['a word', '"case"', ['(the whole file): "case" is not a case, written { ... }.']],
    [
      'a long word',
      { ...PLAIN, id: 'x', packs: ['x'.repeat(60)] },
      ['/packs/0: This value is not a rule pack. Choices: cn-consumer, in-consumer, uk-consumer, us-regf.'],
    ],
  ])('names them all by their JSON pointers: %s', (_, content, faults) => {
    expect(faultsOf(content).toSorted()).toEqual(faults.toSorted());
  });

  test.each([
    '2026-02-30T00:00:00Z',
    '2026-05-11T24:30:00Z',
    '2026-05-11T16:00:60Z',
    '2026-05-11T16:00:00',
    '2026-05-11 16:00:00Z',
    '2026-05-11',
    '0206-05-11T16:00:00Z',
    '16:00',
    1_778_515_200_000,
  ])('%s is no instant', (at) => {
    expect(faultsOf(intent({ at }))).toEqual([
      `/intent/at: ${JSON.stringify(at)} is not an instant, such as "2026-04-01T09:30:00Z".`,
    ]);
  });

  test('judges nothing when one case of many has a fault', () => {
    const { code, out, err } = judge([PLAIN, intent({ channel: 'fax' })]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/ has a fault; nothing was judged\.\n\/1\/intent\/channel: "fax" is not a channel\./);
  });

  test('that is not there or not JSON is told in one sentence, which repeats nothing of it', () => {
    expect(run(join(dir, 'none.json'))).toEqual({
      code: 2,
      out: '',
      err: `kept: ${join(dir, 'none.json')} cannot be read (ENOENT); check the path.\n`,
    });
    for (const text of ['', '{', '{"number": +15550100}', '[{"id": "a",}]', 'null null']) {
      const { code, out, err } = judge(text);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/cases\.json is not JSON(; the fault is at line 1, column \d+)?\.\n$/);
      expect(err).not.toContain('15550100');
    }
  });
});

describe('bin/kept judge', () => {
  test('leaves with code 0 and verdicts, or with code 2 and faults', async () => {
    const file = join(dir, 'cases.json');
    writeFileSync(file, JSON.stringify([PLAIN]));
    const { stdout, stderr } = await promisify(execFile)(BIN, ['judge', file]);
    expect(stdout).toBe('[\n  {"id":"plain","verdict":"allow","rules":[],"until":null}\n]\n');
    expect(stderr).toBe('');
    writeFileSync(file, '{}');
    await expect(promisify(execFile)(BIN, ['judge', file])).rejects.toMatchObject({ code: 2, stdout: '' });
  });
});
