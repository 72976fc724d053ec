import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { POLICY_DIR } from '../../activities/policy-file.ts';
import { loadWording } from '../../activities/word-list-file.ts';
import { ALL_FORBIDDEN } from './wording-forbidden.ts';
import { HARMLESS } from './wording-harmless.ts';

const wording = loadWording();
const SEED = { seed: 20_260_729 };
const BAD = ALL_FORBIDDEN.filter(([, use]) => use === 'message').map(([, , sentence]) => sentence);

function idsIn(text: string): string[] {
  return wording.check({ text, use: 'message' }).map(({ entry }) => `${entry.category}/${entry.id}`);
}

describe('C7 Whatever the text', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc
      .array(
        fc.oneof(
          fc.constantFrom(...BAD),
          fc.string({ unit: 'binary', maxLength: 5 }),
          fc.constantFrom('\n', '.', '<', '&#', '\ud800'),
        ),
        {
          maxLength: 20,
        },
      )
      .map((parts) => parts.join('')),
  );

  test('every finding stands in the text as it says, in order', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom('message', 'note'), fc.constantFrom('plain', 'html'), (text, use, form) => {
        let last = 0;
        for (const { words, start, end, line, column } of wording.check({ text, use, form })) {
          expect(text.slice(start, end)).toBe(words);
          expect(words).not.toBe('');
          expect(start).toBeGreaterThanOrEqual(last);
          last = start;
          const before = text.slice(0, start).split('\n');
          expect([line, column]).toEqual([before.length, (before.at(-1) ?? '').length + 1]);
        }
      }),
      { ...SEED, numRuns: 400 },
    );
  });

  test('invisible characters, capitals and full width change nothing', () => {
    const invisible = fc.constantFrom('\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u0301');
    fc.assert(
      fc.property(fc.constantFrom(...BAD), invisible, fc.nat(), fc.boolean(), (sentence, sign, every, isWide) => {
        const letters = Array.from(sentence.toUpperCase(), (letter) =>
          isWide && /[A-Z]/.test(letter) ? String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0) : letter,
        );
        const step = 1 + (every % 5);
        const dressed = letters.map((letter, at) => (at % step === 0 ? letter + sign : letter)).join('');
        expect(idsIn(dressed)).toEqual(idsIn(sentence));
      }),
      { ...SEED, numRuns: 600 },
    );
  });

  test('harmless paragraphs around it hide nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...HARMLESS),
        fc.constantFrom(...BAD),
        fc.constantFrom(...HARMLESS),
        (before, bad, after) => {
          expect(idsIn(`${before}\n\n${bad}\n\n${after}`)).toEqual(idsIn(bad));
        },
      ),
      { ...SEED, numRuns: 600 },
    );
  });
});

/** Processor time of a check in milliseconds, the best of a few: other programs do not count. */
function costMs(text: string, form: 'plain' | 'html' = 'plain'): number {
  const costs = Array.from({ length: 5 }, () => {
    const from = process.cpuUsage();
    wording.check({ text, use: 'message', form });
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1_000;
  });
  return Math.min(...costs);
}

describe('C7 Time grows with the length of the text and no faster', () => {
  const PIECES = [
    'a ',
    'a.',
    'not ',
    'never tell ',
    'we will ',
    'your ',
    'tell your ',
    'call, ',
    'police ',
    'jail ',
    "we'll ",
    '1 ',
    '$',
    '*',
    '<',
    '<b',
    '&#1',
    '不',
    '你',
    '你的',
    '告訴',
    '告訴你的',
    '會',
    '我們',
    '坐',
    '。',
    '\n',
    '\n\n',
    '.',
    ' ',
    '\u200b',
    '💥',
    '家人',
    '立即',
  ];
  const SHORT = 4_000;
  const TIMES = 8;

  test('on long texts made to slow a checker down', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (pieces, isHtml) => {
          const unit = pieces.join('');
          const short = unit.repeat(Math.ceil(SHORT / unit.length));
          const form = isHtml ? 'html' : 'plain';
          // 8 times the text would take 64 times as long if the time grew with its square. 5 ms are below the clock's grain.
          expect(costMs(short.repeat(TIMES), form)).toBeLessThan(Math.max(costMs(short, form), 5) * TIMES * 3);
        },
      ),
      { ...SEED, numRuns: 60 },
    );
  });

  test('at least 5 MB a second', () => {
    const folder = join(POLICY_DIR, 'templates');
    const messages = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    // Without what only a program reads.
    const text = messages.join('\n').replaceAll(/<[^>]*>|^ *#.*$/gm, '');
    const bytes = 2_000_000;
    const long = text.repeat(Math.ceil(bytes / Buffer.byteLength(text)));
    expect(Buffer.byteLength(long) / 1_000_000 / (costMs(long) / 1_000)).toBeGreaterThan(5);
  });
});
