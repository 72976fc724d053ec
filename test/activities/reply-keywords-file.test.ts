import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadLender } from '../../activities/lender-file.ts';
import { POLICY_DIR } from '../../activities/policy-file.ts';
import { loadReplyKeywords } from '../../activities/reply-keywords-file.ts';
import { actionOfReply, foldReply } from '../../domain/reply-keywords.ts';

const dir = mkdtempSync(join(tmpdir(), 'kept-replies-'));
cpSync(join(POLICY_DIR, 'words'), join(dir, 'words'), { recursive: true });
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The faults of a table of replies, line by line. */
function faultsOf(text: string): string[] {
  writeFileSync(join(dir, 'words', 'replies.yaml'), text);
  try {
    loadReplyKeywords(dir);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
}

describe('the keywords of replies', () => {
  const keywords = loadReplyKeywords();

  test('US5: what our messages tell customers to answer is understood', () => {
    const { optOut } = loadLender();
    // An app and a call are answered in other ways.
    const offered = [optOut.sms, optOut.email].flatMap((texts) => Object.values(texts ?? {}));
    const words = offered.flatMap((text) => [...text.matchAll(/「(.+?)」|\b(STOP)\b/g)].map(([, zh, en]) => zh ?? en));
    expect(words).toHaveLength(offered.length);
    for (const word of words) expect(actionOfReply(keywords, word ?? '')).toBe('optOut');
  });

  test.each([
    ['STOP', 'optOut'],
    ['sToP', 'optOut'],
    ['ＳＴＯＰ　', 'optOut'],
    ['"Stop!"\r\n', 'optOut'],
    ['STOP\0', 'optOut'],
    ['stop  all', 'optOut'],
    ['TD', 'optOut'],
    ['ｔｄ', 'optOut'],
    ['【退订】', 'optOut'],
    ['停止。', 'optOut'],
    ['n', 'optOut'],
    ['Start', 'optIn'],
    ['恢复', 'optIn'],
    ['stop now', null],
    ['不停止', null],
    ['nn', null],
    ['', null],
    ['...', null],
  ])('US5: %j is %s', (text, action) => {
    expect(actionOfReply(keywords, text)).toBe(action);
  });

  test('folding twice changes nothing more', () => {
    for (const text of ['ＳＴＯＰ　', 'ﬁn', 'İ', ' a  b ', '「停止」。']) {
      expect(foldReply(foldReply(text))).toBe(foldReply(text));
    }
  });
});

describe('a table with faults', () => {
  test.each([
    [
      'version: 1\noptOut: [STOP]\noptIn: [start, stop]\n',
      ['replies.yaml:3:16: "stop" is given twice; keep one of them.'],
    ],
    [
      'version: 1\noptOut: [STOP]\noptIn: []\n',
      ['replies.yaml:3:8: Nobody could ask for optIn; give one word or more.'],
    ],
    [
      'version: 1\noptOut: ["!!"]\noptIn: [START]\n',
      ['replies.yaml:2:10: "!!" has no letter or digit; no reply would equal it.'],
    ],
    [
      'version: 1\noptOut: [STOP]\n',
      ['replies.yaml:1:1: A table of replies lacks "optIn"; write it such as optIn: [START].'],
    ],
  ])('%j', (text, faults) => {
    expect(faultsOf(text).map((line) => line.replace(/^.*replies\.yaml/, 'replies.yaml'))).toEqual(faults);
  });
});
