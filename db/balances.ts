import { sql } from 'drizzle-orm';
import { type Balance, balanceOf } from '../domain/balance.ts';
import type { BalanceTerms } from '../domain/balance-terms.ts';
import { DomainError, type ErrorCode } from '../domain/errors.ts';
import type { LoanDueSoon, LoanEvent, LoanOverdue, Statement } from '../domain/events.ts';
import { lastEffectOf } from '../domain/open-case.ts';
import { compareText } from '../domain/order.ts';
import { type StrategyTerms, readTerms } from './balance-terms.ts';
import { selectRows, setExcluded } from './bulk.ts';
import type { Transaction } from './client.ts';
import { type StoredEvent, storedEvents } from './loan-events.ts';
import { debtor, inboxEvent, loan } from './schema.ts';

type StatementEvent = LoanDueSoon | LoanOverdue;
type LoanRow = typeof loan.$inferInsert;

/** The events of a loan that count, and those waiting that turned out not to. */
interface Fold {
  readonly counted: readonly LoanEvent[];
  readonly balance: Balance | null;
  readonly refused: readonly { readonly event: LoanEvent; readonly code: ErrorCode }[];
}

/**
 * Makes the balances of loans anew from all their events, which stand in the inbox; `added` are the new ones.
 * @param active the terms of loans that have no open case.
 * @returns the loans that have a balance; events of the others are parked.
 * @throws MONEY_CURRENCY_MISMATCH, MONEY_NOT_SAFE_INTEGER when a new event does not fit its loan
 */
export async function refold(
  tx: Transaction,
  added: readonly LoanEvent[],
  active: StrategyTerms,
): Promise<ReadonlySet<string>> {
  const byLoan = await storedEvents(tx, [...new Set(added.map((event) => event.data.loanRef))]);
  const termsOf = await readTerms(tx, [...byLoan.values()].flatMap(statementOf), active);
  const loans: LoanRow[] = [];
  const changes: InboxChange[] = [];
  for (const [loanRef, stored] of byLoan) {
    const fold = foldOf(stored, termsOf(loanRef));
    const last = lastStatement(fold.counted);
    if (fold.balance && last) loans.push(loanRow(last, fold.balance, fold.counted));
    changes.push(...changesOf(stored, fold));
  }
  await changeInbox(tx, changes);
  await upsertDebtors(tx, added.filter(isStatement));
  await upsertLoans(tx, loans);
  return new Set(loans.map((row) => row.loanRef));
}

/**
 * Folds what counts. An event that waited for its loan and does not fit it is left out for good: it was promised to be
 * kept, and must not keep its loan out.
 */
function foldOf(stored: readonly StoredEvent[], terms: BalanceTerms): Fold {
  const all = stored.map(({ event }) => event);
  const waiting = stored.filter(({ parked }) => parked).map(({ event }) => event);
  try {
    return { counted: all, balance: balanceOf(all, terms), refused: [] };
  } catch (error) {
    if (!(error instanceof DomainError) || waiting.length === 0) throw error;
  }
  let counted = all.filter((event) => !waiting.includes(event));
  let balance = balanceOf(counted, terms);
  const refused: { event: LoanEvent; code: ErrorCode }[] = [];
  for (const event of waiting.toSorted(inOrder)) {
    try {
      balance = balanceOf([...counted, event], terms);
      counted = [...counted, event];
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      refused.push({ event, code: error.code });
    }
  }
  return { counted, balance, refused };
}

function isStatement(event: LoanEvent): event is StatementEvent {
  return event.type === 'loan.due_soon' || event.type === 'loan.overdue';
}

/** By effect; at one instant an announcement comes before the fact, as it does in the fold. */
function inOrder(a: LoanEvent, b: LoanEvent): number {
  return compareText(a.timestamp, b.timestamp) || compareText(a.type, b.type) || compareText(a.id, b.id);
}

function lastStatement(events: readonly LoanEvent[]): StatementEvent | undefined {
  return events.filter(isStatement).toSorted(inOrder).at(-1);
}

/** The latest statement of a loan, if it has one. */
function statementOf(stored: readonly StoredEvent[]): Statement[] {
  const last = lastStatement(stored.map(({ event }) => event));
  return last ? [last.data] : [];
}

function loanRow({ data: statement }: StatementEvent, balance: Balance, counted: readonly LoanEvent[]): LoanRow {
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
    version: counted.length,
    effectiveAt: lastEffectOf(counted),
  };
}

interface InboxChange {
  readonly event_id: string;
  readonly parked: boolean;
  readonly refusal: ErrorCode | null;
}

/** The events of a loan that are parked now, no longer parked, or refused. */
function changesOf(stored: readonly StoredEvent[], { balance, refused }: Fold): InboxChange[] {
  const refusals = new Map(refused.map(({ event, code }) => [event.id, code]));
  return stored.flatMap(({ event, parked }) =>
    parked === (balance === null)
      ? []
      : [{ event_id: event.id, parked: balance === null, refusal: refusals.get(event.id) ?? null }],
  );
}

async function changeInbox(tx: Transaction, changes: readonly InboxChange[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.execute(sql`
    update ${inboxEvent} set parked = change.parked, refusal = change.refusal
    from json_to_recordset(${JSON.stringify(changes)}::json) as change (event_id text, parked boolean, refusal text)
    where ${inboxEvent.eventId} = change.event_id`);
}

/** A debtor is as the latest statement says, of whichever of their loans and in whatever order they come. */
async function upsertDebtors(tx: Transaction, statements: readonly StatementEvent[]): Promise<void> {
  if (statements.length === 0) return;
  const latest = new Map(
    statements.toSorted(inOrderOfStatement).map((event) => [event.data.debtor.debtorRef, debtorRow(event)]),
  );
  // In one order, so that two batches with the same debtors do not wait for each other.
  const rows = [...latest.values()].toSorted((a, b) => compareText(a.debtorRef, b.debtorRef));
  await tx
    .insert(debtor)
    .select(selectRows(debtor, rows))
    .onConflictDoUpdate({
      target: debtor.debtorRef,
      set: setExcluded(debtor, debtor.debtorRef),
      setWhere: sql`(excluded.stated_at, excluded.stated_by collate "C") > (${debtor.statedAt}, ${debtor.statedBy})`,
    });
}

/** As the database compares them below. */
function inOrderOfStatement(a: StatementEvent, b: StatementEvent): number {
  return compareText(a.timestamp, b.timestamp) || compareText(a.id, b.id);
}

function debtorRow({ id, timestamp, data }: StatementEvent): typeof debtor.$inferInsert {
  const { debtorRef, zone, language, phone, email, pushId } = data.debtor;
  const addresses = { phone: phone ?? null, email: email ?? null, pushId: pushId ?? null };
  return { debtorRef, zone, language, ...addresses, statedAt: timestamp, statedBy: id };
}

async function upsertLoans(tx: Transaction, rows: readonly LoanRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insert(loan)
    .select(selectRows(loan, rows))
    .onConflictDoUpdate({ target: loan.loanRef, set: setExcluded(loan, loan.loanRef) });
}
