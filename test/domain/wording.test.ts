import { describe, expect, test } from 'vitest';
import { loadWordLists, loadWording } from '../../activities/word-list-file.ts';
import { loadWordingSources } from '../../activities/word-sources-file.ts';
import { WORDING_CATEGORIES, type WordingUse } from '../../domain/wording-list.ts';
import { FINDINGS_LIMIT, Wording, explainFinding } from '../../domain/wording.ts';
import { ALL_FORBIDDEN, DISGUISED, FORBIDDEN } from './wording-forbidden.ts';
import { HARMLESS, HARMLESS_NOTES } from './wording-harmless.ts';

const wording = loadWording();
const lists = loadWordLists();

function categoriesOf(text: string, use: WordingUse): string[] {
  return wording.check({ text, use }).map(({ entry }) => entry.category);
}

/** What was found, for the message of a failing test. */
function found(text: string, use: WordingUse): string[] {
  return wording.check({ text, use }).map(({ entry, words }) => `${entry.category}/${entry.id}: ${words}`);
}

describe('C7 A8 P7 Forbidden wording is found with its category', () => {
  test('the tables are long enough, in both languages', () => {
    const isChinese = (sentence: string): boolean => /\p{Script=Han}/u.test(sentence);
    const bad = ALL_FORBIDDEN.map(([, , sentence]) => sentence);
    const good = [...HARMLESS, ...HARMLESS_NOTES];
    for (const table of [bad, good]) {
      expect(table.filter(isChinese).length).toBeGreaterThanOrEqual(120);
      expect(table.filter((sentence) => !isChinese(sentence)).length).toBeGreaterThanOrEqual(120);
    }
    expect(Object.keys(FORBIDDEN)).toEqual([...WORDING_CATEGORIES]);
  });

  test.each(ALL_FORBIDDEN)('C7 A8 P7 %s in a %s: %s', (category, use, sentence) => {
    expect(categoriesOf(sentence, use), found(sentence, use).join('; ')).toContain(category);
  });

  test.each(DISGUISED)('C7 %s in disguise: %s', (category, sentence) => {
    expect(categoriesOf(sentence, 'message'), found(sentence, 'message').join('; ')).toContain(category);
  });
});

describe('C7 What is right and respectful passes', () => {
  test.each(HARMLESS)('C7 message: %s', (sentence) => {
    expect(found(sentence, 'message')).toEqual([]);
  });

  test.each(HARMLESS_NOTES)('A8 P7 note: %s', (sentence) => {
    expect(found(sentence, 'note')).toEqual([]);
  });
});

describe('Every entry of the lists', () => {
  const entries = lists.flatMap((list) =>
    list.entries.map((entry) => [`${list.language} ${entry.id}`, list, entry] as const),
  );
  const sources = loadWordingSources();

  test.each(entries)('%s finds a sentence of the table by itself', (_, list, entry) => {
    const alone = new Wording([{ ...list, entries: [entry] }]);
    const hits = ALL_FORBIDDEN.filter(([, use, text]) => alone.check({ text, use }).length > 0);
    expect(hits.length).toBeGreaterThan(0);
  });

  test.each(entries)('%s says why, by which source, and shows wording that passes itself', (_, __, entry) => {
    expect(entry.why).toMatch(/[.。]$/);
    expect(entry.sources.length).toBeGreaterThan(0);
    for (const source of entry.sources) expect([...sources.keys()]).toContain(source);
    for (const use of entry.uses) expect(found(entry.instead, use)).toEqual([]);
  });
});

describe('A finding', () => {
  test('has the words as they stand, with line and column', () => {
    const text = 'Dear customer,\n\n  you are a d.e.a.d.b.e.a.t. 💥\r\n再不還錢就等著坐\u200b 牢！';
    const findings = wording.check({ text, use: 'message' });
    expect(findings.map(({ words, line, column }) => ({ words, line, column }))).toEqual([
      { words: 'd.e.a.d.b.e.a.t', line: 3, column: 13 },
      { words: '坐\u200b 牢', line: 4, column: 8 },
    ]);
    for (const { words, start, end } of findings) expect(text.slice(start, end)).toBe(words);
  });

  test('in HTML stands where the HTML has it: tags within a word, entities, attributes that are shown', () => {
    const text =
      '<p style="color:red">You are a <b>dead</b>beat.</p>\n<p>go to&nbsp;&#106;ail</p><img alt="last chance"><p>or</p><p>else</p>';
    const findings = wording.check({ text, use: 'message', form: 'html' });
    expect(findings.map(({ words, line, column }) => ({ words, line, column }))).toEqual([
      { words: 'dead</b>beat', line: 1, column: 35 },
      { words: '&#106;ail', line: 2, column: 15 },
      { words: 'last chance', line: 2, column: 38 },
    ]);
  });

  test('is explained to who wrote it', () => {
    const [finding] = wording.check({ text: 'You are a\n  disgrace.', use: 'message' });
    expect(finding && explainFinding(finding)).toBe(
      'shaming: "a disgrace". Nobody is exposed or made to feel ashamed because of a debt. Write such as: Many people fall behind at some time; there is no shame in calling us. [CN7, 1692d, 1006.22(f)(4), CONC-7.9, RBI-2022]',
    );
    const [look] = wording.check({ text: 'Final notice.', use: 'message' });
    expect(look && explainFinding(look)).toMatch(/^pressure on time \(a person decides\): "Final notice"\. /);
  });

  test('is one of at most a thousand', () => {
    const many = wording.check({ text: 'You idiot.\n'.repeat(FINDINGS_LIMIT + 500), use: 'message' });
    expect(many).toHaveLength(FINDINGS_LIMIT);
    expect(many.at(-1)?.line).toBe(FINDINGS_LIMIT);
  });
});

test('C7 a note may say that somebody is in prison, a message may not', () => {
  const text = 'Customer is in prison until May.';
  expect(found(text, 'note')).toEqual([]);
  expect(categoriesOf(text, 'message')).toEqual(['falseLegalClaim']);
});
