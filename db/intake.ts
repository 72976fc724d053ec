import { createHash } from 'node:crypto';
import { inArray, sql } from 'drizzle-orm';
import { DomainError } from '../domain/errors.ts';
import type { LoanEvent } from '../domain/events.ts';
import type { Instant } from '../domain/instant.ts';
import type { Component } from '../domain/strategy.ts';
import { refold } from './balances.ts';
import type { Database, Transaction } from './client.ts';
import { inboxEvent } from './schema.ts';

/** The relay listens here: something new stands in the outbox. */
export const OUTBOX_CHANNEL = 'kept_outbox';

/** What became of an event. `parked`: kept until its loan is known. `refused`: nothing of it was stored. */
export type Acceptance =
  | { readonly eventId: string; readonly status: 'accepted' | 'duplicate' | 'parked' }
  | { readonly eventId: string; readonly status: 'refused'; readonly error: DomainError };

export interface IntakeContext {
  readonly receivedAt: Instant;
  readonly allocation: readonly Component[];
}

/**
 * Takes events of the loan system in: inbox, balances and outbox in one transaction. All of it is committed when the
 * promise resolves, or nothing is. Arrival order does not matter; an event sent again changes nothing.
 * A batch in which some event cannot be taken is taken event by event, so that one bad event stops no other.
 */
export async function acceptEvents(
  db: Database,
  events: readonly LoanEvent[],
  context: IntakeContext,
): Promise<Acceptance[]> {
  if (events.length === 0) return [];
  try {
    return await db.transaction((tx) => acceptAll(tx, events, context));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const [only, ...others] = events;
    if (only && others.length === 0) return [{ eventId: only.id, status: 'refused', error }];
  }
  const acceptances: Acceptance[] = [];
  for (const event of events) acceptances.push(...(await acceptEvents(db, [event], context)));
  return acceptances;
}

async function acceptAll(tx: Transaction, events: readonly LoanEvent[], context: IntakeContext): Promise<Acceptance[]> {
  const { added, known } = await addToInbox(tx, events, context.receivedAt);
  const balances = await refold(tx, [...new Set(added.map((event) => event.data.loanRef))], context);
  if (added.length > 0) await tx.execute(sql`select pg_notify(${OUTBOX_CHANNEL}, '')`);
  return events.map((event): Acceptance => {
    if (known.has(event.id)) return { eventId: event.id, status: 'duplicate' };
    return { eventId: event.id, status: balances.has(event.data.loanRef) ? 'accepted' : 'parked' };
  });
}

/** The fingerprint of an event's content, whatever the order of its fields. */
export function fingerprintOf(event: LoanEvent): string {
  const canonical = JSON.stringify(event, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(canonical).digest('hex');
}

/** @throws EVENT_CONFLICT when an id comes again with another content. */
async function addToInbox(
  tx: Transaction,
  events: readonly LoanEvent[],
  receivedAt: Instant,
): Promise<{ added: LoanEvent[]; known: Set<string> }> {
  const prints = new Map<string, string>();
  const distinct: LoanEvent[] = [];
  const known = new Set<string>();
  for (const event of events) {
    const fingerprint = fingerprintOf(event);
    const before = prints.get(event.id);
    if (before === undefined) distinct.push(event);
    else if (before !== fingerprint) throw conflict(event.id);
    prints.set(event.id, fingerprint);
  }
  await lockLoans(tx, [...new Set(distinct.map((event) => event.data.loanRef))]);
  const rows = await tx
    .insert(inboxEvent)
    .values(
      distinct.map((event) => ({
        eventId: event.id,
        loanRef: event.data.loanRef,
        type: event.type,
        effectiveAt: event.timestamp,
        receivedAt,
        fingerprint: prints.get(event.id) ?? '',
        data: event.data,
      })),
    )
    .onConflictDoNothing()
    .returning({ eventId: inboxEvent.eventId });
  const inserted = new Set(rows.map((row) => row.eventId));
  const repeated = distinct.filter((event) => !inserted.has(event.id)).map((event) => event.id);
  if (repeated.length > 0) {
    const stored = await tx
      .select({ eventId: inboxEvent.eventId, fingerprint: inboxEvent.fingerprint })
      .from(inboxEvent)
      .where(inArray(inboxEvent.eventId, repeated));
    for (const row of stored) {
      if (row.fingerprint !== prints.get(row.eventId)) throw conflict(row.eventId);
      known.add(row.eventId);
    }
  }
  return { added: distinct.filter((event) => inserted.has(event.id)), known };
}

function conflict(eventId: string): DomainError {
  return new DomainError('EVENT_CONFLICT', `Event ${eventId} was sent before with another content.`, { eventId });
}

/**
 * Serialises all work on the same loans, also on loans that have no row yet: a payment that arrives together with its
 * loan must not be parked for ever. Always in one order, so two batches cannot wait for each other.
 */
async function lockLoans(tx: Transaction, loanRefs: readonly string[]): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(ref, 1)) from (
      select ref from jsonb_array_elements_text(${JSON.stringify(loanRefs)}::jsonb) as ref order by ref
    ) as ordered`,
  );
}
