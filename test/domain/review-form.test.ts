import { expect, test } from 'vitest';
import { type ReviewAnswers, type ReviewQuestion, faultsOfAnswers, questionsFor } from '../../domain/review-form.ts';

const QUESTIONS: readonly ReviewQuestion[] = [
  { id: 'no-threats', kind: 'yesNo', of: ['call', 'sms'], zh: '是否没有威胁？', en: 'Was there no threat?' },
  { id: 'tone', kind: 'rating', of: ['call'], zh: '语气如何？', en: 'How was the tone?' },
  { id: 'remarks', kind: 'text', of: ['call'], zh: '还有什么？', en: 'What else?' },
];
const GOOD: ReviewAnswers = { 'no-threats': 'yes', tone: 5, remarks: 'Calm.' };
const faulty = (change: Record<string, string | number>) =>
  faultsOfAnswers(QUESTIONS, { ...GOOD, ...change }).map(({ questionId }) => questionId);

test('a form that is filled in has no faults, with own words or without', () => {
  expect(faultsOfAnswers(QUESTIONS, GOOD)).toEqual([]);
  expect(faultsOfAnswers(QUESTIONS, { 'no-threats': 'cannotTell', tone: 1 })).toEqual([]);
});

test('only what is asked about a channel is asked', () => {
  expect(questionsFor(QUESTIONS, 'sms').map(({ id }) => id)).toEqual(['no-threats']);
  expect(questionsFor(QUESTIONS, 'visit')).toEqual([]);
});

test.each<[string, Record<string, string | number>]>([
  ['no-threats', { 'no-threats': 'maybe' }],
  ['no-threats', { 'no-threats': 1 }],
  ['tone', { tone: 0 }],
  ['tone', { tone: 6 }],
  ['tone', { tone: 2.5 }],
  ['tone', { tone: '5' }],
  ['remarks', { remarks: ' ' }],
  ['remarks', { remarks: 'x'.repeat(4_001) }],
  ['colour', { colour: 'red' }],
  ['toString', { toString: 'yes' }],
])('a fault is told by its question: %s', (questionId, change) => {
  expect(faulty(change)).toEqual([questionId]);
});

test('every fault is told at once, and never what was given', () => {
  const faults = faultsOfAnswers(QUESTIONS, { surprise: 'secret', tone: 9 });
  expect(faults.map(({ questionId }) => questionId)).toEqual(['surprise', 'no-threats', 'tone']);
  expect(JSON.stringify(faults)).not.toContain('secret');
});
