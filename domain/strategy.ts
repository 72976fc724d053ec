import type { PenaltyInterest } from './accrual.ts';
import type { AgreementPolicy } from './agreement-policy.ts';
import type { LocalTime } from './instant.ts';
import type { Currency } from './money.ts';

/**
 * A message channel that a provider delivers; `voice` is a call that a machine makes and speaks. Calls by people, visits
 * and legal steps are tasks.
 */
export type Channel = 'sms' | 'email' | 'push' | 'voice';
export const CHANNELS: readonly Channel[] = ['sms', 'email', 'push', 'voice'];

/** What a step does that a person has to do, for the time being or always. */
export type TaskKind =
  | 'agentCall'
  | 'fieldVisit'
  | 'legalReferral'
  | 'review'
  | 'contactOutcome'
  | 'calendarMissing'
  | 'approval'
  | 'acknowledgement'
  | 'complaintInvestigation'
  | 'disputeVerification'
  | 'debtorAnswer'
  | 'loanCorrection'
  | 'escalation';

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** The part of a debt a payment pays, in a stated order. */
export type Component = 'penalty' | 'interest' | 'principal' | 'fees';
export const COMPONENTS: readonly Component[] = ['penalty', 'interest', 'principal', 'fees'];

/** Hours and days in the debtor's zone on which a contact may be made; half-open, `to` itself is refused. */
export interface ContactWindow {
  readonly from: LocalTime;
  readonly to: LocalTime;
  readonly restDays: readonly Weekday[];
  /** Whether public holidays of the strategy's calendar are days of rest. */
  readonly restOnHolidays: boolean;
}

/** First match wins; the last tier has no limit. */
export interface Tier {
  readonly id: string;
  /** Overdue amount in minor units below which the tier applies; absent on the last tier. */
  readonly overdueAmountBelowMinor?: number;
}

interface StepBase {
  readonly id: string;
  readonly stage: string;
  /** Days from the due date (negative: before it) by tier; a tier that is not named does not take the step. */
  readonly day: Readonly<Record<string, number>>;
  readonly sendAt: LocalTime;
  /** Whether a loan that is first seen after this step's day still gets it, at once. */
  readonly catchUp: boolean;
}

export interface ContactStep extends StepBase {
  readonly do: 'contact';
  readonly channel: Channel;
  /**
   * Other channels in the order in which they are tried when the one before cannot reach the debtor: no address, a
   * number that is known to be dead, a message that failed. Left out when there is none.
   */
  readonly fallback?: readonly Channel[];
  readonly template: string;
  /**
   * How many days after the first permitted one the contact is still worth making, when the debtor's budget was spent
   * or the system was down. A reminder before the due date is worth nothing from that date on.
   */
  readonly validDays: number;
}

export interface TaskStep extends StepBase {
  readonly do: 'task';
  readonly task: TaskKind;
  /**
   * Days the ladder waits for the answer before it goes on by itself; 0 does not wait at all.
   * Counted from the step's day, so no two steps overlap by surprise.
   */
  readonly waitDays: number;
  /** Calls only: for how many days a debtor who refuses to talk is let be; 7 unless given. */
  readonly cooldownDays?: number;
}

export type Step = ContactStep | TaskStep;

/** A treatment strategy: which step on which day for whom. Data, versioned, never edited once used. */
export interface Strategy {
  readonly id: string;
  readonly version: number;
  readonly currency: Currency;
  /** Name of the holiday calendar in `policy/calendars`. */
  readonly calendar: string;
  /** Ids of the rule packs in `policy/rules` that every contact must keep, on top of what the strategy itself says. */
  readonly rulePacks: readonly string[];
  readonly window: ContactWindow;
  /** At most so many contacts on one channel to one debtor in one local day, over all their loans; 0 where no step uses it. */
  readonly perDebtorPerDay: Readonly<Record<Channel, number>>;
  /** Contacts are spread by a jitter of up to so many minutes, seeded by the loan. */
  readonly spreadMinutes: number;
  readonly allocation: readonly Component[];
  readonly tiers: readonly Tier[];
  readonly steps: readonly Step[];
  /** What may be agreed on with a debtor. Left out, the cautious limits of `agreement-policy.ts` hold. */
  readonly agreements?: AgreementPolicy;
  /** What being overdue costs. Left out, Kept adds nothing to what the loan system says is due. */
  readonly penaltyInterest?: PenaltyInterest;
}

/** The channels by which a contact step may reach a debtor, the one to try first at the start. */
export function channelsOf(step: Pick<ContactStep, 'channel' | 'fallback'>): readonly Channel[] {
  return [step.channel, ...(step.fallback ?? [])];
}

/** `unsecured-consumer@1`: how a strategy version is named in keys, logs and on screens. */
export function strategyRef(strategy: Pick<Strategy, 'id' | 'version'>): string {
  return `${strategy.id}@${strategy.version}`;
}

/** The tier of an overdue amount: the first whose limit lies above it. */
export function tierOf(tiers: readonly Tier[], overdueMinor: number): string {
  const tier = tiers.find(
    (each) => each.overdueAmountBelowMinor === undefined || overdueMinor < each.overdueAmountBelowMinor,
  );
  // A checked strategy always ends in a tier without a limit.
  return tier?.id ?? tiers.at(-1)?.id ?? '';
}
