import { and, inArray } from 'drizzle-orm';
import type { FrozenRange } from '../domain/accrual-days.ts';
import type { DebtorEvent } from '../domain/debtor-events.ts';
import { holdsOf } from '../domain/debtor-standing.ts';
import type { Statement } from '../domain/events.ts';
import { frozenRangesOf } from '../domain/frozen-ranges.ts';
import type { Transaction } from './client.ts';
import { eventOfRow } from './debtor-events.ts';
import { agreement, debtorEvent } from './schema.ts';

const ABOUT_HOLDS: DebtorEvent['type'][] = ['hold.placed', 'hold.released', 'treatment.ended'];

/** The days on which nothing accrues, by loan. @param statements the latest of each loan. */
export async function readFrozen(
  tx: Transaction,
  statements: readonly Statement[],
): Promise<ReadonlyMap<string, readonly FrozenRange[]>> {
  if (statements.length === 0) return new Map();
  const loanRefs = statements.map(({ loanRef }) => loanRef);
  const holdEvents = await holdEventsOf(tx, [...new Set(statements.map(({ debtor }) => debtor.debtorRef))]);
  const { loanRef, madeAt, endedAt, freezesInterest } = agreement;
  const agreements = await tx
    .select({ loanRef, madeAt, endedAt, freezesInterest })
    .from(agreement)
    .where(inArray(loanRef, loanRefs));
  return new Map(
    statements.map(({ loanRef, debtor: { debtorRef, zone } }) => {
      const holds = holdsOf(holdEvents.filter(({ data }) => data.debtorRef === debtorRef));
      const ofLoan = agreements.filter((row) => row.loanRef === loanRef);
      return [loanRef, frozenRangesOf({ loanRef, zone, holds, agreements: ofLoan })];
    }),
  );
}

/** What was said about holds of debtors. */
async function holdEventsOf(tx: Transaction, debtorRefs: string[]): Promise<readonly DebtorEvent[]> {
  const rows = await tx
    .select()
    .from(debtorEvent)
    .where(and(inArray(debtorEvent.debtorRef, debtorRefs), inArray(debtorEvent.type, ABOUT_HOLDS)));
  return rows.map(eventOfRow);
}
