import type { DelayReason } from './agreement.ts';
import type { Evidence } from './hardship.ts';
import type { Instant, LocalTime, Zone } from './instant.ts';
import type { ConsentKind, ContactChannel } from './rules/facts.ts';

/**
 * Why collection may be stopped. The rule packs name those that their law knows; Kept makes no contact under any of
 * them. Those of `LEGAL_HOLDS` stand in a law, the others are the lender's own.
 */
export const HOLD_REASONS = [
  'breathing-space',
  'mental-health-crisis',
  'attorney',
  'dispute',
  'plan-being-arranged',
  'bereavement',
  'disaster',
  'wedding',
  'festival',
  'complaint',
  'hardship',
  'other',
] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

interface Envelope<Type extends string, Data> {
  /** Unique for ever; later events name it to take back what it said. */
  readonly id: string;
  readonly type: Type;
  /** When it took effect at the debtor, which is not when it arrived. */
  readonly timestamp: Instant;
  readonly data: Data & {
    readonly debtorRef: string;
    /** Opaque id of who says so: the debtor's channel, an agent, a system. */
    readonly source: string;
  };
}

/** The debtor agreed to something, until `until` or until it is taken back. What is absent is not restricted. */
export type ConsentGiven = Envelope<
  'consent.given',
  {
    readonly kind: ConsentKind;
    readonly channel?: ContactChannel;
    readonly loanRef?: string;
    /** The number or address that it is about. */
    readonly address?: string;
    readonly until?: Instant;
  }
>;
export type ConsentWithdrawn = Envelope<'consent.withdrawn', { readonly consentEventId: string }>;

/** The debtor does not want to be contacted on a channel any more, or does again. `call` covers machines too. */
export type ChannelOptedOut = Envelope<'channel.optedOut', { readonly channel: ContactChannel }>;
export type ChannelOptedIn = Envelope<'channel.optedIn', { readonly channel: ContactChannel }>;

/** The debtor wants no contact at all any more, or does again. */
export type ContactCeased = Envelope<'contact.ceased', object>;
export type ContactResumed = Envelope<'contact.resumed', object>;

/** Hours of every day at which the debtor asked not to be contacted: local, half-open, may cross midnight. */
export type HoursRequested = Envelope<
  'hours.requested',
  { readonly notBetween: readonly [from: LocalTime, to: LocalTime] }
>;
export type HoursWithdrawn = Envelope<'hours.withdrawn', { readonly requestEventId: string }>;

/** The debtor cannot be reached, is dead or incapable, so that others may be asked; or can be reached again. */
export type DebtorLost = Envelope<'debtor.lost', object>;
export type DebtorFound = Envelope<'debtor.found', object>;

/** All zones that the location data allow, besides that of the statement. */
export type DebtorLocated = Envelope<'debtor.located', { readonly zones: readonly Zone[] }>;

/** Somebody who may know where the debtor is, known by a reference of the sender. */
export type ThirdPartyNamed = Envelope<
  'thirdParty.named',
  { readonly thirdPartyRef: string /** E.164. */; readonly phone: string }
>;
/** That person does not want to be asked. */
export type ThirdPartyRefused = Envelope<'thirdParty.refused', { readonly thirdPartyRef: string }>;

/** Collection stops: of one loan or of all, from the event's instant until `until`, or until it is released. */
export type HoldPlaced = Envelope<
  'hold.placed',
  { readonly reason: HoldReason; readonly loanRef?: string; readonly until?: Instant }
>;
export type HoldReleased = Envelope<'hold.released', { readonly holdEventId: string }>;
/** The treatment that a hold depends on has ended; some laws count on from there. */
export type TreatmentEnded = Envelope<'treatment.ended', { readonly holdEventId: string }>;

/** The debtor cannot pay as agreed on, and shows why: from the event's instant until `until`, or until it is ended. */
export type HardshipClaimed = Envelope<
  'hardship.claimed',
  { readonly reason: DelayReason; readonly evidence: readonly Evidence[]; readonly until?: Instant }
>;
export type HardshipEnded = Envelope<'hardship.ended', { readonly claimEventId: string }>;

/** What is said about a debtor rather than about a loan: what they agreed to, refused, and are protected by. */
export type DebtorEvent =
  | ConsentGiven
  | ConsentWithdrawn
  | ChannelOptedOut
  | ChannelOptedIn
  | ContactCeased
  | ContactResumed
  | HoursRequested
  | HoursWithdrawn
  | DebtorLost
  | DebtorFound
  | DebtorLocated
  | ThirdPartyNamed
  | ThirdPartyRefused
  | HoldPlaced
  | HoldReleased
  | TreatmentEnded
  | HardshipClaimed
  | HardshipEnded;
