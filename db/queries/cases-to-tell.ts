import { desc, eq, inArray, sql } from 'drizzle-orm';
import type { BalanceView } from '../../domain/case-state.ts';
import type { Database } from '../client.ts';
import { collectionCase, loan, outbox } from '../schema.ts';
import { viewOfLoan } from './balance-view.ts';

/** What a case is to be told: the newest balance, and whether a case is to be opened when none is running. */
export interface CaseWord {
  readonly loanRef: string;
  readonly balance: BalanceView;
  readonly mayOpen: boolean;
  /** All words that stood in the outbox when the balance was read: it is what they tell of. */
  readonly wordIds: readonly number[];
}

/** After these ends a loan's money is no longer collected here, whatever is still due. */
export const FINAL_OUTCOMES: ReadonlySet<string> = new Set(['legalHandoff', 'writtenOff', 'recalled']);

/** What to tell the cases of loans; parked loans, which have no balance yet, are left out. */
export async function casesToTell(db: Database, loanRefs: readonly string[]): Promise<CaseWord[]> {
  const refs = [...loanRefs];
  const wordIds = db
    .select({ ids: sql`coalesce(json_agg(${outbox.id}), '[]')`.as('ids') })
    .from(outbox)
    .where(eq(outbox.loanRef, loan.loanRef));
  // One statement, so that balance and words are of one moment.
  const loans = await db
    .select({ row: loan, wordIds: sql<number[]>`(${wordIds})` })
    .from(loan)
    .where(inArray(loan.loanRef, refs));
  const cases = await db
    .selectDistinctOn([collectionCase.loanRef], { loanRef: collectionCase.loanRef, outcome: collectionCase.outcome })
    .from(collectionCase)
    .where(inArray(collectionCase.loanRef, refs))
    .orderBy(collectionCase.loanRef, desc(collectionCase.episode));
  const outcomes = new Map(cases.map((row) => [row.loanRef, row.outcome]));
  return loans.map(({ row, wordIds }) => {
    const balance = viewOfLoan(row);
    const isOver = FINAL_OUTCOMES.has(outcomes.get(row.loanRef) ?? 'open') || balance.closed !== null;
    return {
      loanRef: row.loanRef,
      balance,
      mayOpen: balance.overdueMinor > 0 && !isOver,
      wordIds,
    };
  });
}
