import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { POLICY_DIR } from '../../activities/policy-file.ts';
import { loadRulePack, parseRulePack, rulePackIds } from '../../activities/rule-pack-file.ts';
import { DomainError } from '../../domain/errors.ts';
import { CONTACT_CHANNELS } from '../../domain/rules/facts.ts';
import { RULE_KINDS } from '../../domain/rules/rule-pack.ts';

/** Rule, kind and mark of every entry, as they are shipped. */
const SHIPPED = {
  'cn-consumer': [
    'CN1 dailyWindow S',
    'CN2 countCap S',
    'CN3 countCap S',
    'CN4 thirdPartyGate S',
    'CN7 visibilityGate S',
  ],
  'in-consumer': [
    'IN1 dailyWindow S',
    'IN2 dailyWindow U',
    'IN2 requestedHours U',
    'IN2 thirdPartyGate U',
    'IN2 holdGate U',
    'IN2 visibilityGate U',
  ],
  'tw-card': [],
  'tw-consumer': [],
  'uk-consumer': [
    'UK1 holdGate V',
    'UK2 holdGate V',
    'UK3 requestedHours V',
    'UK3 optOutGate V',
    'UK5 thirdPartyGate V',
    'UK5 visibilityGate V',
    'UK6 holdGate S',
  ],
  'us-regf': [
    'US1 dailyWindow V',
    'US1 requestedHours V',
    'US2 countCap V',
    'US3 talkCooldown V',
    'US5 optOutGate V',
    'US6 ceaseContactGate V',
    'US7 holdGate V',
    'US8 holdGate V',
    'US10 consentGate V',
    'US11 consentGate V',
    'US14 visibilityGate V',
    'US14 thirdPartyGate V',
  ],
} as const;

/** Id, highest rate in hundredths of a percent, and mark of the caps on interest; other packs have none. */
const CAPS: Readonly<Record<string, string>> = {
  'cn-consumer': 'CN15 2400 U, fees included',
  'tw-card': 'TW2 1500 S',
  'tw-consumer': 'TW1 1600 V',
};

describe('The shipped rule packs', () => {
  test('are those of five countries', () => {
    expect(rulePackIds()).toEqual(Object.keys(SHIPPED));
  });

  test.each(Object.entries(SHIPPED))('%s has its rules with their marks', (id, rules) => {
    const pack = loadRulePack(id);
    expect(pack.id).toBe(id);
    expect(pack.version).toBe(id === 'cn-consumer' ? 2 : 1);
    expect(pack.rules.map((rule) => `${rule.id} ${rule.kind} ${rule.verified}`)).toEqual(rules);
    for (const rule of pack.rules) expect(rule.citation.length, rule.id).toBeGreaterThan(10);
  });

  test.each(Object.keys(SHIPPED))('%s says how much may accrue, or nothing may', (id) => {
    const { rateCap } = loadRulePack(id);
    const { yearlyBasisPoints, verified, includesFees } = rateCap ?? {};
    const shown = `${rateCap?.id} ${yearlyBasisPoints} ${verified}${includesFees ? ', fees included' : ''}`;
    expect(rateCap ? shown : undefined).toBe(CAPS[id]);
  });

  test('use every kind of rule, and each is explained in the documentation', () => {
    const used = new Set(rulePackIds().flatMap((id) => loadRulePack(id).rules.map(({ kind }) => kind)));
    expect([...used].sort()).toEqual([...RULE_KINDS].sort());
    const docs = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');
    for (const kind of [...RULE_KINDS, 'rateCap']) expect(docs).toContain(`\`${kind}\``);
  });

  test('every rule has its line in the documentation, with the mark of the pack', () => {
    const docs = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');
    for (const { id, verified } of rulePackIds()
      .map((each) => loadRulePack(each))
      .flatMap(({ rules, rateCap }) => [...rules, ...(rateCap ? [rateCap] : [])])) {
      expect(docs, id).toMatch(new RegExp(`^\\| ${id} \\|.*\\| ${verified} \\|$`, 'm'));
    }
  });
});

const CAP = `  - id: XX9
    kind: rateCap
    title: At most 15.5 %
    citation: A law that is made up
    verified: U
    yearlyPercent: 15.5
    includesFees: true
`;
const PACK_OF_CAP = `pack: xx\nversion: 1\ntitle: Somewhere\nrules:\n${CAP}`;

test('A cap on interest stands beside the rules on contacts, which it is none of', () => {
  expect(parseRulePack(PACK_OF_CAP, 'p.yaml')).toEqual({
    id: 'xx',
    version: 1,
    title: 'Somewhere',
    rules: [],
    rateCap: {
      kind: 'rateCap',
      id: 'XX9',
      title: 'At most 15.5 %',
      citation: 'A law that is made up',
      verified: 'U',
      yearlyBasisPoints: 1550,
      includesFees: true,
    },
  });
});

const PACK = `pack: xx
version: 2
title: Somewhere
rules:
  - id: XX1
    kind: dailyWindow
    title: By day
    citation: The gazette
    verified: V
    permittedFrom: 09:00
    permittedTo: 17:30
`;

/** A pack with one rule, written on the lines from 5 on. */
function packWith(...rule: string[]): string {
  const head = ['pack: xx', 'version: 1', 'title: Somewhere', 'rules:'];
  return [...head, ...rule.map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`), ''].join('\n');
}

const BASE = ['id: XX1', 'title: A rule', 'citation: The gazette', 'verified: V'];

function faultsOf(text: string): string[] {
  try {
    parseRulePack(text, 'p.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'RULE_PACK_INVALID') throw error;
    return error.message.split('\n');
  }
}

describe('A rule pack file', () => {
  test('gives its rules with what is left out filled in', () => {
    expect(parseRulePack(PACK, 'p.yaml')).toEqual({
      id: 'xx',
      version: 2,
      title: 'Somewhere',
      rules: [
        {
          kind: 'dailyWindow',
          id: 'XX1',
          title: 'By day',
          citation: 'The gazette',
          verified: 'V',
          channels: CONTACT_CHANNELS,
          appliesFrom: null,
          permittedFrom: '09:00',
          permittedTo: '17:30',
          liftedBy: null,
        },
      ],
    });
  });

  test.each([
    [
      'a kind that the judge does not know',
      packWith(...BASE, 'kind: dailyWindwo'),
      ['p.yaml:9:11: "dailyWindwo" is not a kind of rule. Did you mean "dailyWindow"?'],
    ],
    [
      'another kind that the judge does not know',
      packWith(...BASE, 'kind: moonPhase'),
      [`p.yaml:9:11: "moonPhase" is not a kind of rule. Choices: ${[...RULE_KINDS, 'rateCap'].join(', ')}.`],
    ],
    ['no kind', packWith(...BASE), ['p.yaml:5:5: A rule lacks "kind"; write it such as kind: dailyWindow.']],
    [
      'a rule that is a word',
      'pack: xx\nversion: 1\ntitle: T\nrules:\n  - XX1\n',
      ['p.yaml:5:5: A rule is written as keys with values, such as id: US1.'],
    ],
    [
      'a key of another kind',
      packWith(...BASE, 'kind: optOutGate', 'max: 3'),
      [
        'p.yaml:10:5: "max" is not a key of a rule. Its keys: id, kind, title, citation, verified, channels, appliesFrom.',
      ],
    ],
    [
      'a missing limit',
      packWith(...BASE, 'kind: thirdPartyGate'),
      [
        'p.yaml:5:5: A gate for third parties lacks "permittedWhenUnreachable"; write it such as permittedWhenUnreachable: true.',
      ],
    ],
    [
      'an id, a mark and a channel that are none',
      packWith(
        'id: rule-1',
        'title: A rule',
        'citation: The gazette',
        'verified: perhaps',
        'kind: visibilityGate',
        'channels: [sms, fax, sms]',
        'appliesFrom: 2026-02-30',
      ),
      [
        'p.yaml:5:9: "rule-1" is not the id of a rule; write it such as id: US1.',
        'p.yaml:8:15: "perhaps" is not a mark. Choices: V, S, U.',
        'p.yaml:10:21: "fax" is not a channel. Choices: call, voice, sms, email, im, visit, letter.',
        'p.yaml:10:26: "sms" is named twice; keep one of them.',
        'p.yaml:11:18: "2026-02-30" is not an existing day (YYYY-MM-DD); write it such as appliesFrom: 2026-07-01.',
      ],
    ],
    [
      'a window that is never or always open',
      packWith(...BASE, 'kind: dailyWindow', 'permittedFrom: 08:00', 'permittedTo: 08:00', 'liftedBy: tea'),
      [
        'p.yaml:11:18: The window ends when it begins; leave the rule out if every hour is permitted.',
        'p.yaml:12:15: "tea" is not a kind of consent. Choices: quietHours, extraCalls, sms, email.',
      ],
    ],
    [
      'a cap of nothing',
      packWith(
        ...BASE,
        'kind: countCap',
        'initiators: []',
        'results: [answered]',
        'per: [loan]',
        'max: 0',
        'periodDays: 0.5',
      ),
      [
        'p.yaml:10:17: An empty list counts nothing; name one or more, such as [us].',
        'p.yaml:11:15: "answered" is not a result. Choices: connected, noAnswer, notConnected, rightParty.',
        'p.yaml:12:11: "loan" is not a key of a count. Choices: person, debt, number.',
        'p.yaml:13:10: 0 is outside of 1 to 1000.',
        'p.yaml:14:17: 0.5 is not a whole number; write it such as periodDays: 7.',
      ],
    ],
    [
      'a hold with two ends',
      packWith(...BASE, 'kind: holdGate', 'reasons: [Dispute]', 'longestDays: 60', 'daysAfterTreatment: 30'),
      [
        'p.yaml:10:15: "Dispute" is not a lower-case name with dashes; write it such as dispute.',
        'p.yaml:11:5: A hold that ends after a treatment has no longest time; keep one of the two.',
      ],
    ],
    [
      'the same part of a rule twice',
      `${PACK}${PACK.slice(PACK.indexOf('  - id'))}`,
      ['p.yaml:12:5: XX1 as dailyWindow stands above already; keep one of them.'],
    ],
    [
      'no rules',
      'pack: xx\nversion: 1\ntitle: T\nrules: []\n',
      ['p.yaml:4:8: A pack without rules would allow everything; write one rule or more.'],
    ],
    [
      'two caps on interest',
      `${PACK_OF_CAP}${CAP.replace('XX9', 'XX8')}`,
      ['p.yaml:12:5: A pack has one cap on interest; keep the lower one.'],
    ],
    [
      'a cap of more than two decimals, and without a word on fees',
      PACK_OF_CAP.replace('yearlyPercent: 15.5', 'yearlyPercent: 15.555').replace('    includesFees: true\n', ''),
      [
        'p.yaml:5:5: A cap on interest lacks "includesFees"; write it such as includesFees: false.',
        'p.yaml:10:20: 15.555 is not a percentage with at most two decimals; write it such as yearlyPercent: 16.',
      ],
    ],
    [
      'a cap above everything',
      PACK_OF_CAP.replace('yearlyPercent: 15.5', 'yearlyPercent: 100.01'),
      ['p.yaml:10:20: 100.01 is not a percentage with at most two decimals; write it such as yearlyPercent: 16.'],
    ],
    ['nothing', '', ['p.yaml:1:1: The file is empty.']],
  ])('is refused for %s', (_, text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });
});

describe('The folder of rule packs', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kept-rules-'));
    mkdirSync(join(dir, 'rules'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  test('a pack is found by the name of its file, which must be its own', () => {
    writeFileSync(join(dir, 'rules', 'xx.yaml'), PACK);
    writeFileSync(join(dir, 'rules', 'yy.yaml'), PACK);
    writeFileSync(join(dir, 'rules', 'notes.txt'), 'Nothing');
    expect(rulePackIds(dir)).toEqual(['xx', 'yy']);
    expect(loadRulePack('xx', dir).rules).toHaveLength(1);
    expect(() => loadRulePack('yy', dir)).toThrow('The file is named for pack "yy" and says "xx"; make them agree.');
  });

  test('a pack that is not there is named with the one that was perhaps meant', () => {
    expect(() => loadRulePack('us-reg', POLICY_DIR)).toThrow('There is no rule pack "us-reg". Did you mean "us-regf"?');
  });
});
