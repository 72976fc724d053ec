import { eq } from 'drizzle-orm';
import { DomainError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { ReviewAnswers, ReviewVerdict } from '../domain/review-form.ts';
import { type SamplingPolicy, sampleReasonOf } from '../domain/sampling.ts';
import { canonicalJson } from './canonical-json.ts';
import { addToRecord } from './case-record.ts';
import type { Database, Transaction } from './client.ts';
import { contact, reviewSample } from './schema.ts';

type ContactRow = typeof contact.$inferSelect;

/**
 * Chooses which of some contacts are reviewed, in the transaction that settled or logged them. Costs nothing when none is
 * chosen; a contact that was chosen before stays as it is.
 */
export async function sampleContacts(
  tx: Transaction,
  policy: SamplingPolicy,
  contacts: readonly ContactRow[],
): Promise<void> {
  const chosen = contacts.flatMap((row) => {
    const why = sampleReasonOf(policy, row);
    const { key: contactKey, actor: agent, settledAt, decidedAt } = row;
    return why === null ? [] : [{ contactKey, why, agent, chosenAt: settledAt ?? decidedAt }];
  });
  if (chosen.length > 0) await tx.insert(reviewSample).values(chosen).onConflictDoNothing();
}

/** What a reviewer found: the answers fit the questions of the form. */
export interface Review {
  readonly sampleId: number;
  readonly answers: ReviewAnswers;
  readonly formVersion: number;
  readonly verdict: ReviewVerdict;
  /** Opaque id of the reviewer. */
  readonly actor: string;
}

/**
 * Records a review, once, and on the record of the contact's case; without the answers, which may hold somebody's own
 * words. The same again changes nothing.
 * @throws SAMPLE_UNKNOWN, SAMPLE_ALREADY_REVIEWED, FOUR_EYES
 */
export function reviewContact(db: Database, review: Review, now: Instant): Promise<void> {
  return db.transaction(async (tx) => {
    const { sampleId, answers, formVersion, verdict, actor } = review;
    const which = eq(reviewSample.sampleId, sampleId);
    const [sample] = await tx.select().from(reviewSample).where(which).for('update');
    if (!sample) throw new DomainError('SAMPLE_UNKNOWN', `There is no sample ${sampleId}.`);
    if (sample.status === 'reviewed') {
      if (isSame(sample, review)) return;
      throw new DomainError('SAMPLE_ALREADY_REVIEWED', `Sample ${sampleId} was reviewed with another result.`);
    }
    if (sample.agent === actor) throw new DomainError('FOUR_EYES', 'Nobody reviews a contact of their own.');
    await tx
      .update(reviewSample)
      .set({ status: 'reviewed', answers, formVersion, verdict, reviewer: actor, reviewedAt: now })
      .where(which);
    const [about] = await tx.select().from(contact).where(eq(contact.key, sample.contactKey));
    if (!about || about.loanRef === null || about.episode === null) return;
    const facts = { key: about.key, why: sample.why, verdict, formVersion, actor, at: now };
    const { loanRef, episode } = about;
    await addToRecord(tx, { loanRef, episode }, [{ kind: 'contactReviewed', facts }]);
  });
}

function isSame(sample: typeof reviewSample.$inferSelect, { answers, verdict, actor }: Review): boolean {
  return (
    sample.reviewer === actor &&
    sample.verdict === verdict &&
    canonicalJson(sample.answers ?? {}) === canonicalJson(answers)
  );
}
