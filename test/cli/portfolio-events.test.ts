import { describe, expect, it } from 'vitest';
import { eventsOf, paymentsByLoan } from '../../cli/portfolio/events.ts';
import { readPortfolio } from '../../cli/portfolio/read.ts';
import { LOAN_HEADER, PAYMENT_HEADER, fileOf, loanRow, paymentRow, withPortfolio } from '../support/portfolio-rows.ts';

async function eventsFor(cells: Parameters<typeof loanRow>[0], payments: readonly string[] = []) {
  const files = { loans: fileOf(LOAN_HEADER, [loanRow(cells)]), payments: fileOf(PAYMENT_HEADER, payments) };
  const portfolio = await withPortfolio(files, (dir) => readPortfolio(dir, { loans: 'all' }));
  const [loan] = portfolio.loans;
  if (!loan) throw new Error('The row is meant to be good.');
  return { loan, events: eventsOf(loan, paymentsByLoan(portfolio.payments).get(loan.statement.loanRef) ?? []) };
}

describe('the events of a loan', () => {
  it('begin with its announcement at local midnight three days before the due date', async () => {
    const { loan, events } = await eventsFor({ due_date: '2026-08-01', time_zone: 'Asia/Taipei' });
    expect(events).toEqual([
      { id: 'due-L1', type: 'loan.due_soon', timestamp: '2026-07-28T16:00:00.000Z', data: loan.statement },
    ]);
  });

  it('follow the summer time of the zone', async () => {
    const before = await eventsFor({ due_date: '2026-04-01', time_zone: 'Europe/Berlin', currency: 'EUR' });
    const after = await eventsFor({ due_date: '2026-04-02', time_zone: 'Europe/Berlin', currency: 'EUR' });
    expect(before.events[0]?.timestamp).toBe('2026-03-28T23:00:00.000Z');
    expect(after.events[0]?.timestamp).toBe('2026-03-29T22:00:00.000Z');
  });

  it('go on with its payments under their own ids, in the currency of the loan', async () => {
    const { events } = await eventsFor({ currency: 'USD' }, [
      paymentRow({ event_id: 'late', paid_at: '2026-09-01T00:00:00+08:00' }),
      paymentRow({ event_id: 'early', amount_minor: '5', paid_at: '2026-08-01T00:00:00.5Z' }),
    ]);
    expect(events.slice(1)).toEqual([
      {
        id: 'late',
        type: 'payment.received',
        timestamp: '2026-08-31T16:00:00.000Z',
        data: { loanRef: 'L1', amountMinor: 68_900, currency: 'USD' },
      },
      {
        id: 'early',
        type: 'payment.received',
        timestamp: '2026-08-01T00:00:00.500Z',
        data: { loanRef: 'L1', amountMinor: 5, currency: 'USD' },
      },
    ]);
  });
});
