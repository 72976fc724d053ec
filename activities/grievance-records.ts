import { and, eq, inArray } from 'drizzle-orm';
import { addToRecord } from '../db/case-record.ts';
import type { Database, Transaction } from '../db/client.ts';
import { addDebtorEvents } from '../db/debtor-events.ts';
import { grievance, suspension, task } from '../db/schema.ts';
import { DomainError } from '../domain/errors.ts';
import { holdIdOf, openedGrievance } from '../domain/grievance.ts';
import { instantOf } from '../domain/instant.ts';
import type { GrievanceActivities, GrievanceKey } from '../workflows/grievance-contract.ts';
import { recordDeed } from './grievance-deeds.ts';

/** The activities that keep the rows of complaints and disputes. */
export function grievanceRecords({ db }: { readonly db: Database }): GrievanceActivities {
  return {
    openGrievance: ({ grievanceId }) =>
      db.transaction(async (tx) => {
        const { aboutKind, aboutRef, ...raised } = await lockedGrievance(tx, { grievanceId });
        const about = aboutKind === null || aboutRef === null ? null : { kind: aboutKind, ref: aboutRef };
        const { kind, loanRef, episode, way, raisedAt, levels } = raised;
        const state = openedGrievance({ grievanceId, kind, loanRef, episode, way, about, raisedAt, levels });
        const { acknowledgedAt } = state;
        await tx
          .update(grievance)
          .set({ status: 'open', acknowledgedAt })
          .where(and(eq(grievance.grievanceId, grievanceId), eq(grievance.status, 'raised')));
        return state;
      }),

    openGrievanceTask: ({ key, task: { taskId, step, kind, openedAt, goesOnAt } }) =>
      db.transaction(async (tx) => {
        const { grievanceId, loanRef, episode } = key;
        const row = { taskId, loanRef, episode, grievanceId, step, kind, openedAt, goesOnAt };
        const added = await tx.insert(task).values(row).onConflictDoNothing().returning({ taskId: task.taskId });
        if (added.length === 0 || episode === null) return;
        const facts = { taskId, step, task: kind, openedAt };
        await addToRecord(tx, { loanRef, episode }, [{ kind: 'taskOpened', facts }]);
      }),

    recordDeeds: ({ key, deeds, suspension: suspended, tasks }) =>
      db.transaction(async (tx) => {
        const row = await lockedGrievance(tx, key);
        for (const deed of deeds) await recordDeed(tx, key, deed, tasks);
        const over = tasks.filter(({ endedAt }) => endedAt !== null).map(({ taskId }) => taskId);
        await tx
          .update(task)
          .set({ status: 'cancelled' })
          .where(and(inArray(task.taskId, over), eq(task.status, 'open')));
        if (suspended === null) return;
        const { suspensionId, subject, from, until } = suspended;
        await tx
          .insert(suspension)
          .values({ suspensionId, subjectKind: subject.kind, subjectRef: subject.ref, from, until, reason: row.reason })
          .onConflictDoNothing();
      }),

    closeGrievance: ({ key, at }) =>
      db.transaction(async (tx) => {
        const { grievanceId, kind, loanRef, episode } = key;
        const { debtorRef } = await lockedGrievance(tx, key);
        const holdEventId = holdIdOf(kind, grievanceId);
        const data = { debtorRef, holdEventId, source: 'kept' };
        const released = { id: `${holdEventId}:released`, type: 'hold.released', timestamp: at, data } as const;
        await addDebtorEvents(tx, [released], instantOf(Date.now()));
        const closed = await tx
          .update(grievance)
          .set({ status: 'closed', closedAt: at })
          .where(and(eq(grievance.grievanceId, grievanceId), eq(grievance.status, 'open')))
          .returning({ grievanceId: grievance.grievanceId });
        if (closed.length === 0 || episode === null) return;
        await addToRecord(tx, { loanRef, episode }, [{ kind: 'grievanceClosed', facts: { grievanceId, kind, at } }]);
      }),
  };
}

/** Two tries of one activity at once come one after the other. @throws GRIEVANCE_UNKNOWN */
async function lockedGrievance(
  tx: Transaction,
  { grievanceId }: Pick<GrievanceKey, 'grievanceId'>,
): Promise<typeof grievance.$inferSelect> {
  const [row] = await tx.select().from(grievance).where(eq(grievance.grievanceId, grievanceId)).for('update');
  if (!row) throw new DomainError('GRIEVANCE_UNKNOWN', `${grievanceId} was not raised.`);
  return row;
}
