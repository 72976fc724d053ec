import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { placeInScalar } from '../../cli/wording/scalar-place.ts';
import { type WordingRequest, wordingCommand } from '../../cli/wording/wording.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kept-wording-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
  vi.restoreAllMocks();
});

/** Runs the command; lines are given without the folder. */
function run(files: readonly string[], use: WordingRequest['use'] = 'note'): { code: number; lines: string[] } {
  let output = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  const code = wordingCommand({ files, use });
  return { code, lines: output.trimEnd().replaceAll(`${dir}/`, '').split('\n') };
}

function file(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

test('C7 the shipped messages, with the lender and the frame of e-mails, have no forbidden wording', () => {
  expect(run([])).toEqual({ code: 0, lines: ['13 files checked: no forbidden wording.'] });
});

describe('A8 P7 T10 Notes', () => {
  test('are checked line by line, and every finding stands at its words', () => {
    const path = file('notes.txt', '10:00 no answer\nTold his wife about\nthe loan. Typical dead-beat.\n');
    expect(run([path])).toEqual({
      code: 2,
      lines: [
        'notes.txt:2:1: disclosure to a third party: "Told his wife about the loan". Nobody but the customer learns of the debt. Write such as: Asked the person who answered to have the customer call back; disclosed nothing. [CN4, TW-45-1, 1006.6(d), CONC-7.9, RBI-2022]',
        'notes.txt:3:19: insult: "dead-beat". A customer is spoken to, and of, with respect. Write such as: Dear customer [CN7, TW-45-1, 1692d, 1006.14, RBI-2022]',
        '1 file checked: 2 findings in 1.',
      ],
    });
  });

  test('may say what a message may not', () => {
    const path = file('note.txt', 'Customer is in prison until May.');
    expect(run([path]).code).toBe(0);
    expect(run([path], 'message').code).toBe(2);
  });

  test('that are empty pass, several files are told together', () => {
    expect(run([file('a.txt', ''), file('b.txt', '人渣'), file('c.txt', '好')]).lines.at(-1)).toBe(
      '3 files checked: 1 finding in 1.',
    );
  });

  test('a file that is not there is a failure', () => {
    expect(() => run([join(dir, 'none.txt')])).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE' }));
  });
});

describe('C7 Messages in YAML', () => {
  test('are found at their place, however the text is folded, indented or quoted', () => {
    const path = file(
      'draft.yaml',
      [
        'name: draft',
        '# You idiot: a comment is no message',
        'sms:',
        '  zh:',
        '    templateCode: LAST_CHANCE',
        '    text: >-',
        '      您好，',
        '      您這個老',
        '      賴。',
        '  en:',
        "    text: 'It''s your last",
        "      chance, it''s an idiot'",
        'email:',
        '  en:',
        '    subject: "\\"Or\\telse\\""',
        '    html: |',
        '      <p title="x">Go to <i>ja</i>il</p>',
      ].join('\n'),
    );
    const { code, lines } = run([path]);
    expect(code).toBe(2);
    expect(lines.map((line) => line.split('. ')[0])).toEqual([
      'draft.yaml:8:10: insult: "老 賴"',
      'draft.yaml:11:23: pressure on time: "last chance"',
      'draft.yaml:12:24: insult: "idiot"',
      'draft.yaml:15:17: threat: "Or else"',
      'draft.yaml:17:29: false legal claim: "ja</i>il"',
      '1 file checked: 5 findings in 1.',
    ]);
  });

  test('that are no YAML are a failure at their place', () => {
    expect(() => run([file('bad.yaml', 'sms:\n\t- a')])).toThrow(/bad\.yaml:2:1: This line is indented with a tab/);
  });
});

test('a place in a text is found in its source', () => {
  const source = "key: >-\n    one\n    two\n\n    three 'four'\n";
  const text = "one two\nthree 'four'";
  for (const word of ['one', 'two', 'three', 'four']) {
    expect(placeInScalar(source, 5, text, text.indexOf(word))).toBe(source.indexOf(word));
  }
});

test('the command reads standard input and ends with 2 on findings', () => {
  const bin = fileURLToPath(new URL('../../bin/kept', import.meta.url));
  const run = (input: string): string => execFileSync('node', [bin, 'wording', '-'], { input, encoding: 'utf8' });
  expect(run('Customer asked for a plan.')).toBe('1 file checked: no forbidden wording.\n');
  expect(() => run('Told him he is a liar')).toThrow(expect.objectContaining({ status: 2 }));
});
