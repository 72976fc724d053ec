import type { LocalDate, LocalTime } from '../instant.ts';
import type { ConsentKind, ContactChannel, Initiator, Result } from './facts.ts';

/** How far a rule was checked: read in the rule text or a first-party page, in a secondary source, or not at all. */
export const VERIFIED_MARKS = ['V', 'S', 'U'] as const;
export type VerifiedMark = (typeof VERIFIED_MARKS)[number];

/** What a count is kept for: the person called, the debt, the number dialled. */
export const COUNT_KEYS = ['person', 'debt', 'number'] as const;
export type CountKey = (typeof COUNT_KEYS)[number];

interface Cited {
  /** The id that verdicts and faults name; several entries of one id are parts of one rule. */
  readonly id: string;
  readonly title: string;
  readonly citation: string;
  readonly verified: VerifiedMark;
}

interface RuleBase extends Cited {
  /** The channels that the rule judges; contacts of others never break it. */
  readonly channels: readonly ContactChannel[];
  /** The first local day on which the rule applies; null when it has always applied. */
  readonly appliesFrom: LocalDate | null;
}

/** Contact is permitted from `permittedFrom` to `permittedTo` on the debtor's clock, half-open. */
export interface DailyWindowRule extends RuleBase {
  readonly kind: 'dailyWindow';
  readonly permittedFrom: LocalTime;
  readonly permittedTo: LocalTime;
  /** A consent with which the window does not bind. */
  readonly liftedBy: ConsentKind | null;
}

/** No contact at hours at which the debtor asked not to be contacted. */
export interface RequestedHoursRule extends RuleBase {
  readonly kind: 'requestedHours';
}

/**
 * At most `max` attempts that count within `periodDays` consecutive local days, the intent's day being the last. It
 * counts attempts on the channels it judges, by these initiators and with these results, that agree in every key.
 */
export interface CountCapRule extends RuleBase {
  readonly kind: 'countCap';
  readonly initiators: readonly Initiator[];
  readonly results: readonly Result[];
  readonly per: readonly CountKey[];
  readonly max: number;
  readonly periodDays: number;
  /** So many local days from an `extraCalls` consent, its day being the first, calls neither break it nor count. */
  readonly consentDays: number | null;
}

/** No contact on these channels within `periodDays` local days of a talk, the day of the talk being the first. */
export interface TalkCooldownRule extends RuleBase {
  readonly kind: 'talkCooldown';
  readonly initiators: readonly Initiator[];
  readonly results: readonly Result[];
  readonly per: readonly CountKey[];
  readonly periodDays: number;
  readonly consentDays: number | null;
}

/** No contact while a hold for one of these reasons is in force. */
export interface HoldGateRule extends RuleBase {
  readonly kind: 'holdGate';
  readonly reasons: readonly string[];
  /** The law ends such a hold at the latest so many days after its start; null: it lasts as long as it says. */
  readonly longestDays: number | null;
  /** Such a hold ends so many days after the treatment, whatever `to` says; null: it does not depend on one. */
  readonly daysAfterTreatment: number | null;
}

/** No contact on a channel that the debtor has opted out of. */
export interface OptOutGateRule extends RuleBase {
  readonly kind: 'optOutGate';
}

/** No contact once the debtor has asked for all contact to cease. */
export interface CeaseContactGateRule extends RuleBase {
  readonly kind: 'ceaseContactGate';
}

/** No contact with others than the debtor, or only to reach a debtor who cannot be reached and until they refuse. */
export interface ThirdPartyGateRule extends RuleBase {
  readonly kind: 'thirdPartyGate';
  readonly permittedWhenUnreachable: boolean;
}

/** Nothing that others can see. */
export interface VisibilityGateRule extends RuleBase {
  readonly kind: 'visibilityGate';
}

/** Contact on these channels only with a consent, which may have to be fresh. */
export interface ConsentGateRule extends RuleBase {
  readonly kind: 'consentGate';
  readonly consent: ConsentKind;
  /** A consent older than so many days no longer counts; null: it counts until it is withdrawn. */
  readonly maxAgeDays: number | null;
}

/** The closed vocabulary of rule kinds: a pack can say nothing that the judge does not know. */
export type Rule =
  | DailyWindowRule
  | RequestedHoursRule
  | CountCapRule
  | TalkCooldownRule
  | HoldGateRule
  | OptOutGateRule
  | CeaseContactGateRule
  | ThirdPartyGateRule
  | VisibilityGateRule
  | ConsentGateRule;

export const RULE_KINDS: readonly Rule['kind'][] = [
  'dailyWindow',
  'requestedHours',
  'countCap',
  'talkCooldown',
  'holdGate',
  'optOutGate',
  'ceaseContactGate',
  'thirdPartyGate',
  'visibilityGate',
  'consentGate',
];

/** What being overdue may cost at most. No rule on contacts: strategies are held against it when they are loaded. */
export interface RateCap extends Cited {
  readonly kind: 'rateCap';
  /** Hundredths of a percent a year. */
  readonly yearlyBasisPoints: number;
  /** Whether fees count toward it. */
  readonly includesFees: boolean;
}

/** The rules of one jurisdiction, as data. */
export interface RulePack {
  readonly id: string;
  /** Raised with every change, so that a verdict says by which text it was reached. */
  readonly version: number;
  readonly title: string;
  /** Those that judge contacts. */
  readonly rules: readonly Rule[];
  /** Left out when the pack says nothing of it: then nothing may accrue under it. */
  readonly rateCap?: RateCap;
}
