import { and, eq, isNull } from 'drizzle-orm';
import { type RecordEntry, addToRecord } from '../db/case-record.ts';
import type { Transaction } from '../db/client.ts';
import { grievance, task } from '../db/schema.ts';
import type { GivenAnswer } from '../domain/case-state.ts';
import { type Deed, GRIEVANCE_OUTCOMES } from '../domain/grievance.ts';
import type { Duty, GrievanceTask } from '../domain/grievance-duties.ts';
import type { GrievanceKey } from '../workflows/grievance-contract.ts';

/** Puts something that a person did about a grievance into its row and on the record of its case, once. */
export async function recordDeed(
  tx: Transaction,
  key: GrievanceKey,
  deed: Deed,
  tasks: readonly GrievanceTask[],
): Promise<void> {
  const entries =
    deed.type === 'taskAnswered'
      ? await taskAnswered(tx, key, deed.answer, tasks)
      : await debtorAnswered(tx, key, deed);
  const { loanRef, episode } = key;
  if (episode !== null) await addToRecord(tx, { loanRef, episode }, entries);
}

async function taskAnswered(
  tx: Transaction,
  key: GrievanceKey,
  given: GivenAnswer,
  tasks: readonly GrievanceTask[],
): Promise<RecordEntry[]> {
  const { taskId, answer, actor, reason, at } = given;
  const changed = await tx
    .update(task)
    .set({ status: 'answered', answer, actor, reason, answeredAt: at })
    .where(and(eq(task.taskId, taskId), eq(task.status, 'open')))
    .returning({ taskId: task.taskId });
  if (changed.length === 0) return [];
  // The reason is a person's own words and stays in the rows: a record is never changed, not even to erase.
  const entries: RecordEntry[] = [{ kind: 'taskAnswered', facts: { taskId, answer, actor, at } }];
  const done = tasks.find((each) => each.taskId === taskId);
  if (done === undefined || done.kind === 'escalation') return entries;
  return [...entries, ...(await dutyDone(tx, key, done.duty, given))];
}

async function dutyDone(
  tx: Transaction,
  { grievanceId, kind }: GrievanceKey,
  duty: Duty,
  { answer, actor, reason, at }: GivenAnswer,
): Promise<RecordEntry[]> {
  const row = eq(grievance.grievanceId, grievanceId);
  switch (duty) {
    case 'acknowledgement':
      await tx.update(grievance).set({ acknowledgedAt: at }).where(row);
      return [];
    case 'correction':
      await tx.update(grievance).set({ correctedAt: at }).where(row);
      return [];
    case 'investigation': {
      const outcome = GRIEVANCE_OUTCOMES[kind].find((each) => each === answer);
      if (outcome === undefined) return [];
      await tx.update(grievance).set({ outcome, decidedAt: at, decidedBy: actor, findings: reason }).where(row);
      return [{ kind: 'grievanceDecided', facts: { grievanceId, kind, outcome, actor, at } }];
    }
    case 'answer':
      return [];
    default:
      return duty satisfies never;
  }
}

async function debtorAnswered(
  tx: Transaction,
  { grievanceId, kind }: GrievanceKey,
  { answer, at }: Extract<Deed, { type: 'debtorAnswered' }>,
): Promise<RecordEntry[]> {
  const { channel, reference, remedy, actor } = answer;
  const changed = await tx
    .update(grievance)
    .set({ answeredAt: at, answeredBy: actor, answerChannel: channel, answerReference: reference, remedy })
    .where(and(eq(grievance.grievanceId, grievanceId), isNull(grievance.answeredAt)))
    .returning({ grievanceId: grievance.grievanceId });
  if (changed.length === 0) return [];
  await tx
    .update(task)
    .set({ status: 'answered', actor, answeredAt: at })
    .where(and(eq(task.grievanceId, grievanceId), eq(task.step, 'answer'), eq(task.status, 'open')));
  return [{ kind: 'grievanceAnswered', facts: { grievanceId, kind, channel, reference, remedy, actor, at } }];
}
