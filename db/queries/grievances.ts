import { and, asc, eq, gt, ne } from 'drizzle-orm';
import type { GrievanceKind } from '../../domain/grievance.ts';
import type { Database } from '../client.ts';
import { grievance, suspension, task } from '../schema.ts';

type GrievanceRow = typeof grievance.$inferSelect;

/** A page of complaints or disputes in order of their ids, without the words of anybody. */
export async function grievanceList(
  db: Database,
  kind: GrievanceKind,
  page: { readonly status: 'open' | 'closed' | 'all'; readonly after?: string | undefined; readonly limit: number },
) {
  const { grievanceId, status } = grievance;
  const rows = await db
    .select()
    .from(grievance)
    .where(
      and(
        eq(grievance.kind, kind),
        page.status === 'all' ? undefined : page.status === 'closed' ? eq(status, 'closed') : ne(status, 'closed'),
        page.after === undefined ? undefined : gt(grievanceId, page.after),
      ),
    )
    .orderBy(asc(grievanceId))
    .limit(page.limit);
  return rows.map(toSummary);
}

/** One of them with its tasks, what was found and what follows from it; null when there is none. */
export async function grievanceById(db: Database, kind: GrievanceKind, grievanceId: string) {
  const [row] = await db
    .select()
    .from(grievance)
    .where(and(eq(grievance.grievanceId, grievanceId), eq(grievance.kind, kind)));
  if (!row) return null;
  const tasks = await db
    .select({ taskId: task.taskId, kind: task.kind, status: task.status, openedAt: task.openedAt })
    .from(task)
    .where(eq(task.grievanceId, grievanceId))
    .orderBy(asc(task.openedAt), asc(task.taskId));
  const [suspended] = await db
    .select({ from: suspension.from, until: suspension.until })
    .from(suspension)
    .where(eq(suspension.suspensionId, grievanceId));
  const { statement, actor, decidedBy, findings, answeredBy, answerReference, correctedAt } = row;
  return {
    ...toSummary(row),
    actor,
    statement,
    decidedBy,
    findings,
    answeredBy,
    answerReference,
    correctedAt,
    suspension: suspended ?? null,
    tasks,
  };
}

function toSummary(row: GrievanceRow) {
  const { grievanceId, loanRef, way, reason, aboutKind, aboutRef, status, raisedAt, levels, acknowledgedAt } = row;
  const { outcome, decidedAt, answeredAt, answerChannel, remedy, closedAt } = row;
  return {
    grievanceId,
    loanRef,
    way,
    reason,
    about: aboutKind === null || aboutRef === null ? null : { kind: aboutKind, ref: aboutRef },
    status: status === 'closed' ? ('closed' as const) : ('open' as const),
    raisedAt,
    levels,
    acknowledgedAt,
    outcome,
    decidedAt,
    answeredAt,
    answerChannel,
    remedy,
    closedAt,
  };
}
