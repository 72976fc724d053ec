import { and, desc, eq, gte, isNull, sql } from 'drizzle-orm';
import { storeAgreements } from '../db/agreements.ts';
import { type RecordEntry, addToRecord } from '../db/case-record.ts';
import type { Transaction } from '../db/client.ts';
import { acceptDebtorEvents, standingViewOf } from '../db/debtor-events.ts';
import { viewOfLoan } from '../db/queries/balance-view.ts';
import { receiptsSince } from '../db/queries/receipts-since.ts';
import { FINAL_OUTCOMES } from '../db/queries/cases-to-tell.ts';
import { pinnedStrategy } from '../db/queries/pinned-strategy.ts';
import { collectionCase, inboxEvent, loan, strategyVersion, task } from '../db/schema.ts';
import type { BalanceView, CaseState, StandingView } from '../domain/case-state.ts';
import { DomainError } from '../domain/errors.ts';
import { type Instant, instantOf } from '../domain/instant.ts';
import { openCase, stepsOf } from '../domain/open-case.ts';
import { ENDED_BY_MONEY, reopenedCase } from '../domain/reopen-case.ts';
import { strategyRef } from '../domain/strategy.ts';
import type { CaseActivities } from '../workflows/contract.ts';
import type { ActiveStrategy, Dependencies } from './dependencies.ts';

type RecordActivities = Omit<CaseActivities, 'makeContacts'>;

/** The activities that keep the case's own rows: opening, tasks, answers, closing. */
export function caseRecords({ db, active, calendarOf }: Dependencies): RecordActivities {
  return {
    openCase: ({ loanRef, runId, at }) =>
      db.transaction(async (tx) => {
        const row = await lockedLoan(tx, loanRef);
        const last = await lastEpisode(tx, loanRef);
        const balance = viewOfLoan(row);
        // An episode that is open is this one: the opening is tried again, or the engine has lost the run that opened
        // it. What was done is in the ledger under the same keys, so nothing of it is done twice.
        const running = last?.outcome === 'open' ? last : null;
        const isOver = last !== null && FINAL_OUTCOMES.has(last.outcome);
        if (!running && (isOver || balance.overdueMinor <= 0 || balance.closed)) return null;
        const standing = await standingViewOf(tx, row.debtorRef);
        if (last && !running && (await isTakenBack(tx, last))) return reopen(tx, last, { at, balance, standing });
        const strategy = running ? await pinnedStrategy(tx, strategyOf(running)) : await useStrategy(tx, active, at);
        const state = openCase({
          statement: row.statement,
          episode: running?.episode ?? (last?.episode ?? 0) + 1,
          strategy,
          calendar: calendarOf(strategy.calendar),
          balance,
          standing,
          at: running?.openedAt ?? at,
        });
        if (!running) await insertCase(tx, state, runId);
        return state;
      }),

    openTask: ({ loanRef, episode, task: { taskId, step, kind, openedAt, goesOnAt } }) =>
      db.transaction(async (tx) => {
        const row = { taskId, loanRef, episode, step, kind, openedAt, goesOnAt };
        const added = await tx.insert(task).values(row).onConflictDoNothing().returning({ taskId: task.taskId });
        if (added.length === 0) return;
        await addToRecord(tx, { loanRef, episode }, [
          { kind: 'taskOpened', facts: { taskId, step, task: kind, openedAt } },
        ]);
      }),

    recordAnswers: ({ loanRef, episode, answers }) =>
      db.transaction(async (tx) => {
        const recorded: RecordEntry[] = [];
        for (const { taskId, answer, actor, reason, at } of answers) {
          const changed = await tx
            .update(task)
            .set({ status: 'answered', answer, actor, reason, answeredAt: at })
            .where(and(eq(task.taskId, taskId), eq(task.status, 'open')))
            .returning({ taskId: task.taskId });
          // The reason is a person's own words and stays in the task: a record is never changed, not even to erase.
          if (changed.length > 0) recorded.push({ kind: 'taskAnswered', facts: { taskId, answer, actor, at } });
        }
        await addToRecord(tx, { loanRef, episode }, recorded);
      }),

    recordHolds: async ({ events }) => {
      await acceptDebtorEvents(db, events, instantOf(Date.now()));
    },

    recordAgreements: ({ loanRef, episode, agreements }) => storeAgreements(db, { loanRef, episode }, agreements),

    readReceipts: ({ loanRef, since }) => db.transaction((tx) => receiptsSince(tx, loanRef, since)),

    replanCase: ({ loanRef, episode, pauses }) =>
      db.transaction(async (tx) => {
        const row = await lockedLoan(tx, loanRef);
        const key = and(eq(collectionCase.loanRef, loanRef), eq(collectionCase.episode, episode));
        const [existing] = await tx.select().from(collectionCase).where(key);
        if (!existing) throw new DomainError('CASE_UNKNOWN', `Loan ${loanRef} has no episode ${episode}.`);
        const strategy = await pinnedStrategy(tx, strategyOf(existing));
        const steps = stepsOf(row.statement, { strategy, calendar: calendarOf(strategy.calendar) }, pauses);
        await tx.update(collectionCase).set({ timetable: steps }).where(key);
        return steps;
      }),

    closeCase: ({ loanRef, episode, outcome, at, balanceVersion, state }) =>
      db.transaction(async (tx) => {
        const balance = viewOfLoan(await lockedLoan(tx, loanRef));
        if (balance.version > balanceVersion) return balance;
        const closed = await tx
          .update(collectionCase)
          .set({ outcome, closedAt: at, closingState: state })
          .where(
            and(
              eq(collectionCase.loanRef, loanRef),
              eq(collectionCase.episode, episode),
              eq(collectionCase.outcome, 'open'),
            ),
          )
          .returning({ episode: collectionCase.episode });
        await tx
          .update(task)
          .set({ status: 'cancelled', answeredAt: at })
          .where(
            and(
              eq(task.loanRef, loanRef),
              eq(task.episode, episode),
              // What people owe a debtor who has complained they owe all the same.
              isNull(task.grievanceId),
              eq(task.status, 'open'),
            ),
          );
        if (closed.length > 0) {
          await addToRecord(tx, { loanRef, episode }, [{ kind: 'caseClosed', facts: { outcome, at, balanceVersion } }]);
        }
        return null;
      }),
  };
}

/** @throws LOAN_UNKNOWN */
async function lockedLoan(tx: Transaction, loanRef: string): Promise<typeof loan.$inferSelect> {
  const [row] = await tx.select().from(loan).where(eq(loan.loanRef, loanRef)).for('update');
  if (!row) throw new DomainError('LOAN_UNKNOWN', `Loan ${loanRef} is not known.`);
  return row;
}

async function lastEpisode(tx: Transaction, loanRef: string): Promise<typeof collectionCase.$inferSelect | null> {
  const [last] = await tx
    .select()
    .from(collectionCase)
    .where(eq(collectionCase.loanRef, loanRef))
    .orderBy(desc(collectionCase.episode))
    .limit(1);
  return last ?? null;
}

type CaseRow = typeof collectionCase.$inferSelect;

/** Whether the money that ended an episode has been taken back since. */
async function isTakenBack(tx: Transaction, { loanRef, outcome, closedAt, closingState }: CaseRow): Promise<boolean> {
  if (!ENDED_BY_MONEY.has(outcome) || closedAt === null || closingState === null) return false;
  const [reversal] = await tx
    .select({ eventId: inboxEvent.eventId })
    .from(inboxEvent)
    .where(
      and(
        eq(inboxEvent.loanRef, loanRef),
        eq(inboxEvent.type, 'payment.reversed'),
        gte(inboxEvent.effectiveAt, closedAt),
        isNull(inboxEvent.refusal),
      ),
    )
    .limit(1);
  return reversal !== undefined;
}

/** Lets an episode go on where it was. */
async function reopen(
  tx: Transaction,
  { loanRef, episode, closingState, closedAt }: CaseRow,
  now: { readonly at: Instant; readonly balance: BalanceView; readonly standing: StandingView },
): Promise<CaseState> {
  if (closingState === null || closedAt === null) throw new TypeError(`Case ${loanRef} was not closed.`);
  await tx
    .update(collectionCase)
    .set({ outcome: 'open', closedAt: null, closingState: null })
    .where(and(eq(collectionCase.loanRef, loanRef), eq(collectionCase.episode, episode)));
  const facts = { at: now.at, closedAt, balanceVersion: now.balance.version };
  await addToRecord(tx, { loanRef, episode }, [{ kind: 'caseReopened', facts }]);
  return reopenedCase(closingState, { ...now, closedAt });
}

async function insertCase(tx: Transaction, state: CaseState, runId: string): Promise<void> {
  await tx.insert(collectionCase).values({
    loanRef: state.loanRef,
    episode: state.episode,
    debtorRef: state.debtorRef,
    openedByRun: runId,
    strategyId: state.strategy.id,
    strategyVersion: state.strategy.version,
    timetable: state.steps,
    openedAt: state.openedAt,
  });
  const { loanRef, episode, debtorRef, openedAt, balance } = state;
  const facts = { debtorRef, strategy: strategyRef(state.strategy), openedAt, balanceVersion: balance.version };
  await addToRecord(tx, { loanRef, episode }, [{ kind: 'caseOpened', facts }]);
}

/**
 * Puts the active strategy on record at its first use; from then on that version is never another.
 * @throws STRATEGY_EDITED
 */
async function useStrategy(tx: Transaction, { strategy, sha256 }: ActiveStrategy, at: Instant) {
  const { id, version } = strategy;
  const [row] = await tx
    .insert(strategyVersion)
    .values({ id, version, sha256, content: strategy, firstUsedAt: at })
    .onConflictDoUpdate({ target: [strategyVersion.id, strategyVersion.version], set: { id: sql`excluded.id` } })
    .returning({ sha256: strategyVersion.sha256 });
  if (row?.sha256 !== sha256) {
    throw new DomainError('STRATEGY_EDITED', `Strategy ${strategyRef(strategy)} was in use with another content.`);
  }
  return strategy;
}

function strategyOf(row: typeof collectionCase.$inferSelect): CaseState['strategy'] {
  return { id: row.strategyId, version: row.strategyVersion };
}
