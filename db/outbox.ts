import { asc, inArray, lte, sql } from 'drizzle-orm';
import type { Instant } from '../domain/instant.ts';
import type { Database, Transaction } from './client.ts';
import { outbox } from './schema.ts';

/** The relay listens here: something new stands in the outbox. */
export const OUTBOX_CHANNEL = 'kept_outbox';

/** What there is to tell: a new balance, that a message did not arrive, that a hold or hardship changed, or a grievance. */
export type WordAbout = (typeof outbox.$inferSelect)['about'];

/** A word taken by a relay: a loan whose case is to be told something. */
export interface Word {
  readonly id: number;
  readonly loanRef: string;
  readonly about: WordAbout;
  /** How often it was taken, this time included. */
  readonly attempts: number;
}

/** Leaves word that there is something to tell the cases of loans, and wakes the relay when the transaction commits. */
export async function leaveWord(
  tx: Transaction,
  loanRefs: readonly string[],
  createdAt: Instant,
  about: WordAbout = 'balance',
): Promise<void> {
  // Due by the clock of the database, as relays look by it: the clocks of the machines need not agree.
  await tx.execute(sql`
    with word as (
      insert into ${outbox} (loan_ref, about, created_at, not_before)
      select loan_ref, ${about}, ${createdAt}::timestamptz, date_trunc('milliseconds', now())
      from jsonb_array_elements_text(${JSON.stringify(loanRefs)}::jsonb) as loan_ref
    )
    select pg_notify(${OUTBOX_CHANNEL}, '')`);
}

/** Takes the oldest words that are due, for `leaseSeconds`: then whoever comes may take them again. */
export function takeWords(
  db: Database,
  { limit, leaseSeconds }: { readonly limit: number; readonly leaseSeconds: number },
): Promise<Word[]> {
  const due = db
    .$with('due')
    .as(
      db
        .select({ id: outbox.id })
        .from(outbox)
        .where(lte(outbox.notBefore, sql`now()`))
        .orderBy(asc(outbox.id))
        .limit(limit)
        .for('update', { skipLocked: true }),
    );
  return db
    .with(due)
    .update(outbox)
    .set({ notBefore: afterSeconds(leaseSeconds), attempts: sql`${outbox.attempts} + 1` })
    .where(inArray(outbox.id, db.select({ id: due.id }).from(due)))
    .returning({ id: outbox.id, loanRef: outbox.loanRef, about: outbox.about, attempts: outbox.attempts });
}

/** Removes words: the engine has them, or there is nobody to tell. */
export async function removeWords(db: Database, ids: readonly number[]): Promise<void> {
  await db.delete(outbox).where(inArray(outbox.id, [...ids]));
}

/** Lets words be taken again after a while. */
export async function putOffWords(
  db: Database,
  ids: readonly number[],
  { afterSeconds: seconds, error }: { readonly afterSeconds: number; readonly error: string },
): Promise<void> {
  await db
    .update(outbox)
    .set({ notBefore: afterSeconds(seconds), lastError: error })
    .where(inArray(outbox.id, [...ids]));
}

function afterSeconds(seconds: number) {
  return sql`now() + make_interval(secs => ${seconds})`;
}
