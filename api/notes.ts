import { z } from 'zod';
import { type WordingFinding, explainFinding } from '../domain/wording.ts';
import { text } from './fields.ts';

/** What a person writes down in their own words. */
export const note = text({ min: 1, max: 4_000 }).describe(
  'Personal. In the writer’s own words; checked, never refused',
);

/** Wording that a note should not have, for the person who wrote it. */
export const findings = z
  .array(
    z.object({
      entryId: z.string().describe('Id in the word lists'),
      words: z.string().describe('As the note has them'),
      explanation: z.string().describe('What is wrong with it, and what to write instead'),
    }),
  )
  .describe('Wording in the note that is not ours; a reviewer sees it as well');

/** Finds forbidden wording in what people write. */
export type NoteCheck = (note: string) => readonly WordingFinding[];

/** What was found in a note, for its writer and for the ledger, which keeps each entry once. */
export function checkedNote(check: NoteCheck, written: string | undefined) {
  const found = written === undefined ? [] : check(written);
  return {
    note: written ?? null,
    noteFindings: [...new Set(found.map(({ entry }) => entry.id))].toSorted(),
    findings: found.map((each) => ({ entryId: each.entry.id, words: each.words, explanation: explainFinding(each) })),
  };
}
