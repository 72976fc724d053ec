import type { DebtorAnswer, Deed, GrievanceKind, GrievanceOutcome, GrievanceState } from '../domain/grievance.ts';
import type { GrievanceTask } from '../domain/grievance-duties.ts';
import type { Instant } from '../domain/instant.ts';
import type { GrievanceAction } from '../domain/next-grievance-action.ts';
import type { Suspension } from '../domain/suspension.ts';

/** Names and shapes that the outside and the workflow of a complaint or dispute agree on. It runs on the queue of cases. */

export const GRIEVANCE = 'grievance';
export const ANSWER_DEBTOR = 'answerDebtor';
export const GRIEVANCE_PROGRESS = 'grievanceProgress';

/** The workflow of a complaint or dispute: one, once. */
export function grievanceWorkflowId(kind: GrievanceKind, grievanceId: string): string {
  return `${kind}-${grievanceId}`;
}

export interface GrievanceInput {
  readonly kind: GrievanceKind;
  readonly grievanceId: string;
  /** Sandbox only: the instant that it takes for now when it starts, as `CaseInput.sandboxStartsAt`. */
  readonly sandboxStartsAt?: Instant;
  /** Sandbox only, as `CaseInput.sandboxHistoryLimit`. */
  readonly sandboxHistoryLimit?: number;
  /** Set when a run continues as new. */
  readonly carried?: { readonly state: GrievanceState; readonly clockOffsetMs: number };
}

export interface GrievanceResult {
  readonly kind: GrievanceKind;
  readonly grievanceId: string;
  readonly outcome: GrievanceOutcome;
  readonly closedAt: Instant;
}

/** What a query tells of a grievance: where it stands, and what is being done about it. */
export interface GrievanceProgress {
  readonly state: GrievanceState | null;
  readonly action: GrievanceAction | null;
  /** Milliseconds to add to the workflow's clock to get the time of the grievance; 0 in production. */
  readonly clockOffsetMs: number;
  readonly isOver: boolean;
  /** Whether all that can be done at this instant is done. */
  readonly isWaiting: boolean;
}

export type AnswerDebtorInput = DebtorAnswer;

/** Which grievance, and on whose record it stands. */
export type GrievanceKey = Pick<GrievanceState, 'grievanceId' | 'kind' | 'loanRef' | 'episode'>;

/** The activities of a grievance, as its workflow sees them. All are safe to repeat with the same input. */
export interface GrievanceActivities {
  /** Takes up a grievance that was raised, or the one that is open. */
  openGrievance(input: { grievanceId: string }): Promise<GrievanceState>;
  openGrievanceTask(input: { key: GrievanceKey; task: GrievanceTask }): Promise<void>;
  /** What people did, and what follows from it for whom it is about. */
  recordDeeds(input: RecordDeedsInput): Promise<void>;
  /** Lets collection go on, as far as this grievance stopped it. */
  closeGrievance(input: { key: GrievanceKey; at: Instant }): Promise<void>;
}

export interface RecordDeedsInput {
  readonly key: GrievanceKey;
  readonly deeds: readonly Deed[];
  readonly suspension: Suspension | null;
  /** All its tasks: those whose duty was done without them are cancelled. */
  readonly tasks: readonly GrievanceTask[];
}
