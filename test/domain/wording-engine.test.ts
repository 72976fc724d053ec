import { describe, expect, test } from 'vitest';
import type { WordList, WordingEntry } from '../../domain/wording-list.ts';
import { glyphReader } from '../../domain/wording-glyphs.ts';
import { endlessSets, termFault } from '../../domain/wording-terms.ts';
import { Wording } from '../../domain/wording.ts';

const NO_EXCEPTIONS = { evenNegated: false, partOf: [], follows: [], sentenceHas: [] };

function entry(patterns: WordingEntry['patterns'], more: Partial<WordingEntry> = {}): WordingEntry {
  return {
    id: 'under-test',
    category: 'threat',
    severity: 'refuse',
    uses: ['message', 'note'],
    patterns,
    unless: NO_EXCEPTIONS,
    why: 'Because.',
    instead: 'Better words.',
    sources: ['CN7'],
    ...more,
  };
}

function list(entries: readonly WordingEntry[], more: Partial<WordList> = {}): WordList {
  const nothing = { same: [], sets: {}, negations: [], noNegation: [], notAcross: [] };
  return { language: 'en', ...nothing, entries, ...more };
}

/** The words that a list finds in a message. */
function words(text: string, entries: readonly WordingEntry[], more: Partial<WordList> = {}): string[] {
  return new Wording([list(entries, more)]).check({ text, use: 'message' }).map((finding) => finding.words);
}

const phrase = (...terms: string[]) => ({ kind: 'phrase', terms }) as const;
const then = (within: number, ...parts: string[]) => ({ kind: 'then', parts, within }) as const;
const near = (within: number, ...parts: string[]) => ({ kind: 'near', parts, within }) as const;

describe('A phrase', () => {
  test.each([
    ['you owe us', ['owe us']],
    ['OWE\n  us', ['OWE\n  us']],
    ['owe "us"', ['owe "us']],
    ['owe, us', []],
    ['we owe. Us?', []],
    ['owe\n\nus', []],
    ['owe\n- us', []],
    ['owed us', []],
    ['owe uss', []],
    ['owe ******** us', ['owe ******** us']],
    ['owe ********* us', []],
  ])('of two words in %j', (text, expected) => {
    expect(words(text, [entry([phrase('owe us')])])).toEqual(expected);
  });

  test('of a stem takes the rest of the word', () => {
    expect(words('Threats, threatening and a thread.', [entry([phrase('threat*')])])).toEqual([
      'Threats',
      'threatening',
    ]);
  });

  test('may leave words out, and name sets that name sets', () => {
    const sets = { kin: ['wife', 'old? <parent>'], parent: ['mother', 'father'] };
    const found = words(
      'Tell the wife. Tell your old father. Tell mother. Tell old.',
      [entry([phrase('tell <the>? <kin>')])],
      {
        sets: { ...sets, the: ['the | your'] },
      },
    );
    expect(found).toEqual(['Tell the wife', 'Tell your old father', 'Tell mother']);
  });

  test('in Chinese needs no blanks and stays within a clause', () => {
    const tell = [entry([phrase('告訴你')])];
    const same = ['诉訴', '你您'];
    expect(words('我要告诉您。', tell, { same })).toEqual(['告诉您']);
    expect(words('不要告，訴你', tell, { same })).toEqual([]);
    expect(words('告。訴你', tell, { same })).toEqual([]);
  });
});

describe('Parts', () => {
  const call = (within: number) => [entry([then(within, 'call', 'boss')])];
  test('one after the other stand so many words apart at most, and in this order', () => {
    expect(words('call your old boss', call(2))).toEqual(['call your old boss']);
    expect(words('call your very old boss', call(2))).toEqual([]);
    expect(words('your boss may call', call(2))).toEqual([]);
    expect(words('call, then, boss', call(1))).toEqual(['call, then, boss']);
    expect(words('call me. Boss', call(2))).toEqual([]);
  });

  test('near each other stand in either order', () => {
    const pair = [entry([near(1, 'police', 'arrest')])];
    expect(words('Police will arrest. An arrest by police.', pair)).toEqual(['Police will arrest', 'arrest by police']);
    expect(words('police police police', [entry([near(1, 'police', 'police')])])).toEqual(['police police police']);
  });

  test('up to four of them', () => {
    const four = [entry([then(0, 'a', 'b', 'c', 'd')])];
    expect(words('x a b c d e', four)).toEqual(['a b c d']);
    expect(words('a b d c', four)).toEqual([]);
  });
});

describe('Exceptions', () => {
  const negated = {
    negations: [{ terms: ['not', 'never'], within: 2 }],
    noNegation: ['not only'],
    notAcross: ['but', 'we will'],
  };
  const tell = (unless: Partial<WordingEntry['unless']> = {}) => [
    entry([then(2, 'tell | call', 'boss')], { unless: { ...NO_EXCEPTIONS, ...unless } }),
  ];

  test.each([
    ['we never tell your boss', []],
    ['we do not ever really tell your boss', []],
    ['we do not ever in life tell your boss', ['tell your boss']],
    ['not now, tell your boss', ['tell your boss']],
    ['not paid we will tell your boss', ['tell your boss']],
    ['not only tell your boss', ['tell your boss']],
    ['we never call or tell your boss', []],
    ['we never call but tell your boss', ['tell your boss']],
  ])('a negation in %j', (text, expected) => {
    expect(words(text, tell(), negated)).toEqual(expected);
  });

  test('a negation before a later part counts too', () => {
    const we = [entry([then(2, 'we will', 'tell', 'boss')])];
    expect(words('We will not tell your boss.', we, { negations: [{ terms: ['not'], within: 0 }] })).toEqual([]);
  });

  test('evenNegated', () => {
    expect(words('never tell your boss', tell({ evenNegated: true }), negated)).toEqual(['tell your boss']);
  });

  test('partOf covers all of the words', () => {
    const court = [entry([phrase('court')], { unless: { ...NO_EXCEPTIONS, partOf: ['apply to a court'] } })];
    expect(words('You may apply to a court. The court comes.', court)).toEqual(['court']);
  });

  test('follows with at most one word between, in the same clause', () => {
    const unless = { follows: ['you may'] };
    expect(words('you may tell your boss', tell(unless))).toEqual([]);
    expect(words('you may also tell your boss', tell(unless))).toEqual([]);
    expect(words('you may see us tell your boss', tell(unless))).toEqual(['tell your boss']);
    expect(words('as you may, tell your boss', tell(unless))).toEqual(['tell your boss']);
  });

  test('sentenceHas holds for the sentence and no longer', () => {
    const unless = { sentenceHas: ['scam'] };
    expect(words('It is a scam to tell your boss. We tell your boss!', tell(unless))).toEqual(['tell your boss']);
  });
});

describe('Several findings', () => {
  test('of two of one category the longer is told; another category and a severer one stay', () => {
    const entries = [
      entry([phrase('go to jail')], { id: 'long', severity: 'warn' }),
      entry([phrase('jail')], { id: 'short' }),
      entry([phrase('to jail')], { id: 'within', severity: 'warn' }),
      entry([phrase('jail')], { id: 'other', category: 'falseLegalClaim' }),
    ];
    const found = new Wording([list(entries)]).check({ text: 'go to jail', use: 'message' });
    expect(found.map(({ entry: each }) => each.id)).toEqual(['long', 'short', 'other']);
  });

  test('are those of the use alone', () => {
    const wording = new Wording([list([entry([phrase('jail')], { uses: ['note'] })])]);
    expect(wording.check({ text: 'jail', use: 'message' })).toEqual([]);
    expect(wording.check({ text: 'jail', use: 'note' })).toHaveLength(1);
  });
});

describe('Tricks', () => {
  const scam = [entry([phrase('scam*', 'go to jail', 'police', '坐牢')])];
  test.each([
    ['s.c.a.m'],
    ['s c a m'],
    ['S-C-A-M-S'],
    ['sc\u200bam'],
    ['ѕсаm'],
    ['ＳＣＡＭ'],
    ['𝓈𝒸𝒶𝓂'],
    ['🅂🄲🄰🄼'],
    ['🇸🇨🇦🇲'],
    ['$cam'],
    ['sc@m'],
    ['5c4m'],
    ['şçäm'],
    ['sc\u0336a\u0336m'],
    ['GO TO JA1L'],
    ['go to ja|l'],
    ['GO. TO. JAIL.'],
    ['po.lice'],
    ["police's"],
    ['p\u00adolice'],
    ['坐 牢'],
    ['坐*牢'],
    ['坐．牢'],
    ['坐\u200d牢'],
    ['坐💥牢'],
    ['⽣坐\n牢'],
  ])('%j is seen through', (text) => {
    expect(words(text, scam)).toHaveLength(1);
  });

  test.each([
    ['a scrambled s.c.r.a.m'],
    ['scram'],
    ['http://sc.example.com/am'],
    ['1.5 a.m.'],
    ['poli-cy ce'],
    ['坐，牢'],
    ['請坐。牢記在心'],
    ['坐\n\n牢'],
  ])('%j is no trick', (text) => {
    expect(words(text, scam)).toEqual([]);
  });

  test('words parted by signs stay words of their own', () => {
    expect(words('police/court', [entry([phrase('police', 'court')])])).toEqual(['police', 'court']);
    expect(words('call Mr. Lee’s boss', [entry([then(2, 'call', 'boss')])])).toEqual(['call Mr. Lee’s boss']);
    expect(words('pay within 24-hours', [entry([phrase('24 hours')])])).toEqual(['24-hours']);
    expect(words("we'll call; well called", [entry([phrase("we'll call")])])).toEqual(["we'll call"]);
  });
});

describe('A term', () => {
  const glyphsOf = glyphReader([]);
  const sets = { kin: ['wife'], loop: ['a <loop>'], ping: ['<pong>'], pong: ['<ping> b'] };
  test.each([
    ['tell <kin>', null],
    ['tell <kni>', 'there is no set "kni"'],
    ['tell < kin', '"<" has no meaning in "tell < kin"'],
    ['*', '"*" has no meaning in "*"'],
    ['now?', '"now?" can be nothing at all'],
    ['tell | ', '"" can be nothing at all'],
    ['...', '"..." can be nothing at all'],
    ['a? b? c? d? e? f? g', '"a? b? c? d? e? f? g" leaves too much open; make it several terms'],
  ])('%j has the fault %j', (term, fault) => {
    expect(termFault(term, sets, glyphsOf)).toBe(fault);
  });

  test('sets that contain themselves are told', () => {
    expect(endlessSets(sets)).toEqual(['loop', 'ping', 'pong']);
  });
});
