import type { Agreement } from './agreement.ts';
import type { GivenAnswer, HoldEvent, OpenTask } from './case-state.ts';
import type { HoldReason } from './debtor-events.ts';
import type { Instant, LocalDate } from './instant.ts';
import type { Pause } from './pauses.ts';
import type { CaseOutcome } from './run-result.ts';
import type { Channel } from './strategy.ts';

/** A contact that is due, by its key: `loan/episode/strategy@version/step/attempt`, unique for ever. */
export interface ContactIntent {
  readonly key: string;
  readonly step: string;
  readonly stage: string;
  readonly channel: Channel;
  /** No other channel is left for the step: then even an address that seems dead is tried. */
  readonly isLastResort: boolean;
  readonly template: string;
  /** The instant it was planned for; also the one it is judged at, unless it comes late. */
  readonly at: Instant;
  /** Not made at or after this instant. */
  readonly validUntil: Instant;
  /** The part of an agreement that the contact is about. */
  readonly agreed?: { readonly amountMinor: number; readonly dueOn: LocalDate };
}

export type Action =
  | { readonly kind: 'wait'; readonly until: Instant | null; readonly why: WaitReason }
  | { readonly kind: 'contact'; readonly contacts: readonly ContactIntent[] }
  | { readonly kind: 'openTask'; readonly task: OpenTask }
  | { readonly kind: 'recordAnswers'; readonly answers: readonly GivenAnswer[] }
  | { readonly kind: 'recordHolds'; readonly events: readonly HoldEvent[] }
  | { readonly kind: 'recordAgreements'; readonly agreements: readonly Agreement[] }
  | { readonly kind: 'checkAgreement'; readonly agreement: Agreement }
  | { readonly kind: 'replan'; readonly pauses: readonly Pause[] }
  | { readonly kind: 'close'; readonly outcome: Exclude<CaseOutcome, 'open'>; readonly at: Instant };

/** Why a case waits: for the day of a step, for a person, for a hold to end, for money that was promised, for a
 * debtor who would not talk to calm down, or for a review. */
export type WaitReason =
  | { readonly for: 'step'; readonly step: string; readonly stage: string }
  | { readonly for: 'person'; readonly task: OpenTask }
  | { readonly for: 'hold'; readonly reasons: readonly HoldReason[] }
  | { readonly for: 'agreement'; readonly agreementId: string }
  | { readonly for: 'cooldown' }
  | { readonly for: 'review' };
