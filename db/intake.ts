import { inArray, sql } from 'drizzle-orm';
import { DomainError } from '../domain/errors.ts';
import type { LoanEvent } from '../domain/events.ts';
import type { Instant } from '../domain/instant.ts';
import type { StrategyTerms } from './balance-terms.ts';
import { refold } from './balances.ts';
import { selectRows } from './bulk.ts';
import type { Database, Transaction } from './client.ts';
import { databaseErrorOf } from './database-error.ts';
import { fingerprintOf } from './fingerprint.ts';
import { leaveWord } from './outbox.ts';
import { inboxEvent } from './schema.ts';

/** Loans in one transaction: each takes a lock, and the server's table of locks is shared by all. */
const MAX_LOANS = 2_000;

/** What became of an event. `parked`: kept until its loan is known. `refused`: nothing of it was stored. */
export type Acceptance =
  | { readonly eventId: string; readonly status: 'accepted' | 'duplicate' | 'parked' }
  | { readonly eventId: string; readonly status: 'refused'; readonly error: DomainError };

/** With what of the active strategy loans are reckoned that have no open case. */
export interface IntakeContext extends StrategyTerms {
  readonly receivedAt: Instant;
}

/**
 * Takes events of the loan system in: inbox, balances and outbox in one transaction. All of it is committed when the
 * promise resolves, or nothing is. Arrival order does not matter; an event sent again changes nothing.
 * A batch in which some event cannot be taken is halved until that event is alone, so that it stops no other.
 * @throws DatabaseError when the database fails; then it is not known whether the events were taken, and they can be
 * sent again
 */
export async function acceptEvents(
  db: Database,
  events: readonly LoanEvent[],
  context: IntakeContext,
): Promise<Acceptance[]> {
  const [first, ...others] = events;
  if (!first) return [];
  try {
    return await db.transaction((tx) => acceptAll(tx, events, context));
  } catch (error) {
    const refusal = toRefusal(error);
    if (others.length === 0) return [{ eventId: first.id, status: 'refused', error: refusal }];
  }
  const half = Math.ceil(events.length / 2);
  return [
    ...(await acceptEvents(db, events.slice(0, half), context)),
    ...(await acceptEvents(db, events.slice(half), context)),
  ];
}

/** @throws what is not to be blamed on an event */
function toRefusal(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const failure = databaseErrorOf(error);
  if (failure?.isDataException === true) {
    return new DomainError('EVENT_INVALID', 'The event has a text, date or number that cannot be stored.');
  }
  throw failure ?? error;
}

async function acceptAll(tx: Transaction, events: readonly LoanEvent[], context: IntakeContext): Promise<Acceptance[]> {
  await lockLoans(tx, [...new Set(events.map((event) => event.data.loanRef))]);
  const added = await addToInbox(tx, events, context.receivedAt);
  const known = added.length > 0 ? await refold(tx, added, context) : new Set<string>();
  if (known.size > 0) await leaveWord(tx, [...known], context.receivedAt);
  const fresh = new Set(added.map((event) => event.id));
  return events.map((event): Acceptance => {
    const status = known.has(event.data.loanRef) ? 'accepted' : 'parked';
    // The same event twice in one batch is new only once.
    return { eventId: event.id, status: fresh.delete(event.id) ? status : 'duplicate' };
  });
}

/**
 * Serialises all work on the same loans, also on loans that have no row yet: a payment that arrives together with its
 * loan must not be parked for ever. Always in one order, so two batches cannot wait for each other. A statement of its
 * own, so that the next one sees what the last holder has committed.
 */
async function lockLoans(tx: Transaction, loanRefs: readonly string[]): Promise<void> {
  if (loanRefs.length > MAX_LOANS) throw new RangeError(`A batch has at most ${MAX_LOANS} loans.`);
  await tx.execute(
    sql`select pg_advisory_xact_lock(key) from (
      select distinct hashtextextended(ref, 1) as key
      from jsonb_array_elements_text(${JSON.stringify(loanRefs)}::jsonb) as ref order by key
    ) as ordered`,
  );
}

/**
 * @returns the events that were not there before, each once.
 * @throws EVENT_CONFLICT when an id comes again with another content.
 */
async function addToInbox(tx: Transaction, events: readonly LoanEvent[], receivedAt: Instant): Promise<LoanEvent[]> {
  const rows = new Map<string, typeof inboxEvent.$inferInsert>();
  for (const event of events) {
    const row = inboxRow(event, receivedAt);
    const before = rows.get(event.id);
    if (before && before.fingerprint !== row.fingerprint) throw conflict(event.id);
    rows.set(event.id, row);
  }
  // In one order, so that two batches that misuse the same ids do not wait for each other.
  const inOrder = [...rows.values()].toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1));
  const inserted = await tx
    .insert(inboxEvent)
    .select(selectRows(inboxEvent, inOrder))
    .onConflictDoNothing()
    .returning({ eventId: inboxEvent.eventId });
  const added = new Set(inserted.map((row) => row.eventId));
  const repeated = [...rows.keys()].filter((eventId) => !added.has(eventId));
  await assertSame(tx, repeated, rows);
  return events.filter((event) => added.delete(event.id));
}

/** @throws EVENT_CONFLICT when a stored event has another content */
async function assertSame(
  tx: Transaction,
  eventIds: readonly string[],
  rows: ReadonlyMap<string, { readonly fingerprint: string }>,
): Promise<void> {
  if (eventIds.length === 0) return;
  const { eventId, fingerprint } = inboxEvent;
  const stored = await tx
    .select({ eventId, fingerprint })
    .from(inboxEvent)
    .where(inArray(eventId, [...eventIds]));
  for (const row of stored) if (row.fingerprint !== rows.get(row.eventId)?.fingerprint) throw conflict(row.eventId);
}

function inboxRow(event: LoanEvent, receivedAt: Instant): typeof inboxEvent.$inferInsert {
  const { id: eventId, type, timestamp: effectiveAt, data } = event;
  const fingerprint = fingerprintOf(event);
  return { eventId, loanRef: data.loanRef, type, effectiveAt, receivedAt, fingerprint, data, parked: false };
}

function conflict(eventId: string): DomainError {
  return new DomainError('EVENT_CONFLICT', `Event ${eventId} was sent before with another content.`, { eventId });
}
