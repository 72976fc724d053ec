import { type SQL, and, asc, eq, sql } from 'drizzle-orm';
import type { ReviewVerdict } from '../../domain/review-form.ts';
import type { Database } from '../client.ts';
import { contact, reviewSample } from '../schema.ts';

export type SampleStatus = (typeof reviewSample.$inferSelect)['status'];

/** Where a page ends: samples are in the order of their status, open ones first, and then of their ids. */
export interface SamplePlace {
  readonly status: SampleStatus;
  readonly sampleId: number;
}

export interface SampleFilter {
  readonly status?: SampleStatus | undefined;
  /** Opaque id of who made the contact. */
  readonly agent?: string | undefined;
  readonly verdict?: ReviewVerdict | undefined;
}

const { sampleId, why, agent, chosenAt, status, verdict, reviewer, reviewedAt } = reviewSample;
const { key, loanRef, episode, channel, at } = contact;
const summary = { sampleId, status, why, agent, chosenAt, verdict, reviewer, reviewedAt };

/** A page of the contacts to review and those reviewed, by what is asked for. */
export function samplePage(
  db: Database,
  filter: SampleFilter,
  { after, limit }: { readonly after: SamplePlace | null; readonly limit: number },
) {
  const wanted: (SQL | undefined)[] = [
    filter.status === undefined ? undefined : eq(status, filter.status),
    filter.agent === undefined ? undefined : eq(agent, filter.agent),
    filter.verdict === undefined ? undefined : eq(verdict, filter.verdict),
    after === null ? undefined : sql`(${status}, ${sampleId}) > (${after.status}, ${after.sampleId})`,
  ];
  return db
    .select({ ...summary, loanRef, episode, channel, at })
    .from(reviewSample)
    .innerJoin(contact, eq(key, reviewSample.contactKey))
    .where(and(...wanted))
    .orderBy(asc(status), asc(sampleId))
    .limit(limit);
}

/** One sample with all that is kept of its contact but the address and who the debtor is; null when there is none. */
export async function sampleById(db: Database, id: number) {
  const { answers, formVersion } = reviewSample;
  const { initiator, person, step, template, result, delivery, balanceVersion, note, noteFindings } = contact;
  const made = { contactKey: key, contactStatus: contact.status, loanRef, episode, channel, at, initiator, person };
  const contactColumns = { ...made, step, template, result, delivery, balanceVersion, note, noteFindings };
  const [row] = await db
    .select({ ...summary, ...contactColumns, formVersion, answers })
    .from(reviewSample)
    .innerJoin(contact, eq(key, reviewSample.contactKey))
    .where(eq(sampleId, id));
  return row ?? null;
}

/** The channel of a sample's contact: which questions are asked; null when there is no such sample. */
export async function channelOfSample(db: Database, id: number) {
  const [row] = await db
    .select({ channel })
    .from(reviewSample)
    .innerJoin(contact, eq(key, reviewSample.contactKey))
    .where(eq(sampleId, id));
  return row?.channel ?? null;
}
