import { and, asc, desc, eq, gt } from 'drizzle-orm';
import type { CaseOutcome } from '../../domain/run-result.ts';
import { strategyRef } from '../../domain/strategy.ts';
import type { Database } from '../client.ts';
import { collectionCase, contact, loan, task } from '../schema.ts';

const summaryColumns = {
  loanRef: collectionCase.loanRef,
  episode: collectionCase.episode,
  outcome: collectionCase.outcome,
  openedAt: collectionCase.openedAt,
  closedAt: collectionCase.closedAt,
  strategyId: collectionCase.strategyId,
  strategyVersion: collectionCase.strategyVersion,
  currency: loan.currency,
  overdueMinor: loan.overdueMinor,
};

interface SummaryRow {
  loanRef: string;
  episode: number;
  outcome: CaseOutcome;
  openedAt: string;
  closedAt: string | null;
  strategyId: string;
  strategyVersion: number;
  currency: string;
  overdueMinor: number;
}

function toSummary({ strategyId, strategyVersion, currency, overdueMinor, ...row }: SummaryRow) {
  return {
    ...row,
    strategy: strategyRef({ id: strategyId, version: strategyVersion }),
    overdue: { amountMinor: overdueMinor, currency },
  };
}

/** A page of the latest cases of loans, in order of their references. */
export async function caseList(
  db: Database,
  page: { readonly outcome?: CaseOutcome | undefined; readonly after?: string | undefined; readonly limit: number },
) {
  const latest = db
    .selectDistinctOn([collectionCase.loanRef], summaryColumns)
    .from(collectionCase)
    .innerJoin(loan, eq(loan.loanRef, collectionCase.loanRef))
    .where(page.after === undefined ? undefined : gt(collectionCase.loanRef, page.after))
    .orderBy(collectionCase.loanRef, desc(collectionCase.episode))
    .as('latest');
  const rows = await db
    .select()
    .from(latest)
    .where(page.outcome === undefined ? undefined : eq(latest.outcome, page.outcome))
    .orderBy(asc(latest.loanRef))
    .limit(page.limit);
  return rows.map(toSummary);
}

/** The latest case of a loan with everything that was done; null when it has none. */
export async function caseByLoan(db: Database, loanRef: string) {
  const [row] = await db
    .select({ ...summaryColumns, dueOn: loan.dueOn, paidMinor: loan.paidMinor, due: loan.due })
    .from(collectionCase)
    .innerJoin(loan, eq(loan.loanRef, collectionCase.loanRef))
    .where(eq(collectionCase.loanRef, loanRef))
    .orderBy(desc(collectionCase.episode))
    .limit(1);
  if (!row) return null;
  const { dueOn, paidMinor, due, ...summary } = row;
  const contacts = await db
    .select()
    .from(contact)
    .where(and(eq(contact.loanRef, loanRef), eq(contact.episode, row.episode)))
    .orderBy(asc(contact.at), asc(contact.key));
  const tasks = await db
    .select()
    .from(task)
    .where(and(eq(task.loanRef, loanRef), eq(task.episode, row.episode)))
    .orderBy(asc(task.openedAt), asc(task.taskId));
  return {
    ...toSummary(summary),
    dueOn,
    due,
    paid: { amountMinor: paidMinor, currency: row.currency },
    contacts: contacts.map(({ key, initiator, step, channel, at, status, rules, result, delivery }) => ({
      key,
      initiator,
      step,
      channel,
      at,
      status,
      rules,
      result,
      delivery,
    })),
    tasks: tasks.map(({ taskId, kind, status, openedAt }) => ({ taskId, kind, status, openedAt })),
  };
}
