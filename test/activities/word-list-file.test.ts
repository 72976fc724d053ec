import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadDisclosures } from '../../activities/disclosure-file.ts';
import { POLICY_DIR } from '../../activities/policy-file.ts';
import { loadTemplates } from '../../activities/templates.ts';
import { loadWordLists, loadWording } from '../../activities/word-list-file.ts';
import { DomainError } from '../../domain/errors.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kept-words-'));
  cpSync(POLICY_DIR, dir, { recursive: true });
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

type Load = (policyDir: string) => unknown;

/** The faults after an edit of a policy file: the text at each place, and what is said of it. */
function faultsAfter(name: string, from: string, to: string, load: Load): { at: string; message: string }[] {
  const path = join(dir, name);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  const changed = text.replace(from, () => to);
  writeFileSync(path, changed);
  try {
    load(dir);
    return [];
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'TEMPLATE_INVALID') throw error;
    return error.message.split('\n').map((fault) => {
      const [, line, column, message = ''] = /:(\d+):(\d+): (.*)$/.exec(fault) ?? [];
      return { at: changed.split('\n')[Number(line) - 1]?.slice(Number(column) - 1) ?? '', message };
    });
  }
}

/** A small sound list that the tests below break. */
const LIST = `language: en
version: 1
same: 诉訴 关關
sets:
  kin: [wife | husband]
  all: [<kin>]
negations:
  - { terms: [not], within: 3 }
noNegation: [not only]
notAcross: [but]
categories:
  threat: { why: No threats., sources: [CN7] }
entries:
  - id: first
    category: threat
    severity: refuse
    phrase: [or else]
    unless: { sentenceHas: [somebody else] }
    instead: Please.
  - id: second
    category: threat
    severity: warn
    then: [tell, your <all>]
    within: 2
    instead: Please.
`;

describe('A word list', () => {
  test('is read with what its category says, and what it says itself', () => {
    writeFileSync(
      join(dir, 'words/en.yaml'),
      LIST.replace(
        '    phrase: [or else]',
        '    phrase: [or else]\n    wordStem: [threat]\n    uses: [note]\n    why: Own.\n    sources: [1692d]',
      ),
    );
    const [, en] = loadWordLists(dir);
    expect(en?.entries[0]).toEqual({
      id: 'first',
      category: 'threat',
      severity: 'refuse',
      uses: ['note'],
      patterns: [{ kind: 'phrase', terms: ['or else', 'threat*'] }],
      unless: { evenNegated: false, partOf: [], follows: [], sentenceHas: ['somebody else'] },
      why: 'Own.',
      instead: 'Please.',
      sources: ['1692d'],
    });
    expect(en?.entries[1]).toMatchObject({
      uses: ['message', 'note'],
      patterns: [{ kind: 'then', parts: ['tell', 'your <all>'], within: 2 }],
      why: 'No threats.',
      sources: ['CN7'],
    });
  });

  test.each<[title: string, from: string, to: string, at: RegExp, message: string]>([
    ['another language', 'language: en', 'language: zh', /^zh/, '"zh" is not the language of the file. Choices: en.'],
    ['a character alone', 'same: 诉訴', 'same: 诉 訴', /^诉 訴/, '"诉" is alone; a group has two characters or more.'],
    ['a character twice', '关關', '关诉', /^关诉/, '"诉" is given twice; keep one of them.'],
    [
      'an unknown set',
      '<all>]',
      '<everybody>]',
      /^your <everybody>/,
      'This is not a term: there is no set "everybody".',
    ],
    ['an endless set', '[wife | husband]', '[wife | <all>]', /^kin/, 'The set "kin" contains itself.'],
    ['a term of nothing', '[or else]', '[or?]', /^or\?/, 'This is not a term: "or?" can be nothing at all.'],
    ['a sign without meaning', '[but]', '[but <]', /^but </, 'This is not a term: "<" has no meaning in "but <".'],
    [
      'a negation without reach',
      ', within: 3',
      '',
      /^\{ terms/,
      'A negation lacks "within"; write it such as within: 3.',
    ],
    [
      'an unknown category',
      'category: threat',
      'category: treat',
      /^treat/,
      '"treat" is not a category. Did you mean "threat"?',
    ],
    [
      'a category not at the top',
      'category: threat',
      'category: insult',
      /^insult/,
      'The categories at the top of the file lack "insult".',
    ],
    [
      'a category that is none',
      '  threat: { why',
      '  thread: { why',
      /^thread/,
      '"thread" is not a category. Did you mean "threat"?',
    ],
    [
      'an unknown severity',
      'severity: warn',
      'severity: warm',
      /^warm/,
      '"warm" is not a severity. Did you mean "warn"?',
    ],
    ['an unknown source', '[CN7]', '[CN8]', /^CN8/, 'There is no source "CN8" in sources.yaml. Did you mean "CN4"?'],
    ['no pattern', '    phrase: [or else]\n', '', /^id: first/, 'An entry needs one of phrase, wordStem, then, near.'],
    [
      'parts without a reach',
      '    within: 2\n',
      '',
      /^id: second/,
      '"then" and "near" need "within", such as within: 4.',
    ],
    [
      'a reach without parts',
      '[or else]\n',
      '[or else]\n    within: 1\n',
      /^1/,
      '"within" belongs to "then" or "near"; leave it out.',
    ],
    ['one part', '[tell, your <all>]', '[tell]', /^\[tell\]/, 'This pattern takes two to 4 parts; here are 1.'],
    [
      'three parts near each other',
      'then: [tell, your <all>]',
      'near: [a, b, c]',
      /^\[a/,
      'This pattern takes two parts; here are 3.',
    ],
    ['a reach too far', 'within: 2', 'within: 99', /^99/, '99 is outside of 0 to 40.'],
    [
      'a stem with a blank',
      'phrase: [or else]',
      'wordStem: [or else]',
      /^or else/,
      '"or else" is not the beginning of a word; write it such as humiliat.',
    ],
    ['an id given twice', 'id: second', 'id: first', /^first/, 'The id "first" is given twice; ids are unique.'],
    [
      'no words to write instead',
      '    instead: Please.\n',
      '',
      /^id: first/,
      'An entry lacks "instead"; write it such as instead: \'...\'.',
    ],
    [
      'an unknown exception',
      'sentenceHas',
      'sentenceHad',
      /^sentenceHad/,
      '"sentenceHad" is not a key of the exceptions. Did you mean "sentenceHas"?',
    ],
    [
      'an unknown use',
      'severity: warn',
      'severity: warn\n    uses: [memo]',
      /^memo/,
      '"memo" is not a use. Choices: message, note.',
    ],
  ])('with %s is refused at its place', (_, from, to, at, message) => {
    writeFileSync(join(dir, 'words/en.yaml'), LIST);
    const faults = faultsAfter('words/en.yaml', from, to, loadWordLists);
    expect(faults.map((fault) => fault.message)).toContain(message);
    expect(faults.find((fault) => fault.message === message)?.at).toMatch(at);
  });

  test('as docs/wording.md shows one does what the page says', () => {
    const page = readFileSync(new URL('../../docs/wording.md', import.meta.url), 'utf8');
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
    writeFileSync(join(dir, 'words/en.yaml'), example);
    const wording = loadWording(dir);
    const isFound = (text: string): boolean => wording.check({ text, use: 'message' }).length > 0;
    expect(isFound('If you do not pay we will call your old mother.')).toBe(true);
    expect(isFound('We will never call, or contact your wife.')).toBe(false);
    expect(isFound('You may also tell your family.')).toBe(false);
    expect(isFound('With your consent we call your husband.')).toBe(false);
  });

  test('is read once, and again when it changes', () => {
    const before = loadWording(dir);
    expect(loadWording(dir)).toBe(before);
    writeFileSync(join(dir, 'words/en.yaml'), LIST);
    const after = loadWording(dir);
    expect(after).not.toBe(before);
    expect(after.check({ text: 'Pay or else.', use: 'message' })).toHaveLength(1);
  });

  test('that is missing closes the door', () => {
    rmSync(join(dir, 'words/en.yaml'));
    expect(() => loadWording(dir)).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE' }));
    expect(() => loadTemplates(dir)).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE' }));
  });

  test.each([
    ['verified: V', 'verified: X', /^X/, '"X" is not a mark. Did you mean "V"?'],
    ['  verified: S\n', '', /^text/, 'A source lacks "verified"; write it such as verified: S.'],
  ])('whose sources say %j as %j is refused', (from, to, at, message) => {
    const [fault] = faultsAfter('words/sources.yaml', from, to, loadWordLists);
    expect(fault?.message).toBe(message);
    expect(fault?.at).toMatch(at);
  });
});

describe('C7 P7 A template with forbidden wording is not loaded', () => {
  const FIRST = 'templates/overdue-first.yaml';
  const BILL = 'templates/overdue-bill.yaml';
  test.each<[title: string, file: string, from: string, to: string, at: RegExp, message: RegExp]>([
    [
      'a threat in a text message',
      FIRST,
      '如有困難',
      '否則後果自負！如有困難',
      /^後果自負/,
      /^Forbidden: threat: "後果自負"\. /,
    ],
    ['an English one', FIRST, 'If it is', 'You liar. If it is', /^liar/, /^Forbidden: insult: "liar"\. /],
    [
      'a word in tags',
      BILL,
      '我們很樂意協助。</p>',
      '別當<b>老</b>賴。</p>',
      /^老<\/b>賴/,
      /^Forbidden: insult: "老<\/b>賴"\. /,
    ],
    ['a subject', BILL, '帳單明細', '最後警告', /^最後警告/, /^Forbidden: threat: "最後警告"\. /],
    [
      'a disguise',
      FIRST,
      'Pay: {{ payUrl }}',
      'Pay: {{ payUrl }} or go to j.a.i.l',
      /^j\.a\.i\.l/,
      /^Forbidden: false legal claim: "j\.a\.i\.l"\. /,
    ],
  ])('%s', (_, file, from, to, at, message) => {
    const [fault, ...more] = faultsAfter(file, from, to, loadTemplates);
    expect(more).toEqual([]);
    expect(fault?.message).toMatch(message);
    expect(fault?.message).toMatch(/ Write such as: .* \[CN7, /);
    expect(fault?.at).toMatch(at);
  });

  test('what only deserves a look is loaded', () => {
    expect(
      faultsAfter('templates/demand-notice.yaml', 'Notice of overdue payment', 'Final notice', loadTemplates),
    ).toEqual([]);
  });
});

describe('Disclosures', () => {
  test.each<[title: string, from: string, to: string, at: RegExp, message: string]>([
    [
      'neither names nor words',
      '      names: [hotline]\n',
      '',
      /^id: hotline/,
      'A disclosure needs "names" or "says", or both.',
    ],
    [
      'an unknown channel',
      '[sms, email, push, im]',
      '[sms, fax]',
      /^fax/,
      '"fax" is not a channel. Choices: sms, email, push, im, call, voice, letter, visit.',
    ],
    [
      'an unknown message',
      'messages: first',
      'messages: frist',
      /^frist/,
      '"frist" is not a kind of message. Did you mean "first"?',
    ],
    [
      'one language',
      '        zh: 本訊息由債務催收機構發出。\n',
      '',
      /^en:/,
      'What to write lacks "zh"; write it such as zh: 貸款.',
    ],
    [
      'an unknown source',
      "['1006.6(e)']",
      "['1006.6(f)']",
      /^'1006/,
      'There is no source "1006.6(f)" in sources.yaml. Did you mean "1006.6(b)"?',
    ],
  ])('with %s are refused at their place', (_, from, to, at, message) => {
    const faults = faultsAfter('words/disclosures.yaml', from, to, loadDisclosures);
    expect(faults.map((fault) => fault.message)).toContain(message);
    expect(faults.find((fault) => fault.message === message)?.at).toMatch(at);
  });
});
