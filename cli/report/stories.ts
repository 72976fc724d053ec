import { epochMsOf, MINUTE_MS, type Zone } from '../../domain/instant.ts';
import type { Currency } from '../../domain/money.ts';
import type { LoanRecord } from './records.ts';
import { groupBy } from './tally.ts';
import { CHANNEL_NAMES, counted, dayNumber, durationName, exactMoney, momentName } from './words.ts';

/** A loan that is worth a look, and why. */
export interface Story {
  readonly title: string;
  readonly words: string;
  /** The loan it is about first, then those of the same person that belong to it. */
  readonly records: readonly [LoanRecord, ...LoanRecord[]];
}

/** Instalments from which a loan counts as paid in pieces. */
const PIECES = 3;

/** One story of each kind that the run has, no loan twice. */
export function storiesOf(records: readonly LoanRecord[], meta: { currency: Currency; zone: Zone }): Story[] {
  const money = (amountMinor: number) => exactMoney(amountMinor, meta.currency);
  const tellers = [soonAfterContact, withoutReminder, longestRoad, inPieces, severalLoans, stillOpen];
  const stories: Story[] = [];
  for (const tell of tellers) {
    const told = new Set(stories.flatMap((story) => story.records));
    const untold = records.filter((record) => !told.has(record));
    const story = tell(untold, { money, zone: meta.zone, all: records });
    if (story) stories.push(story);
  }
  return stories;
}

interface Telling {
  readonly money: (amountMinor: number) => string;
  readonly zone: Zone;
  readonly all: readonly LoanRecord[];
}

function soonAfterContact(records: readonly LoanRecord[], { zone }: Telling): Story | null {
  const record = leastBy(records, (each) => minutesSinceContact(each) ?? Infinity);
  const contact = record?.contacts.findLast((line) => line.verdict === 'sent');
  const gap = record && minutesSinceContact(record);
  if (!record || !contact || gap === null || gap === undefined || record.ending.closedAt === null) return null;
  return {
    title: `Cleared ${durationName(gap)} after a message`,
    words:
      `${contact.step} went out by ${CHANNEL_NAMES[contact.channel]} on ${momentName(contact.at, zone)}; the payment ` +
      `that cleared the loan came on ${momentName(record.ending.closedAt, zone)}. It would have come without the message ` +
      'too: payments are replayed.',
    records: [record],
  };
}

function minutesSinceContact({ ending, contacts, cleared }: LoanRecord): number | null {
  const contact = contacts.findLast((line) => line.verdict === 'sent');
  if (!cleared || ending.closedAt === null || !contact) return null;
  return (epochMsOf(ending.closedAt) - epochMsOf(contact.at)) / MINUTE_MS;
}

function withoutReminder(records: readonly LoanRecord[], { zone }: Telling): Story | null {
  const untouched = records.filter(
    (each) => each.cleared && !each.contacts.some((line) => line.verdict === 'sent' && line.day >= 0),
  );
  const record = leastBy(untouched, (each) => each.closedDay ?? Infinity);
  if (!record || record.ending.closedAt === null || record.closedDay === null) return null;
  return {
    title: 'Cleared before anybody had to ask',
    words:
      `Paid on ${momentName(record.ending.closedAt, zone)}, ${dayNumber(record.closedDay)}. Payment beats timer: ` +
      'every step that was planned for later fell away.',
    records: [record],
  };
}

function longestRoad(records: readonly LoanRecord[], { money }: Telling): Story | null {
  const cleared = records.filter((each) => each.cleared);
  const record = leastBy(cleared, (each) => -(each.closedDay ?? 0));
  if (!record || record.closedDay === null) return null;
  return {
    title: `The longest road: ${counted(record.closedDay, 'day')}`,
    words:
      `${money(record.loan.overdueMinor)} cleared on ${dayNumber(record.closedDay)}, after ` +
      `${counted(record.ending.contactsSent, 'message')} and ${counted(record.tasks.length, 'task')} for people.`,
    records: [record],
  };
}

function inPieces(records: readonly LoanRecord[], { money }: Telling): Story | null {
  const pieces = records.filter((each) => each.cleared && each.payments.length >= PIECES);
  const record = leastBy(pieces, (each) => -each.payments.length);
  if (!record) return null;
  return {
    title: `Paid in ${counted(record.payments.length, 'piece')}`,
    words: `${money(record.ending.paidMinor)} in all; each payment lowered what was due, and the last one ended the case.`,
    records: [record],
  };
}

function severalLoans(records: readonly LoanRecord[], { all }: Telling): Story | null {
  const families = groupBy(all, (each) => each.loan.debtorRef);
  const loansOf = (each: LoanRecord) => families.get(each.loan.debtorRef) ?? [];
  const record = leastBy(records, (each) => -loansOf(each).length);
  if (!record || loansOf(record).length < 2) return null;
  const others = loansOf(record).filter((each) => each !== record);
  return {
    title: `One person, ${counted(others.length + 1, 'loan')}`,
    words:
      `The same person owes on ${others.map((each) => each.loan.loanRef).join(' and ')}, drawn here on one calendar. ` +
      'All of these loans share one daily budget of messages.',
    records: [record, ...others],
  };
}

function stillOpen(records: readonly LoanRecord[], { money }: Telling): Story | null {
  const open = records.filter((each) => each.ending.outcome === 'open');
  const left = (each: LoanRecord) => each.loan.overdueMinor - each.recoveredMinor;
  const record = leastBy(open, (each) => -left(each));
  if (!record) return null;
  return {
    title: 'The largest amount still open',
    words:
      `${money(left(record))} of ${money(record.loan.overdueMinor)} is left after ` +
      `${counted(record.ending.contactsSent, 'message')}; ${counted(record.tasks.length, 'task')} opened for people.`,
    records: [record],
  };
}

/** The first of those with the least value. */
function leastBy<T>(items: readonly T[], value: (item: T) => number): T | undefined {
  let least: T | undefined;
  for (const item of items) if (least === undefined || value(item) < value(least)) least = item;
  return least;
}
