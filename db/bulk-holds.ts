import { and, asc, count, sql } from 'drizzle-orm';
import { type BulkHold, type BulkHoldFilter, placedInBulk, releasedInBulk } from '../domain/bulk-hold.ts';
import type { DebtorEvent, HoldPlaced } from '../domain/debtor-events.ts';
import { DomainError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { Database, Transaction } from './client.ts';
import { addDebtorEvents } from './debtor-events.ts';
import { countLoans, firstLoans, matching, notHeld, notReleased, placedUnder } from './queries/bulk-hold-loans.ts';
import { debtorEvent } from './schema.ts';

/** Holds in one transaction: it locks that many debtors, and takes about a second. */
const BATCH = 500;
/** Batches in one request: what is left is done when the same is asked for again. */
const MOST_BATCHES = 10;
/** Loans that a rehearsal names. */
const SHOWN = 20;

/** How far a hold of many loans has come; the sum of the last three is `matched`. */
export interface BulkProgress {
  /** Open cases that fit; of a release, the holds that were placed. */
  readonly matched: number;
  /** Done by an earlier request. */
  readonly alreadyDone: number;
  /** Done by this one. */
  readonly done: number;
  /** Still to be done: ask for the same again. */
  readonly remaining: number;
  /** The first of those still to be done, at most 20. */
  readonly loanRefs: readonly string[];
}

interface Run {
  readonly now: Instant;
  /** Only says what would be done. */
  readonly dryRun: boolean;
}

/**
 * Holds every open case that fits, in transactions of 500 loans each: from the commit of its transaction on no contact
 * about a loan is decided without its hold, and the relay tells the case. Asked for again it goes on where it was, after a
 * crash too, and holds what has come to fit since: each loan once.
 * @throws HOLD_INVALID when the name was used with another reason or end
 */
export async function placeBulkHold(
  db: Database,
  hold: BulkHold,
  filter: BulkHoldFilter,
  { now, dryRun }: Run,
): Promise<BulkProgress> {
  await assertSameHold(db, hold);
  const fits = await matching(db, filter, now);
  const toHold = and(fits, notHeld(hold.holdId));
  const matched = await countLoans(db, fits);
  const before = await countLoans(db, toHold);
  const batch = async (tx: Transaction) =>
    (await firstLoans(tx, toHold, BATCH)).map((each) => placedInBulk(hold, each, now));
  const done = dryRun ? 0 : await inBatches(db, hold.holdId, batch, now);
  const first = await firstLoans(db, toHold, SHOWN);
  return progressOf(
    { matched, before, done },
    first.map(({ loanRef }) => loanRef),
  );
}

/**
 * Ends the holds that were placed under a name and that nobody has ended, in the same way.
 * @throws HOLD_UNKNOWN when there is none of the name
 */
export async function releaseBulkHold(
  db: Database,
  { holdId, actor }: Pick<BulkHold, 'holdId' | 'actor'>,
  { now, dryRun }: Run,
): Promise<BulkProgress> {
  const placed = placedUnder(holdId);
  const matched = await countHolds(db, placed);
  if (matched === 0) throw new DomainError('HOLD_UNKNOWN', `No hold ${holdId} was placed for many loans.`);
  const toRelease = and(placed, notReleased());
  const before = await countHolds(db, toRelease);
  const batch = async (tx: Transaction) =>
    (await firstHolds(tx, toRelease, BATCH)).map((each) => releasedInBulk(each, actor, now));
  const done = dryRun ? 0 : await inBatches(db, holdId, batch, now);
  const first = await firstHolds(db, toRelease, SHOWN);
  return progressOf(
    { matched, before, done },
    first.map(({ holdEventId }) => holdEventId.slice(holdId.length + 1)),
  );
}

/** @returns how many events were written. */
async function inBatches(
  db: Database,
  holdId: string,
  batchOf: (tx: Transaction) => Promise<readonly DebtorEvent[]>,
  now: Instant,
): Promise<number> {
  let done = 0;
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
    const written = await db.transaction(async (tx) => {
      // Of two requests for the same hold the second sees what the first has done, and does the rest.
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${holdId}, 2))`);
      const events = await batchOf(tx);
      await addDebtorEvents(tx, events, now);
      return events.length;
    });
    done += written;
    if (written < BATCH) break;
  }
  return done;
}

async function assertSameHold(db: Database, { holdId, reason, until }: BulkHold): Promise<void> {
  const [row] = await db.select().from(debtorEvent).where(placedUnder(holdId)).limit(1);
  const { data } = (row ?? {}) as Partial<HoldPlaced>;
  if (data === undefined || (data.reason === reason && (data.until ?? null) === until)) return;
  throw new DomainError('HOLD_INVALID', `Hold ${holdId} was placed before with another reason or end.`);
}

async function countHolds(db: Database, where: ReturnType<typeof placedUnder>): Promise<number> {
  const [row] = await db.select({ holds: count() }).from(debtorEvent).where(where);
  return row?.holds ?? 0;
}

function firstHolds(db: Database | Transaction, where: ReturnType<typeof placedUnder>, limit: number) {
  const { eventId, debtorRef } = debtorEvent;
  return db
    .select({ holdEventId: eventId, debtorRef })
    .from(debtorEvent)
    .where(where)
    .orderBy(asc(eventId))
    .limit(limit);
}

function progressOf(
  { matched, before, done }: { readonly matched: number; readonly before: number; readonly done: number },
  loanRefs: readonly string[],
): BulkProgress {
  // Others may do the same at the same time; none of the numbers is ever negative.
  return { matched, alreadyDone: matched - before, done, remaining: Math.max(0, before - done), loanRefs };
}
