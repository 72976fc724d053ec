import type { Agreement, Receipt } from '../domain/agreement.ts';
import type { BalanceView, CaseState, Fact, GivenAnswer, HoldEvent, OpenTask } from '../domain/case-state.ts';
import type { HoldReason } from '../domain/debtor-events.ts';
import type { Instant } from '../domain/instant.ts';
import type { Action } from '../domain/next-action.ts';
import type { Pause } from '../domain/pauses.ts';
import type { CaseOutcome } from '../domain/run-result.ts';
import type { Channel } from '../domain/strategy.ts';

/** Names and shapes that the outside and the workflows agree on. No more than types, constants and ids: everybody imports it. */

export const CASE_TASK_QUEUE = 'kept-cases';
/** How long one try of an activity may take before the engine starts another. */
export const ACTIVITY_TIMEOUT_MS = 120_000;
export const COLLECTION_CASE = 'collectionCase';
export const BALANCE_CHANGED = 'balanceChanged';
export const CONTACTS_FAILED = 'contactsFailed';
export const ANSWER_TASK = 'answerTask';
export const STANDING_CHANGED = 'standingChanged';
export const PROPOSE_AGREEMENT = 'proposeAgreement';
export const CANCEL_AGREEMENT = 'cancelAgreement';
export const PLACE_HOLD = 'placeHold';
export const RELEASE_HOLD = 'releaseHold';
export const CASE_PROGRESS = 'caseProgress';

/** The workflow of a loan's case: one a loan, run after run. */
export function caseWorkflowId(loanRef: string): string {
  return `case-${loanRef}`;
}

export interface CaseInput {
  readonly loanRef: string;
  /**
   * Sandbox only: the instant that the case takes for now when it starts. It then runs on its workflow's own clock,
   * which a test or a demo moves forward. Absent in production, where now is now.
   */
  readonly sandboxStartsAt?: Instant;
  /** Sandbox only: continues as new after so many events of history, far sooner than the server suggests. */
  readonly sandboxHistoryLimit?: number;
  /** Set when a run continues as new. */
  readonly carried?: CarriedCase;
}

export interface CarriedCase {
  readonly state: CaseState;
  readonly clockOffsetMs: number;
}

export interface CaseResult {
  readonly loanRef: string;
  readonly episode: number;
  readonly outcome: Exclude<CaseOutcome, 'open'>;
  readonly closedAt: Instant;
}

export type AnswerTaskInput = Omit<GivenAnswer, 'at'>;

/** A message of a case that a provider took and that did not arrive. */
export interface FailedContact {
  readonly step: string;
  readonly channel: Channel;
  readonly at: Instant;
}

/** `made`: it counts. `awaitsApproval`: somebody other than its proposer has to approve it first. */
export interface AgreementAnswer {
  readonly status: 'made' | 'awaitsApproval';
}

export interface CancelAgreementInput {
  readonly agreementId: string;
  readonly actor: string;
  readonly reason: string;
}

export interface PlaceHoldInput {
  /** The caller's reference: the id of the event that places it. */
  readonly holdId: string;
  readonly reason: HoldReason;
  /** Of this loan alone, or of all loans of the debtor. */
  readonly scope: 'loan' | 'debtor';
  /** Backdated if it is earlier than now; absent: now. */
  readonly from?: Instant;
  readonly until?: Instant;
  readonly actor: string;
}

export interface ReleaseHoldInput {
  readonly holdId: string;
  readonly actor: string;
}

/** What a query tells of a case: where it stands, and what it is doing about it. */
export interface CaseProgress {
  readonly state: CaseState | null;
  readonly action: Action | null;
  /** Milliseconds to add to the workflow's clock to get the case's time; 0 in production. */
  readonly clockOffsetMs: number;
  /** Whether the case has come to its end. */
  readonly isOver: boolean;
  /** Whether the case has done all it can at this instant and waits. */
  readonly isWaiting: boolean;
}

/** The activities of a case, as the workflow sees them. All are safe to repeat with the same input. */
export interface CaseActivities {
  /** Opens the case of a loan, or takes up the one that is open. Null: nothing is due, so no case. */
  openCase(input: { loanRef: string; runId: string; at: Instant }): Promise<CaseState | null>;
  /** Judges contacts that are due, makes those permitted, and records all of them. */
  makeContacts(input: MakeContactsInput): Promise<ContactsMade>;
  openTask(input: { loanRef: string; episode: number; task: OpenTask }): Promise<void>;
  recordAnswers(input: { loanRef: string; episode: number; answers: readonly GivenAnswer[] }): Promise<void>;
  recordHolds(input: { loanRef: string; episode: number; events: readonly HoldEvent[] }): Promise<void>;
  recordAgreements(input: { loanRef: string; episode: number; agreements: readonly Agreement[] }): Promise<void>;
  /** Money that took effect since an agreement was made, as of a balance version. */
  readReceipts(input: { loanRef: string; since: Instant }): Promise<ReceiptsRead>;
  /** The timetable anew: after a pause, or after the calendar was completed. */
  replanCase(input: { loanRef: string; episode: number; pauses: readonly Pause[] }): Promise<CaseState['steps']>;
  /** Closes the case unless the balance has moved on meanwhile: then it returns the newer one. */
  closeCase(input: CloseCaseInput): Promise<BalanceView | null>;
}

export interface ReceiptsRead {
  readonly receipts: readonly Receipt[];
  readonly version: number;
}

export interface MakeContactsInput {
  readonly loanRef: string;
  readonly episode: number;
  readonly strategy: CaseState['strategy'];
  readonly contacts: Extract<Action, { kind: 'contact' }>['contacts'];
  /** The version that the case knows; a newer balance comes back beside the facts. */
  readonly balanceVersion: number;
}

export interface ContactsMade {
  readonly facts: readonly Fact[];
  /** What the database knows beyond `balanceVersion`; null when the case knows it all. */
  readonly newerBalance: BalanceView | null;
}

export interface CloseCaseInput {
  readonly loanRef: string;
  readonly episode: number;
  readonly outcome: Exclude<CaseOutcome, 'open'>;
  readonly at: Instant;
  readonly balanceVersion: number;
  /** What is kept of the case, should the payment that ended it be taken back. */
  readonly state: CaseState;
}
