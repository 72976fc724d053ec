import { and, eq, gte, sql } from 'drizzle-orm';
import { type PastContact, LEDGER_LOOKS_BACK_DAYS } from '../domain/contact-ledger.ts';
import type { DebtorEvent } from '../domain/debtor-events.ts';
import { DomainError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { Transaction } from './client.ts';
import { debtorEventsOf } from './debtor-events.ts';
import { contact, debtor, loan } from './schema.ts';

/** A debtor with one of their loans, both locked: nobody else decides a contact with them meanwhile. */
export interface LockedDebtor {
  readonly person: typeof debtor.$inferSelect;
  readonly loan: typeof loan.$inferSelect;
}

/**
 * Takes the debtor's lock, and reads the loan so that a payment that is being posted is waited for.
 * @throws LOAN_UNKNOWN
 */
export async function lockDebtorOf(tx: Transaction, loanRef: string): Promise<LockedDebtor> {
  const [owner] = await tx
    .select({ person: debtor })
    .from(debtor)
    .innerJoin(loan, eq(loan.debtorRef, debtor.debtorRef))
    .where(eq(loan.loanRef, loanRef))
    .for('update', { of: debtor });
  // Shared with other contacts. A statement of its own, so that it sees what was committed while the lock was waited for.
  const [row] = await tx.select().from(loan).where(eq(loan.loanRef, loanRef)).for('share');
  if (!owner || !row) throw new DomainError('LOAN_UNKNOWN', `Loan ${loanRef} is not known.`);
  return { person: owner.person, loan: row };
}

/** What was said about a debtor, and the contacts with them over all loans that may still matter at an instant. */
export async function readDebtorFacts(
  tx: Transaction,
  debtorRef: string,
  now: Instant,
): Promise<{ readonly events: readonly DebtorEvent[]; readonly past: readonly PastContact[] }> {
  const { key, at, localDate, initiator, channel, status, result, delivery, loanRef, address, person } = contact;
  const since = sql`${now}::timestamptz - make_interval(days => ${LEDGER_LOOKS_BACK_DAYS})`;
  // Asked at once: the answers come in one way there and back.
  const [events, past] = await Promise.all([
    debtorEventsOf(tx, debtorRef),
    tx
      .select({ key, at, localDate, initiator, channel, status, result, delivery, loanRef, address, person })
      .from(contact)
      .where(and(eq(contact.debtorRef, debtorRef), gte(at, since))),
  ]);
  return { events, past };
}
