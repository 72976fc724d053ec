import { and, asc, eq } from 'drizzle-orm';
import type { Database, Transaction } from '../client.ts';
import { collectionCase } from '../schema.ts';

export type CaseRow = typeof collectionCase.$inferSelect;

/** The open case of a loan; null when it has none. It stays open for as long as the loan's row is locked. */
export async function openCaseOf(db: Database | Transaction, loanRef: string): Promise<CaseRow | null> {
  const [row] = await db
    .select()
    .from(collectionCase)
    .where(and(eq(collectionCase.loanRef, loanRef), eq(collectionCase.outcome, 'open')));
  return row ?? null;
}

/** The open cases of a debtor, over all loans, in the order of their loans. */
export function openCasesOf(db: Database | Transaction, debtorRef: string): Promise<CaseRow[]> {
  return db
    .select()
    .from(collectionCase)
    .where(and(eq(collectionCase.debtorRef, debtorRef), eq(collectionCase.outcome, 'open')))
    .orderBy(asc(collectionCase.loanRef));
}
