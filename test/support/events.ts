import type { Components, LoanEvent, Statement } from '../../domain/events.ts';
import type { Instant } from '../../domain/instant.ts';

/** Seed of every property test: a failure comes back on the next run. */
export const FIXED_SEED = { seed: 20_260_401 };

/** An instant from a local time in Taipei, such as `taipei('2026-04-02 10:00')`; worked out without the domain. */
export function taipei(local: string): Instant {
  return new Date(`${local.replace(' ', 'T')}${local.length === 16 ? ':00' : ''}+08:00`).toISOString();
}

/** Amounts in minor units; what is not named is nothing. */
export function components(change: Partial<Components> = {}): Components {
  return { penalty: 0, interest: 0, principal: 0, fees: 0, ...change };
}

/** A loan of `NT$` amounts, due on Wednesday 1 April 2026 in Taipei, of a debtor who can be reached on every channel. */
export function statement(change: Partial<Statement> = {}): Statement {
  const loanRef = change.loanRef ?? 'L-1';
  return {
    loanRef,
    debtor: {
      debtorRef: 'D-1',
      zone: 'Asia/Taipei',
      language: 'zh',
      phone: '+886900000001',
      email: 'debtor@example.com',
      pushId: 'app-1',
    },
    product: 'credit-card',
    currency: 'TWD',
    dueOn: '2026-04-01',
    due: components({ principal: 500_000 }),
    outstandingMinor: 2_000_000,
    ...change,
  };
}

export function dueSoon(at: Instant, data: Statement, id = `due-${data.loanRef}-${at}`): LoanEvent {
  return { id, type: 'loan.due_soon', timestamp: at, data };
}

export function overdue(at: Instant, data: Statement, id = `overdue-${data.loanRef}-${at}`): LoanEvent {
  return { id, type: 'loan.overdue', timestamp: at, data };
}

export function paid(at: Instant, amountMinor: number, id = `pay-${at}`, loanRef = 'L-1'): LoanEvent {
  return { id, type: 'payment.received', timestamp: at, data: { loanRef, amountMinor, currency: 'TWD' } };
}

export function reversed(at: Instant, paymentEventId: string, id = `back-${paymentEventId}-${at}`): LoanEvent {
  return { id, type: 'payment.reversed', timestamp: at, data: { loanRef: 'L-1', paymentEventId } };
}

export function adjusted(at: Instant, change: Partial<Components>, id = `adjust-${at}`): LoanEvent {
  const data = { loanRef: 'L-1', currency: 'TWD', change: components(change), reason: 'agreed' };
  return { id, type: 'loan.adjusted', timestamp: at, data };
}

export function closed(at: Instant, reason: 'recalled' | 'writtenOff', id = `close-${at}`): LoanEvent {
  return { id, type: 'loan.closed', timestamp: at, data: { loanRef: 'L-1', reason } };
}
