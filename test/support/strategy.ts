import type { Calendar, CalendarYear } from '../../domain/calendar.ts';
import type { ContactStep, ContactWindow, Strategy, TaskStep } from '../../domain/strategy.ts';

/** Every day, 09:00 until before 20:00. */
export const EVERY_DAY: ContactWindow = { from: '09:00', to: '20:00', restDays: [], restOnHolidays: false };

/** Sundays and public holidays are days of rest. */
export const WORKDAYS: ContactWindow = { from: '09:00', to: '20:00', restDays: ['sun'], restOnHolidays: true };

/** A calendar of the years given; by default 2025 to 2027 without any holiday. */
export function calendar(
  years: Readonly<Record<string, Partial<CalendarYear>>> = { 2025: {}, 2026: {}, 2027: {} },
): Calendar {
  const whole = Object.entries(years).map(([year, given]): [string, CalendarYear] => [
    year,
    { version: `test-${year}-1`, source: 'made up', holidays: {}, makeUpWorkdays: [], ...given },
  ]);
  return { id: 'test', years: Object.fromEntries(whole) };
}

/** An SMS on day 2 at 10:00 in every tier, worth sending for three days more. */
export function contact(change: Partial<ContactStep> = {}): ContactStep {
  return {
    id: 'first',
    stage: 'early',
    do: 'contact',
    channel: 'sms',
    template: 'overdue-first',
    day: { small: 2, medium: 2, large: 2 },
    sendAt: '10:00',
    validDays: 3,
    catchUp: false,
    ...change,
  };
}

/** A review on day 30 at 09:30 in every tier, which the ladder does not wait for. */
export function task(change: Partial<TaskStep> = {}): TaskStep {
  return {
    id: 'last-review',
    stage: 'late',
    do: 'task',
    task: 'review',
    day: { small: 30, medium: 30, large: 30 },
    sendAt: '09:30',
    waitDays: 0,
    catchUp: false,
    ...change,
  };
}

/** Tiers: small below NT$3,000.00, medium below NT$15,000.00, large. */
export function strategy(change: Partial<Strategy> = {}): Strategy {
  return {
    id: 'plain',
    version: 1,
    currency: 'TWD',
    calendar: 'test',
    rulePacks: [],
    window: EVERY_DAY,
    perDebtorPerDay: { sms: 1, email: 1, push: 1, voice: 1 },
    spreadMinutes: 0,
    allocation: ['penalty', 'interest', 'principal', 'fees'],
    tiers: [
      { id: 'small', overdueAmountBelowMinor: 300_000 },
      { id: 'medium', overdueAmountBelowMinor: 1_500_000 },
      { id: 'large' },
    ],
    steps: [contact(), task()],
    ...change,
  };
}
