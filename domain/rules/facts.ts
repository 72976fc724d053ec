import type { Instant, LocalTime, Zone } from '../instant.ts';

/** Every form a contact can take, messages and people alike. `call` is an agent's call, `voice` a machine's. */
export const CONTACT_CHANNELS = ['call', 'voice', 'sms', 'email', 'im', 'visit', 'letter'] as const;
export type ContactChannel = (typeof CONTACT_CHANNELS)[number];

/** The channels that ring a telephone: what the laws call a call. */
export const CALL_CHANNELS: readonly ContactChannel[] = ['call', 'voice'];

export const INITIATORS = ['us', 'debtor'] as const;
export type Initiator = (typeof INITIATORS)[number];

/**
 * What became of an attempt. `notConnected` never reached the number (busy, not in service), `noAnswer` rang or met a
 * voicemail, `connected` was answered, `rightParty` was answered by the debtor, verified.
 */
export const RESULTS = ['connected', 'noAnswer', 'notConnected', 'rightParty'] as const;
export type Result = (typeof RESULTS)[number];

/** The results after which two people have talked. */
export const TALK_RESULTS: readonly Result[] = ['connected', 'rightParty'];

export const PERSONS = ['debtor', 'thirdParty'] as const;
export type Person = (typeof PERSONS)[number];

export const VISIBILITIES = ['public', 'private'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** What a debtor can agree to: contact in quiet hours, calls above the usual number, messages by SMS or email. */
export const CONSENT_KINDS = ['quietHours', 'extraCalls', 'sms', 'email'] as const;
export type ConsentKind = (typeof CONSENT_KINDS)[number];

/** Something the debtor agreed to, from `at` until `until`; what is null is not restricted. */
export interface Consent {
  readonly kind: ConsentKind;
  readonly channel: ContactChannel | null;
  readonly debt: string | null;
  readonly number: string | null;
  readonly at: Instant;
  readonly until: Instant | null;
}

/** Hours of every day, local and half-open, at which the debtor asked not to be contacted; may cross midnight. */
export interface ContactRequest {
  readonly notBetween: readonly [from: LocalTime, to: LocalTime];
}

/** A stop with its reason; a rule of a pack says which reasons count and for how long. */
export interface Hold {
  readonly reason: string;
  readonly from: Instant;
  /** Null: nobody knows when it ends. */
  readonly to: Instant | null;
  /** The one debt that is held; null holds all debts. */
  readonly debt: string | null;
  /** When a treatment ended that the hold depends on; null while it goes on. */
  readonly treatmentEnd: Instant | null;
}

/** One attempt of the past, by us or by the debtor. What is null is not known and counts wherever it may matter. */
export interface LedgerEntry {
  readonly at: Instant;
  readonly channel: ContactChannel;
  readonly initiator: Initiator;
  /** Null where the channel has no such result, as with a letter. A call of which nobody knows counts for every result. */
  readonly result: Result | 'unknown' | null;
  readonly debt: string | null;
  readonly number: string | null;
  readonly to: Person;
}

/** Whether an attempt has one of these results, or may have. */
export function hasResult({ result }: LedgerEntry, results: readonly Result[]): boolean {
  return result !== null && (result === 'unknown' || results.includes(result));
}

/** What is known of the person who owes. */
export interface DebtorFacts {
  /** Null or no name of a zone: unknown, and then nothing is sent that depends on the hour. */
  readonly zone: Zone | null;
  /** All zones that the location data allow; a contact must be permitted in each, and in `zone`. */
  readonly zones: readonly Zone[];
  readonly optOuts: readonly ContactChannel[];
  readonly ceaseContact: boolean;
  /** Whether the debtor cannot be reached, is dead or incapable; only then may others be asked. */
  readonly unreachable: boolean;
  readonly requests: readonly ContactRequest[];
  readonly consents: readonly Consent[];
}

/** The contact that is about to be made. */
export interface Intent {
  readonly at: Instant;
  readonly channel: ContactChannel;
  readonly debt: string;
  /** The number that is rung or written to; null where there is none, as with a visit. */
  readonly number: string | null;
  readonly to: Person;
  readonly visibility: Visibility;
  readonly thirdPartyRefused: boolean;
}

/** Everything the rules of law are judged by: plain JSON, read under the debtor's lock. */
export interface IntentFacts {
  readonly debtor: DebtorFacts;
  readonly holds: readonly Hold[];
  /** The debtor's attempts over all debts; at least those of the last nine days. */
  readonly ledger: readonly LedgerEntry[];
  readonly intent: Intent;
}

/** What the rules say of an intent. */
export interface IntentVerdict {
  readonly verdict: 'allow' | 'defer' | 'deny';
  /** Ids of all rules that are broken at the intent's instant, sorted as text. */
  readonly rules: readonly string[];
  /** With `defer`, the first instant at which every delaying rule is clear with the ledger unchanged. */
  readonly until: Instant | null;
}
