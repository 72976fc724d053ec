import { expect, test } from 'vitest';
import { loadComplaintWords } from '../../activities/complaint-words-file.ts';
import { isComplaint } from '../../domain/reply-complaint.ts';

const words = loadComplaintWords();

test.each([
  ['我要投訴', true],
  ['你们这是骚扰!', true],
  ['I want to COMPLAIN.', true],
  ['ＣＯＭＰＬＡＩＮＴ', true],
  ['Stop harassing me', true],
  ['complaint: third call today', true],
  ['complainant', false],
  ['uncomplaining', false],
  ['STOP', false],
  ['已繳款', false],
  ['', false],
])('A6: %j complains: %s', (text, complains) => {
  expect(isComplaint(words, text)).toBe(complains);
});
