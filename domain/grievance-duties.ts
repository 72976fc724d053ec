import type { GrievanceKind, GrievanceState } from './grievance.ts';
import { needsCorrection } from './grievance.ts';
import { DAY_MS, type Instant, MINUTE_MS, plusMs } from './instant.ts';
import type { TaskKind } from './strategy.ts';

const HOUR_MS = 60 * MINUTE_MS;

/** What people owe a debtor who has complained or disputes the debt. */
export type Duty = 'acknowledgement' | 'investigation' | 'answer' | 'correction';

/** A duty that is open now, and until when it has to be done. */
export interface OpenDuty {
  readonly duty: Duty;
  readonly dueAt: Instant;
}

/** A task of a grievance: a duty itself, or the call for a supervisor because it is late. */
export interface GrievanceTask {
  readonly taskId: string;
  readonly step: string;
  readonly kind: TaskKind;
  readonly duty: Duty;
  readonly openedAt: Instant;
  /** Of a duty its deadline; of an escalation when the next one comes or would come. */
  readonly goesOnAt: Instant;
  /** When it was answered, or its duty was done without it; null while it is open. */
  readonly endedAt: Instant | null;
}

/** A task as it is planned: it comes into being at `at`, unless its duty is done by then. */
export interface PlannedTask extends Pick<GrievanceTask, 'step' | 'kind' | 'duty' | 'goesOnAt'> {
  readonly at: Instant;
}

const TASK_OF: Readonly<Record<GrievanceKind, Readonly<Record<Duty, TaskKind>>>> = {
  complaint: {
    acknowledgement: 'acknowledgement',
    investigation: 'complaintInvestigation',
    answer: 'debtorAnswer',
    correction: 'loanCorrection',
  },
  dispute: {
    acknowledgement: 'acknowledgement',
    investigation: 'disputeVerification',
    answer: 'debtorAnswer',
    correction: 'loanCorrection',
  },
};

/** A duty that is late is put before a supervisor so often; after that its tasks stay open and nobody is called again. */
const ESCALATIONS = [1, 2] as const;

/**
 * What is still to be done about a grievance. Acknowledgement and investigation begin together; the debtor is answered
 * after the decision, and what the outcome asks of the loan system is done after that. Empty: all is done.
 */
export function openDuties(state: GrievanceState): OpenDuty[] {
  const { raisedAt, levels, acknowledgedAt, decision, answer, correctedAt } = state;
  const duties: OpenDuty[] = [];
  // An answer tells the debtor more than an acknowledgement would.
  if (acknowledgedAt === null && answer === null) {
    duties.push({ duty: 'acknowledgement', dueAt: plusMs(raisedAt, levels.acknowledgeWithinHours * HOUR_MS) });
  }
  if (decision === null) {
    duties.push({ duty: 'investigation', dueAt: plusMs(raisedAt, levels.decideWithinDays * DAY_MS) });
  } else if (answer === null) {
    duties.push({ duty: 'answer', dueAt: plusMs(decision.at, levels.answerWithinDays * DAY_MS) });
  } else if (correctedAt === null && needsCorrection(state)) {
    duties.push({ duty: 'correction', dueAt: plusMs(answer.at, levels.correctWithinDays * DAY_MS) });
  }
  return duties;
}

/** The tasks of a duty in their order: its own at once, then one for a supervisor at the deadline and one after it. */
export function plannedTasks(
  { kind, levels }: Pick<GrievanceState, 'kind' | 'levels'>,
  { duty, dueAt }: OpenDuty,
  now: Instant,
): PlannedTask[] {
  const againMs = levels.escalateAgainAfterDays * DAY_MS;
  const escalations = ESCALATIONS.map((level): PlannedTask => {
    const at = plusMs(dueAt, (level - 1) * againMs);
    return { step: `escalation:${duty}:${level}`, kind: 'escalation', duty, at, goesOnAt: plusMs(at, againMs) };
  });
  return [{ step: duty, kind: TASK_OF[kind][duty], duty, at: now, goesOnAt: dueAt }, ...escalations];
}
