import { and, eq, inArray } from 'drizzle-orm';
import type { StandingView } from '../domain/case-state.ts';
import type { DebtorEvent } from '../domain/debtor-events.ts';
import { holdsOf } from '../domain/debtor-standing.ts';
import { DomainError } from '../domain/errors.ts';
import { hardshipsOf } from '../domain/hardship.ts';
import type { Instant } from '../domain/instant.ts';
import { compareText } from '../domain/order.ts';
import { type RecordEntry, addToRecord } from './case-record.ts';
import type { Database, Transaction } from './client.ts';
import { fingerprintOf } from './fingerprint.ts';
import { leaveWord } from './outbox.ts';
import { collectionCase, debtor, debtorEvent } from './schema.ts';

export interface DebtorAcceptance {
  readonly eventId: string;
  /** `duplicate`: it was there already, with the same content. */
  readonly status: 'accepted' | 'duplicate';
}

/**
 * Takes in what was said about debtors, all of it in one transaction or nothing. An event sent again changes nothing; the
 * order of arrival does not matter; the debtor need not be known yet. When the promise resolves, no contact that is
 * decided from then on overlooks it.
 * @throws EVENT_CONFLICT when an id comes again with another content
 */
export function acceptDebtorEvents(
  db: Database,
  events: readonly DebtorEvent[],
  receivedAt: Instant,
): Promise<DebtorAcceptance[]> {
  return db.transaction((tx) => addDebtorEvents(tx, events, receivedAt));
}

/** The same within a transaction that does more. @throws EVENT_CONFLICT */
export async function addDebtorEvents(
  tx: Transaction,
  events: readonly DebtorEvent[],
  receivedAt: Instant,
): Promise<DebtorAcceptance[]> {
  if (events.length === 0) return [];
  await lockDebtors(tx, [...new Set(events.map((event) => event.data.debtorRef))]);
  const rows = new Map<string, typeof debtorEvent.$inferInsert>();
  for (const { id: eventId, type, timestamp: effectiveAt, data } of events) {
    const fingerprint = fingerprintOf({ type, effectiveAt, data });
    const before = rows.get(eventId);
    if (before && before.fingerprint !== fingerprint) throw conflict(eventId);
    rows.set(eventId, { eventId, debtorRef: data.debtorRef, type, effectiveAt, receivedAt, fingerprint, data });
  }
  const inserted = await tx
    .insert(debtorEvent)
    .values([...rows.values()].toSorted((a, b) => compareText(a.eventId, b.eventId)))
    .onConflictDoNothing()
    .returning({ eventId: debtorEvent.eventId });
  const added = new Set(inserted.map((row) => row.eventId));
  const repeated = [...rows.keys()].filter((eventId) => !added.has(eventId));
  if (repeated.length > 0) {
    const { eventId, fingerprint } = debtorEvent;
    const stored = await tx.select({ eventId, fingerprint }).from(debtorEvent).where(inArray(eventId, repeated));
    for (const row of stored) if (row.fingerprint !== rows.get(row.eventId)?.fingerprint) throw conflict(row.eventId);
  }
  await tellCases(
    tx,
    events.filter(({ id }) => added.has(id)),
    receivedAt,
  );
  return events.map(({ id }) => ({ eventId: id, status: added.delete(id) ? 'accepted' : 'duplicate' }));
}

/** Puts holds and hardships on the record of the open cases that they concern, and leaves word for those cases. */
async function tellCases(tx: Transaction, events: readonly DebtorEvent[], receivedAt: Instant): Promise<void> {
  for (const event of events) {
    const news = newsOf(event);
    if (!news) continue;
    const { type, timestamp, data } = event;
    const concerned = await tx
      .select({ loanRef: collectionCase.loanRef, episode: collectionCase.episode })
      .from(collectionCase)
      .where(and(eq(collectionCase.debtorRef, data.debtorRef), eq(collectionCase.outcome, 'open')))
      .orderBy(collectionCase.loanRef);
    for (const key of concerned) {
      if (news.loanRef !== undefined && news.loanRef !== key.loanRef) continue;
      const facts = { type, at: timestamp, source: data.source, ...news.facts };
      await addToRecord(tx, key, [{ kind: news.kind, facts }]);
      await leaveWord(tx, [key.loanRef], receivedAt, 'standing');
    }
  }
}

/** What is news to cases; null for what they need not know, since contacts are judged by the database. */
function newsOf({ id, type, data }: DebtorEvent): (RecordEntry & { readonly loanRef?: string | undefined }) | null {
  switch (type) {
    case 'hold.placed': {
      const { reason, until = null, loanRef } = data;
      return { kind: 'holdChanged', facts: { holdId: id, reason, until }, loanRef };
    }
    case 'hold.released':
    case 'treatment.ended':
      return { kind: 'holdChanged', facts: { holdId: data.holdEventId } };
    case 'hardship.claimed': {
      const { reason, until = null } = data;
      // Of the evidence the hashes: that a file is the one that was shown can be proven as long as the lender has it.
      const evidence = data.evidence.map(({ kind, sha256 }) => `${kind}:${sha256}`);
      return { kind: 'hardshipChanged', facts: { claimId: id, reason, until, evidence } };
    }
    case 'hardship.ended':
      return { kind: 'hardshipChanged', facts: { claimId: data.claimEventId } };
    default:
      return null;
  }
}

/** What was said about a debtor, in no certain order. */
export async function debtorEventsOf(db: Database | Transaction, debtorRef: string): Promise<DebtorEvent[]> {
  const rows = await db.select().from(debtorEvent).where(eq(debtorEvent.debtorRef, debtorRef));
  return rows.map(eventOfRow);
}

/** A stored event as it was sent. */
export function eventOfRow({
  eventId,
  type,
  effectiveAt,
  data,
}: Pick<typeof debtorEvent.$inferSelect, 'eventId' | 'type' | 'effectiveAt' | 'data'>): DebtorEvent {
  return { id: eventId, type, timestamp: effectiveAt, data } as DebtorEvent;
}

/**
 * Waits for contacts of these debtors that are just being decided, so that what is said now is later than they are.
 * Always in one order, so two batches cannot wait for each other.
 * @returns those that are known.
 */
export function lockDebtors(
  tx: Transaction,
  debtorRefs: readonly string[],
): Promise<Pick<typeof debtor.$inferSelect, 'debtorRef' | 'zone'>[]> {
  return tx
    .select({ debtorRef: debtor.debtorRef, zone: debtor.zone })
    .from(debtor)
    .where(inArray(debtor.debtorRef, [...debtorRefs]))
    .orderBy(debtor.debtorRef)
    .for('no key update');
}

function conflict(eventId: string): DomainError {
  return new DomainError('EVENT_CONFLICT', `Event ${eventId} was sent before with another content.`, { eventId });
}

/** What the cases of a debtor are told of their standing. */
export async function standingViewOf(db: Database | Transaction, debtorRef: string): Promise<StandingView> {
  const events = await debtorEventsOf(db, debtorRef);
  const hardships = hardshipsOf(events);
  return { version: events.length, holds: holdsOf(events), ...(hardships.length > 0 && { hardships }) };
}
