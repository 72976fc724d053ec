import { and, asc, desc, eq, gt, gte, isNull, lte, or, sql } from 'drizzle-orm';
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
    .select({
      ...summaryColumns,
      debtorRef: collectionCase.debtorRef,
      dueOn: loan.dueOn,
      paidMinor: loan.paidMinor,
      due: loan.due,
    })
    .from(collectionCase)
    .innerJoin(loan, eq(loan.loanRef, collectionCase.loanRef))
    .where(eq(collectionCase.loanRef, loanRef))
    .orderBy(desc(collectionCase.episode))
    .limit(1);
  if (!row) return null;
  const { debtorRef: _debtorRef, dueOn, paidMinor, due, ...summary } = row;
  const contacts = await contactsOf(db, row);
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
    contacts,
    tasks: tasks.map(({ taskId, kind, status, openedAt }) => ({ taskId, kind, status, openedAt })),
  };
}

/** Contacts of a case in their order, ours and the debtor's; those too of which the debtor did not say which loan they are about. */
function contactsOf(
  db: Database,
  {
    loanRef,
    episode,
    debtorRef,
    openedAt,
    closedAt,
  }: Pick<SummaryRow, 'loanRef' | 'episode' | 'openedAt' | 'closedAt'> & {
    readonly debtorRef: string;
  },
) {
  const { key, initiator, person, step, actor, channel, at, status, rules, deferredUntil } = contact;
  const { result, delivery, noteFindings } = contact;
  const columns = { key, initiator, person, step, actor, channel, at, status, rules, until: deferredUntil };
  const ofWholeDebtor = and(
    isNull(contact.loanRef),
    eq(contact.debtorRef, debtorRef),
    gte(at, openedAt),
    closedAt === null ? undefined : lte(at, closedAt),
  );
  return db
    .select({ ...columns, result, delivery, noteFindings: sql<string[]>`coalesce(${noteFindings}, '{}')` })
    .from(contact)
    .where(or(and(eq(contact.loanRef, loanRef), eq(contact.episode, episode)), ofWholeDebtor))
    .orderBy(asc(at), asc(key));
}
