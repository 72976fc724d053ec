import { z } from 'zod';
import { QUADRANTS } from '../../domain/score/quadrant.ts';
import type { LoanToScore } from '../scorer.ts';

/** The most loans of one request. */
export const BATCH_LOANS = 100;
/** Room for every loan of a batch with its reasons. */
export const ANSWER_LIMIT_CHARACTERS = 512 * 1024;

const sentence = z.string().min(1).max(200);
const reason = z.strictObject({ code: z.string().regex(/^[A-Z]\d{2,3}$/), en: sentence, zh: sentence });
const score = z.strictObject({
  loanRef: z.string().min(1).max(64),
  probability: z.number().min(0).max(1),
  band: z.string().regex(/^[A-Za-z0-9]{1,8}$/),
  reasons: z.array(reason).max(10),
  quadrant: z.enum(QUADRANTS).optional(),
});

/** Keys that the contract does not name are refused: whoever answers them speaks of something else. */
export const scoresBody = z.strictObject({ scores: z.array(score).max(BATCH_LOANS) });

/** What is sent of loans: no name, address, place, age or education, and the loan by its reference alone. */
export function requestBody(loans: readonly LoanToScore[]): string {
  const written = loans.map(({ loanRef, facts }) => {
    const { age: _age, education: _education, region: _region, ...sent } = facts;
    return { loanRef, facts: sent };
  });
  return JSON.stringify({ loans: written });
}
