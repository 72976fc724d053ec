import type { LoanEvent } from '../../../domain/events.ts';
import { type Instant, plusDays } from '../../../domain/instant.ts';
import type { ContactIntent } from '../../../domain/next-action.ts';
import { type Channel, type Strategy, strategyRef } from '../../../domain/strategy.ts';
import { taipei } from '../events.ts';
import { statementOf } from '../loans.ts';
import { contact, strategy } from '../strategy.ts';

const FIRST_DAY = '2026-04-08';

/** What a loan is to be sent on each day: two calls by voice, an SMS and a push. */
const DAILY: readonly { readonly name: string; readonly channel: Channel; readonly time: string }[] = [
  { name: 'voice-a', channel: 'voice', time: '09:30' },
  { name: 'sms', channel: 'sms', time: '10:00' },
  { name: 'push', channel: 'push', time: '10:00' },
  { name: 'voice-b', channel: 'voice', time: '16:00' },
];

/** Messages to one debtor a day that the strategy permits. Three loans want more than the day has of every channel. */
export const CAPS: Readonly<Record<Channel, number>> = { sms: 2, push: 1, voice: 5, email: 0 };

/** CN2 of the rule pack: calls by voice to one debtor a day, over all loans. Lower than the strategy's cap. */
export const LAWFUL_CALLS_A_DAY = 3;

/** Its steps stand for nothing: the test itself says what falls due when. */
export const RACES: Strategy = strategy({
  id: 'races',
  rulePacks: ['cn-consumer'],
  perDebtorPerDay: CAPS,
  steps: [contact()],
});

export interface RaceLoan {
  readonly loanRef: string;
  readonly debtorRef: string;
  readonly event: LoanEvent;
}

/** Loans of debtors who can be reached on every channel; all are overdue before the first day. */
export function loansOf(debtors: number, loansPerDebtor: number): RaceLoan[] {
  return Array.from({ length: debtors * loansPerDebtor }, (_, index) => {
    const debtor = Math.floor(index / loansPerDebtor);
    const [loanRef, debtorRef] = [`R${index}`, `D${debtor}`];
    const phone = `+8869${String(debtor).padStart(8, '0')}`;
    const { debtor: person, ...statement } = statementOf(loanRef);
    const data = { ...statement, debtor: { ...person, debtorRef, phone, pushId: `app-${debtorRef}` } };
    return { loanRef, debtorRef, event: { id: `due-${loanRef}`, type: 'loan.overdue', timestamp: SEEN_AT, data } };
  });
}

/** Everything was said and seen before the first day, so it is the order of the commits alone that decides. */
export const SEEN_AT: Instant = taipei('2026-04-07 00:00');

/** The contacts of a loan that fall due on a day, 0 being the first. */
export function contactsOn(loanRef: string, day: number): ContactIntent[] {
  const date = plusDays(FIRST_DAY, day);
  return DAILY.map(({ name, channel, time }) => {
    const step = `${name}-${day}`;
    return {
      key: `${loanRef}/1/${strategyRef(RACES)}/${step}/1`,
      step,
      stage: 'early',
      channel,
      template: 'overdue-first',
      at: taipei(`${date} ${time}`),
      validUntil: taipei(`${plusDays(date, 2)} 00:00`),
      isLastResort: true,
    };
  });
}

/** The local day of an instant in Taipei, worked out without the domain. */
export function taipeiDay(at: Instant): string {
  return new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 10);
}
