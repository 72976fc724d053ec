import type { LoanEvent } from '../../domain/events.ts';
import { DAY_MS, type Instant, instantOf } from '../../domain/instant.ts';

/** One SMS at once, at any hour of any day, so that the time of the run does not matter. */
export const STRATEGY = `
id: crash
version: 1
currency: TWD
calendar: tw
window: { from: 00:00, to: 23:59, restDays: [], restOnHolidays: false }
perDebtorPerDay: { sms: 1, email: 1, push: 1 }
allocation: [penalty, interest, principal, fees]
tiers: [{ id: all }]
steps:
  - { id: first, stage: early, do: contact, channel: sms, template: overdue-first, day: 0, sendAt: 00:00, validDays: 5, catchUp: true }
  - { id: review, stage: late, do: task, task: review, day: 300, sendAt: 10:00, waitDays: 0 }
`;

/** A loan that fell due yesterday, of a debtor and with a number of its own. */
export function overdueLoan(index: number, now: Instant): LoanEvent {
  const loanRef = `CRASH-${index}`;
  const debtor = { debtorRef: `D-${loanRef}`, zone: 'Asia/Taipei', language: 'zh', phone: numberOf(index) } as const;
  const due = { penalty: 0, interest: 0, principal: 100_000, fees: 0 };
  const dueOn = instantOf(Date.parse(now) - DAY_MS).slice(0, 10);
  const data = { loanRef, debtor, product: 'credit-card', currency: 'TWD', dueOn, due, outstandingMinor: 500_000 };
  return { id: `due-${loanRef}`, type: 'loan.overdue', timestamp: now, data };
}

/** The number of a loan's debtor: whoever gets a message twice shows in the gateway's log, whatever the keys are. */
export function numberOf(index: number): string {
  return `+8869${String(index).padStart(8, '0')}`;
}
