import type { Agreement, Receipt } from './agreement.ts';
import type { AgreementPolicy } from './agreement-policy.ts';
import type { ProposedAgreement } from './agreement-refusal.ts';
import type { Balance } from './balance.ts';
import type { HoldPlaced, HoldReleased, TreatmentEnded } from './debtor-events.ts';
import type { PlacedHold } from './debtor-standing.ts';
import type { HardshipClaim } from './hardship.ts';
import type { Instant } from './instant.ts';
import type { Pause } from './pauses.ts';
import type { CaseOutcome } from './run-result.ts';
import { type Channel, type TaskKind, type Tier, channelsOf, tierOf } from './strategy.ts';
import type { PlannedStep } from './timetable.ts';

/** Names of the steps that no strategy lists; a colon is not allowed in the strategy's own. */
export const CALENDAR_STEP = 'case:calendar';
export const REVIEW_STEP = 'case:review';
export const OUTCOME_STEP_PREFIX = 'case:outcome:';
export const APPROVAL_STEP_PREFIX = 'case:approval:';

/** What a case knows of the loan's balance. A view with a lower version is older and ignored. */
export interface BalanceView {
  /** Number of events of the loan that the balance is folded from. */
  readonly version: number;
  /** When the latest of those events took effect. */
  readonly effectiveAt: Instant;
  readonly overdueMinor: number;
  readonly cleared: Balance['cleared'];
  readonly closed: Balance['closed'];
}

export type TaskAnswer =
  | 'done'
  | 'notDone'
  | 'handedOff'
  | 'approved'
  | 'refused'
  | 'replan'
  | 'upheld'
  | 'partlyUpheld'
  | 'dismissed'
  | 'verified'
  | 'partlyOwed'
  | 'notOwed';

/** Answers that a person may give to a task of each kind; the first is the usual one. */
export const TASK_ANSWERS: Readonly<Record<TaskKind, readonly TaskAnswer[]>> = {
  agentCall: ['done', 'notDone', 'refused'],
  fieldVisit: ['done', 'notDone', 'refused'],
  legalReferral: ['handedOff', 'refused'],
  approval: ['approved', 'refused'],
  review: ['done'],
  contactOutcome: ['done', 'notDone'],
  calendarMissing: ['replan'],
  acknowledgement: ['done'],
  complaintInvestigation: ['upheld', 'partlyUpheld', 'dismissed'],
  disputeVerification: ['verified', 'partlyOwed', 'notOwed'],
  // Not by an answer: it is told how the debtor was answered.
  debtorAnswer: [],
  loanCorrection: ['done'],
  escalation: ['done'],
};

/** A task that a person has not answered yet. */
export interface OpenTask {
  readonly taskId: string;
  readonly step: string;
  readonly kind: TaskKind;
  readonly openedAt: Instant;
  /** The ladder waits for the answer until then; equal to `openedAt` when it does not wait. */
  readonly goesOnAt: Instant;
  /** Actors who must not do it, since the debtor has refused to talk to them. */
  readonly notBy?: readonly string[];
}

/** A debtor would not talk to somebody, and is let be until then. */
export interface Refusal {
  readonly actor: string;
  readonly at: Instant;
  readonly until: Instant;
}

export interface GivenAnswer {
  readonly taskId: string;
  readonly answer: TaskAnswer;
  /** Opaque id of who answered, and why. */
  readonly actor: string;
  readonly reason: string;
  readonly at: Instant;
}

/**
 * What became of a step. `unreachable`: there is no way to the debtor on the channel; `rejected`: the provider refused the
 * message; `failed`: it took it, and reported later that it did not arrive. After these three the next channel is tried.
 */
export type StepResult =
  | 'sent'
  | 'suppressed'
  | 'unreachable'
  | 'rejected'
  | 'failed'
  | 'unknown'
  | 'undelivered'
  | 'taskOpened';
export type ContactResult = Exclude<StepResult, 'taskOpened' | 'failed'>;

export const DID_NOT_REACH: ReadonlySet<StepResult> = new Set(['unreachable', 'rejected', 'failed']);

export type HoldEvent = HoldPlaced | HoldReleased | TreatmentEnded;

/** One delinquency episode of one loan: all that decides what happens next. Plain JSON. */
export interface CaseState {
  readonly loanRef: string;
  readonly episode: number;
  readonly debtorRef: string;
  readonly strategy: { readonly id: string; readonly version: number };
  readonly openedAt: Instant;
  readonly tiers: readonly Tier[];
  readonly steps: readonly PlannedStep[];
  readonly balance: BalanceView;
  /** Tier of the overdue amount, and since when. Of the steps from before it began only those marked `catchUp` are made up for. */
  readonly tier: string;
  readonly tierSince: Instant;
  /** Steps that are behind the case, by id. */
  readonly done: Readonly<Record<string, { readonly result: StepResult; readonly at: Instant }>>;
  /** Channels on which a step's contact did not reach the debtor, by step. */
  readonly failedOn: Readonly<Record<string, readonly Channel[]>>;
  /** Steps whose contact was put off, by id: until when, and how many times so far. */
  readonly deferred: Readonly<Record<string, { readonly until: Instant; readonly times: number }>>;
  readonly openTasks: readonly OpenTask[];
  /** How many tasks were ever opened: makes their ids unique. */
  readonly taskCount: number;
  /** Answers that are not in the database yet. */
  readonly unrecordedAnswers: readonly GivenAnswer[];
  /** Stops of collection that concern the loan, past and to come, as of a number of things said about the debtor. */
  readonly holds: readonly PlacedHold[];
  readonly standingVersion: number;
  /** Every hardship that the debtor has claimed; left out when nothing was ever said of one. */
  readonly hardships?: readonly HardshipClaim[];
  /** Holds placed or released on this case that are not in the database yet. */
  readonly unrecordedEvents: readonly HoldEvent[];
  /** What was agreed with the debtor, in order; the last one is the one that counts. */
  readonly agreements: readonly Agreement[];
  readonly agreementPolicy: AgreementPolicy;
  /** An agreement that needs somebody's approval; the case waits for it until `expiresAt`. */
  readonly proposal: (ProposedAgreement & { readonly proposedAt: Instant; readonly expiresAt: Instant }) | null;
  /** Agreements that are not in the database as they are, by id. */
  readonly unrecordedAgreements: readonly string[];
  readonly refusals: readonly Refusal[];
  /** Times in which the case was closed, until a payment was taken back. */
  readonly closures: readonly Pause[];
  /** The pauses that the timetable makes up for. */
  readonly plannedPauses: readonly Pause[];
  /** When a person last reviewed a case whose ladder is at its end. */
  readonly reviewedAt: Instant | null;
  readonly handedOffAt: Instant | null;
  readonly contactsSent: number;
  readonly closed: { readonly outcome: Exclude<CaseOutcome, 'open'>; readonly at: Instant } | null;
}

/** What a case knows of its debtor's standing. A view with a lower version is older and ignored. */
export interface StandingView {
  /** Number of things said about the debtor that it is folded from. */
  readonly version: number;
  readonly holds: readonly PlacedHold[];
  /** Left out when the debtor has claimed none. */
  readonly hardships?: readonly HardshipClaim[];
}

/** Nothing was ever said. */
export const NO_STANDING: StandingView = { version: 0, holds: [] };

/** What has happened, in the past tense; the only way a case changes. */
export type Fact =
  | { readonly type: 'balanceChanged'; readonly balance: BalanceView; readonly at: Instant }
  | {
      readonly type: 'contactSettled';
      readonly step: string;
      readonly channel: Channel;
      readonly result: ContactResult;
      readonly at: Instant;
    }
  /** A message that a provider had taken did not arrive. */
  | { readonly type: 'contactFailed'; readonly step: string; readonly channel: Channel; readonly at: Instant }
  | { readonly type: 'contactDeferred'; readonly step: string; readonly until: Instant }
  | { readonly type: 'taskOpened'; readonly task: OpenTask }
  | { readonly type: 'taskAnswered'; readonly answer: GivenAnswer }
  | { readonly type: 'answersRecorded'; readonly taskIds: readonly string[] }
  | { readonly type: 'replanned'; readonly steps: readonly PlannedStep[]; readonly pauses: readonly Pause[] }
  | { readonly type: 'standingChanged'; readonly standing: StandingView }
  /** A hold is placed or released by somebody who works on this case. */
  | { readonly type: 'holdChanged'; readonly event: HoldEvent }
  | { readonly type: 'holdsRecorded'; readonly eventIds: readonly string[] }
  | { readonly type: 'agreementProposed'; readonly proposed: ProposedAgreement; readonly at: Instant }
  | {
      readonly type: 'agreementCancelled';
      readonly agreementId: string;
      readonly actor: string;
      readonly reason: string;
      readonly at: Instant;
    }
  | {
      readonly type: 'agreementChecked';
      readonly agreementId: string;
      /** Money that took effect since it was made, as of a balance version. */
      readonly receipts: readonly Receipt[];
      readonly version: number;
      readonly at: Instant;
    }
  | { readonly type: 'agreementsRecorded'; readonly agreementIds: readonly string[] }
  | { readonly type: 'closed'; readonly outcome: Exclude<CaseOutcome, 'open'>; readonly at: Instant };

/** A case as it is when it opens. */
export function openedCase(
  opening: Pick<
    CaseState,
    'loanRef' | 'episode' | 'debtorRef' | 'strategy' | 'tiers' | 'steps' | 'balance' | 'agreementPolicy'
  > & {
    readonly standing: StandingView;
    readonly at: Instant;
  },
): CaseState {
  const { at, standing, ...rest } = opening;
  return {
    ...rest,
    openedAt: at,
    tier: tierOf(rest.tiers, rest.balance.overdueMinor),
    tierSince: at,
    done: {},
    failedOn: {},
    deferred: {},
    openTasks: [],
    taskCount: 0,
    unrecordedAnswers: [],
    holds: standing.holds,
    standingVersion: standing.version,
    ...(standing.hardships && { hardships: standing.hardships }),
    unrecordedEvents: [],
    agreements: [],
    proposal: null,
    unrecordedAgreements: [],
    refusals: [],
    closures: [],
    plannedPauses: [],
    reviewedAt: null,
    handedOffAt: null,
    contactsSent: 0,
    closed: null,
  };
}

/** The channel that a contact step tries next; null when it has reached the debtor or has tried all. */
export function channelToTry(
  { done, failedOn }: Pick<CaseState, 'done' | 'failedOn'>,
  step: Pick<PlannedStep, 'id' | 'perform'>,
): Channel | null {
  if (step.perform.do !== 'contact') return null;
  const behind = done[step.id];
  if (behind && !DID_NOT_REACH.has(behind.result)) return null;
  return channelsOf(step.perform).find((channel) => !(failedOn[step.id] ?? []).includes(channel)) ?? null;
}
