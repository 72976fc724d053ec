import type { GivenAnswer, TaskAnswer } from './case-state.ts';
import type { GrievanceTask } from './grievance-duties.ts';
import type { Instant } from './instant.ts';
import type { ServiceLevels } from './service-levels.ts';

/** A complaint contests how somebody behaved; a dispute contests the debt. Both are looked into in the same way. */
export const GRIEVANCE_KINDS = ['complaint', 'dispute'] as const;
export type GrievanceKind = (typeof GRIEVANCE_KINDS)[number];

/** How it reached us: the lender's systems, a reply to a message, an agent who was told, or the hotline. */
export const GRIEVANCE_WAYS = ['api', 'reply', 'agent', 'hotline'] as const;
export type GrievanceWay = (typeof GRIEVANCE_WAYS)[number];

/** What it is about. `unclear`: in words that nobody has read yet. */
export const GRIEVANCE_REASONS = {
  complaint: [
    'harassment',
    'threat',
    'hours',
    'frequency',
    'thirdParty',
    'privacy',
    'misinformation',
    'service',
    'unclear',
    'other',
  ],
  dispute: ['notMine', 'alreadyPaid', 'wrongAmount', 'fraud', 'timeBarred', 'other'],
} as const;
export type GrievanceReason = (typeof GRIEVANCE_REASONS)[GrievanceKind][number];

/** Who is complained about, by the opaque id that their calls carry. */
export interface Subject {
  readonly kind: 'agent' | 'agency';
  readonly ref: string;
}

/** What an investigation comes to, by kind. */
export const GRIEVANCE_OUTCOMES = {
  complaint: ['upheld', 'partlyUpheld', 'dismissed'],
  dispute: ['verified', 'partlyOwed', 'notOwed'],
} as const satisfies Readonly<Record<GrievanceKind, readonly TaskAnswer[]>>;
export type GrievanceOutcome = (typeof GRIEVANCE_OUTCOMES)[GrievanceKind][number];

/** What the debtor is given when a complaint is upheld. All but an apology is carried out in the loan system. */
export const REMEDIES = ['apology', 'feeWaived', 'interestWaived', 'creditRecordCorrected'] as const;
export type Remedy = (typeof REMEDIES)[number];

export const ANSWER_CHANNELS = ['letter', 'email', 'phone', 'inPerson'] as const;
export type AnswerChannel = (typeof ANSWER_CHANNELS)[number];

/** How the debtor was told what came of it. Told by a person: under the hold no message is sent by itself. */
export interface DebtorAnswer {
  readonly channel: AnswerChannel;
  /** Opaque reference of the letter, mail or call; of a verified debt that of the verification that was sent. */
  readonly reference: string;
  readonly remedy: Remedy | null;
  /** Opaque id of who answered. */
  readonly actor: string;
}

/** One complaint or dispute from its raising to the debtor's answer: all that decides what happens next. Plain JSON. */
export interface GrievanceState {
  readonly grievanceId: string;
  readonly kind: GrievanceKind;
  readonly loanRef: string;
  /** The case on whose record it stands; null when the loan has none. */
  readonly episode: number | null;
  readonly way: GrievanceWay;
  readonly about: Subject | null;
  readonly raisedAt: Instant;
  /** As they were promised when it was raised; a later change of the policy changes nothing. */
  readonly levels: ServiceLevels;
  readonly acknowledgedAt: Instant | null;
  readonly decision: { readonly outcome: GrievanceOutcome; readonly at: Instant } | null;
  readonly answer: (DebtorAnswer & { readonly at: Instant }) | null;
  /** When the loan system had what the outcome asks of it. */
  readonly correctedAt: Instant | null;
  /** All tasks it ever opened; there cannot be more than three a duty. */
  readonly tasks: readonly GrievanceTask[];
  /** What people did that is not in the database yet. */
  readonly unrecorded: readonly Deed[];
  readonly closedAt: Instant | null;
}

/** What a person did about it. */
export type Deed =
  | { readonly type: 'taskAnswered'; readonly answer: GivenAnswer }
  | { readonly type: 'debtorAnswered'; readonly answer: DebtorAnswer; readonly at: Instant };

/** What has happened, in the past tense; the only way a grievance changes. */
export type GrievanceFact =
  | Deed
  | { readonly type: 'taskOpened'; readonly task: GrievanceTask }
  /** The first so many of the deeds are in the database. */
  | { readonly type: 'deedsRecorded'; readonly count: number }
  | { readonly type: 'closed'; readonly at: Instant };

/** Whoever speaks to the debtor tells them at once that they were heard. */
const HEARD_BY_A_PERSON: ReadonlySet<GrievanceWay> = new Set(['agent', 'hotline']);

/** A grievance as it is when its investigation begins. */
export function openedGrievance(
  raised: Pick<
    GrievanceState,
    'grievanceId' | 'kind' | 'loanRef' | 'episode' | 'way' | 'about' | 'raisedAt' | 'levels'
  >,
): GrievanceState {
  return {
    ...raised,
    acknowledgedAt: HEARD_BY_A_PERSON.has(raised.way) ? raised.raisedAt : null,
    decision: null,
    answer: null,
    correctedAt: null,
    tasks: [],
    unrecorded: [],
    closedAt: null,
  };
}

/** Whether the debtor was found to be right, in whole or in part. */
export function isUpheld(outcome: GrievanceOutcome): boolean {
  return outcome !== 'dismissed' && outcome !== 'verified';
}

/**
 * Whether the loan system has something to do before collection may go on: a debt that is not owed as it stands, or a
 * remedy that costs money or changes a record.
 */
export function needsCorrection({ decision, answer }: Pick<GrievanceState, 'decision' | 'answer'>): boolean {
  if (decision?.outcome === 'notOwed' || decision?.outcome === 'partlyOwed') return true;
  return answer !== null && answer.remedy !== null && answer.remedy !== 'apology';
}

/** The event by which collection stops for a grievance; the one that ends it is named after it. */
export function holdIdOf(kind: GrievanceKind, grievanceId: string): string {
  return `${kind}:${grievanceId}`;
}
