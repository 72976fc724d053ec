import { type LoanEvent, NOTHING_DUE, type Statement } from '../../domain/events.ts';
import { parseInstant } from '../../domain/instant.ts';

/** A made-up loan of NT$5,000.00 (tier medium), due on Wednesday 1 April 2026 in Taipei. */
export function statementOf(loanRef: string, change: Partial<Statement> = {}): Statement {
  return {
    loanRef,
    debtor: {
      debtorRef: `debtor-${loanRef}`,
      zone: 'Asia/Taipei',
      language: 'zh',
      phone: '+886900000001',
      email: 'debtor@example.com',
      pushId: `app-${loanRef}`,
    },
    product: 'credit-card',
    currency: 'TWD',
    dueOn: '2026-04-01',
    due: { ...NOTHING_DUE, principal: 500_000 },
    outstandingMinor: 2_000_000,
    ...change,
  };
}

/** Midnight in Taipei, three days before the due date. */
export const SEEN_AT = parseInstant('2026-03-29T00:00:00+08:00');

export function dueSoon(statement: Statement): LoanEvent {
  return { id: `due-${statement.loanRef}`, type: 'loan.due_soon', timestamp: SEEN_AT, data: statement };
}

/** @param at ISO 8601 with an offset. */
export function payment(loanRef: string, id: string, amountMinor: number, at: string): LoanEvent {
  return {
    id,
    type: 'payment.received',
    timestamp: parseInstant(at),
    data: { loanRef, amountMinor, currency: 'TWD' },
  };
}

export function reversal(loanRef: string, id: string, paymentEventId: string, at: string): LoanEvent {
  return { id, type: 'payment.reversed', timestamp: parseInstant(at), data: { loanRef, paymentEventId } };
}
