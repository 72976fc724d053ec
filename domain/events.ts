import type { Instant, LocalDate, Zone } from './instant.ts';
import type { Currency } from './money.ts';
import type { Channel, Component } from './strategy.ts';

export type Language = 'zh' | 'en';

/** The person who owes; several loans may share one. Addresses that are missing close their channel, not the case. */
export interface Debtor {
  readonly debtorRef: string;
  readonly zone: Zone;
  readonly language: Language;
  /** E.164. */
  readonly phone?: string;
  readonly email?: string;
  /** Opaque address of the lender's app. */
  readonly pushId?: string;
}

/** Amounts by what they are for, in minor units; all of them are claimed, none is negative. */
export type Components = Readonly<Record<Component, number>>;

/** What is due on a loan, stated by the loan system as of the event's instant; a later statement replaces an earlier one. */
export interface Statement {
  readonly loanRef: string;
  readonly debtor: Debtor;
  readonly product: string;
  readonly currency: Currency;
  readonly dueOn: LocalDate;
  readonly due: Components;
  /** Principal of the whole loan that is still owed, the due part included. */
  readonly outstandingMinor: number;
  /** Facts kept as evidence and for segments, such as credit limit and region; never sent anywhere. */
  readonly snapshot?: Readonly<Record<string, string | number>>;
}

/** Where a channel reaches a debtor; null closes the channel, not the case. */
export function addressOf(
  debtor: { readonly [Field in 'phone' | 'email' | 'pushId']?: string | null },
  channel: Channel,
): string | null {
  return { sms: debtor.phone, email: debtor.email, push: debtor.pushId, voice: debtor.phone }[channel] ?? null;
}

interface Envelope<Type extends string, Data> {
  /** Unique for ever; the same id with the same content is the same event. */
  readonly id: string;
  readonly type: Type;
  /** When it took effect, which is not when it arrived. */
  readonly timestamp: Instant;
  readonly data: Data;
}

export type LoanDueSoon = Envelope<'loan.due_soon', Statement>;
export type LoanOverdue = Envelope<'loan.overdue', Statement>;
export type PaymentReceived = Envelope<
  'payment.received',
  { readonly loanRef: string; readonly amountMinor: number; readonly currency: Currency }
>;
/** Takes a payment back whole, such as a returned direct debit. */
export type PaymentReversed = Envelope<
  'payment.reversed',
  { readonly loanRef: string; readonly paymentEventId: string }
>;
/** Adds to (or, negative, takes from) what is due. */
export type LoanAdjusted = Envelope<
  'loan.adjusted',
  { readonly loanRef: string; readonly currency: Currency; readonly change: Components; readonly reason: string }
>;
/** The loan system ends the collection: taken back, or written off. */
export type LoanClosed = Envelope<
  'loan.closed',
  { readonly loanRef: string; readonly reason: 'recalled' | 'writtenOff' }
>;

export type LoanEvent = LoanDueSoon | LoanOverdue | PaymentReceived | PaymentReversed | LoanAdjusted | LoanClosed;

export const NOTHING_DUE: Components = { penalty: 0, interest: 0, principal: 0, fees: 0 };
