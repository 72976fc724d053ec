import { createHash } from 'node:crypto';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { type Balance, balanceOf } from '../domain/balance.ts';
import { DomainError } from '../domain/errors.ts';
import type { Debtor, LoanEvent, Statement } from '../domain/events.ts';
import type { Instant } from '../domain/instant.ts';
import type { Component } from '../domain/strategy.ts';
import type { Database, Transaction } from './client.ts';
import { debtor, inboxEvent, loan, outbox } from './schema.ts';

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

/** Makes the balances of loans anew from all their events and leaves word for the relay. */
async function refold(
  tx: Transaction,
  loanRefs: readonly string[],
  context: IntakeContext,
): Promise<Map<string, Balance>> {
  const balances = new Map<string, Balance>();
  if (loanRefs.length === 0) return balances;
  const rows = await tx.select().from(inboxEvent).where(inArray(inboxEvent.loanRef, loanRefs));
  const byLoan = Map.groupBy(rows, (row) => row.loanRef);
  const loans: (typeof loan.$inferInsert)[] = [];
  const debtors = new Map<string, Debtor>();
  const parked: string[] = [];
  for (const [loanRef, stored] of byLoan) {
    const events = stored.map(toEvent);
    const statement = lastStatement(events);
    const balance = balanceOf(events, context.allocation);
    if (!balance || !statement) {
      parked.push(loanRef);
      continue;
    }
    balances.set(loanRef, balance);
    debtors.set(statement.debtor.debtorRef, statement.debtor);
    loans.push(loanRow(statement, balance, events.length));
  }
  await markParked(tx, rows, parked);
  if (loans.length === 0) return balances;
  await upsertDebtors(tx, [...debtors.values()]);
  await upsertLoans(tx, loans);
  const word = { createdAt: context.receivedAt, notBefore: context.receivedAt };
  await tx.insert(outbox).values(loans.map(({ loanRef }) => ({ loanRef, ...word })));
  return balances;
}

/** The event as it was sent, from its row. */
export function toEvent(row: typeof inboxEvent.$inferSelect): LoanEvent {
  return { id: row.eventId, type: row.type, timestamp: row.effectiveAt, data: row.data } as LoanEvent;
}

function lastStatement(events: readonly LoanEvent[]): Statement | null {
  let last: LoanEvent | null = null;
  for (const event of events) {
    const states = event.type === 'loan.due_soon' || event.type === 'loan.overdue';
    if (states && (!last || event.timestamp >= last.timestamp)) last = event;
  }
  return last && (last.data as Statement);
}

function loanRow(statement: Statement, balance: Balance, version: number): typeof loan.$inferInsert {
  return {
    loanRef: statement.loanRef,
    debtorRef: statement.debtor.debtorRef,
    currency: balance.currency,
    dueOn: statement.dueOn,
    statement,
    due: balance.due,
    overdueMinor: balance.overdueMinor,
    paidMinor: balance.paidMinor,
    overpaidMinor: balance.overpaidMinor,
    outstandingMinor: balance.outstandingMinor,
    clearedAt: balance.cleared?.at ?? null,
    clearedOutstandingMinor: balance.cleared?.outstandingMinor ?? null,
    closedAt: balance.closed?.at ?? null,
    closedReason: balance.closed?.reason ?? null,
    version,
  };
}

async function markParked(
  tx: Transaction,
  rows: readonly (typeof inboxEvent.$inferSelect)[],
  parkedLoans: readonly string[],
): Promise<void> {
  const set = async (loanRefs: readonly string[], parked: boolean) => {
    if (loanRefs.length === 0) return;
    await tx
      .update(inboxEvent)
      .set({ parked })
      .where(and(inArray(inboxEvent.loanRef, [...loanRefs]), eq(inboxEvent.parked, !parked)));
  };
  await set(parkedLoans, true);
  const released = rows.filter((row) => row.parked && !parkedLoans.includes(row.loanRef)).map((row) => row.loanRef);
  await set([...new Set(released)], false);
}

async function upsertDebtors(tx: Transaction, debtors: readonly Debtor[]): Promise<void> {
  const values = debtors
    .toSorted((a, b) => (a.debtorRef < b.debtorRef ? -1 : 1))
    .map(({ debtorRef, zone, language, phone, email, pushId }) => ({
      debtorRef,
      zone,
      language,
      phone: phone ?? null,
      email: email ?? null,
      pushId: pushId ?? null,
    }));
  await tx
    .insert(debtor)
    .values(values)
    .onConflictDoUpdate({
      target: debtor.debtorRef,
      set: {
        zone: sql`excluded.zone`,
        language: sql`excluded.language`,
        phone: sql`excluded.phone`,
        email: sql`excluded.email`,
        pushId: sql`excluded.push_id`,
      },
    });
}

async function upsertLoans(tx: Transaction, loans: (typeof loan.$inferInsert)[]): Promise<void> {
  await tx
    .insert(loan)
    .values(loans)
    .onConflictDoUpdate({
      target: loan.loanRef,
      set: {
        debtorRef: sql`excluded.debtor_ref`,
        currency: sql`excluded.currency`,
        dueOn: sql`excluded.due_on`,
        statement: sql`excluded.statement`,
        due: sql`excluded.due`,
        overdueMinor: sql`excluded.overdue_minor`,
        paidMinor: sql`excluded.paid_minor`,
        overpaidMinor: sql`excluded.overpaid_minor`,
        outstandingMinor: sql`excluded.outstanding_minor`,
        clearedAt: sql`excluded.cleared_at`,
        clearedOutstandingMinor: sql`excluded.cleared_outstanding_minor`,
        closedAt: sql`excluded.closed_at`,
        closedReason: sql`excluded.closed_reason`,
        version: sql`excluded.version`,
      },
    });
}
