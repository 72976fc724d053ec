import { and, eq, inArray, sql } from 'drizzle-orm';
import { type Balance, balanceOf } from '../domain/balance.ts';
import type { Debtor, LoanDueSoon, LoanEvent, LoanOverdue, Statement } from '../domain/events.ts';
import type { Instant } from '../domain/instant.ts';
import { lastEffectOf } from '../domain/open-case.ts';
import type { Component } from '../domain/strategy.ts';
import type { Transaction } from './client.ts';
import { debtor, inboxEvent, loan, outbox } from './schema.ts';

/** Makes the balances of loans anew from all their events and leaves word for the relay. */
export async function refold(
  tx: Transaction,
  loanRefs: readonly string[],
  context: { readonly receivedAt: Instant; readonly allocation: readonly Component[] },
): Promise<Map<string, Balance>> {
  const balances = new Map<string, Balance>();
  if (loanRefs.length === 0) return balances;
  const rows = await tx.select().from(inboxEvent).where(inArray(inboxEvent.loanRef, loanRefs));
  const byLoan = new Map<string, LoanEvent[]>(loanRefs.map((loanRef) => [loanRef, []]));
  for (const row of rows) byLoan.get(row.loanRef)?.push(toEvent(row));
  const loans: (typeof loan.$inferInsert)[] = [];
  const debtors = new Map<string, Debtor>();
  const parked: string[] = [];
  for (const [loanRef, events] of byLoan) {
    const statement = lastStatement(events);
    const balance = balanceOf(events, context.allocation);
    if (!balance || !statement) {
      parked.push(loanRef);
      continue;
    }
    balances.set(loanRef, balance);
    debtors.set(statement.debtor.debtorRef, statement.debtor);
    loans.push(loanRow(statement, balance, events));
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
  let last: LoanDueSoon | LoanOverdue | null = null;
  for (const event of events) {
    const states = event.type === 'loan.due_soon' || event.type === 'loan.overdue';
    if (states && (!last || event.timestamp >= last.timestamp)) last = event;
  }
  return last?.data ?? null;
}

function loanRow(statement: Statement, balance: Balance, events: readonly LoanEvent[]): typeof loan.$inferInsert {
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
    version: events.length,
    effectiveAt: lastEffectOf(events),
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
        effectiveAt: sql`excluded.effective_at`,
      },
    });
}
