import { type SQL, and, asc, count, eq, inArray, like, sql } from 'drizzle-orm';
import type { BulkHoldFilter } from '../../domain/bulk-hold.ts';
import { localDateOf } from '../../domain/calendar.ts';
import { type Instant, plusDays } from '../../domain/instant.ts';
import type { Database, Transaction } from '../client.ts';
import { collectionCase, debtor, debtorEvent, loan } from '../schema.ts';

export interface HeldLoan {
  readonly loanRef: string;
  readonly debtorRef: string;
}

/** The open cases that a filter names, as a condition on `collection_case`, `loan` and `debtor`. */
export async function matching(db: Database, filter: BulkHoldFilter, now: Instant): Promise<SQL | undefined> {
  const { region, product, loanRefs, minDaysPastDue } = filter;
  return and(
    eq(collectionCase.outcome, 'open'),
    region === undefined ? undefined : sql`${loan.statement} -> 'snapshot' ->> 'region' = ${region}`,
    product === undefined ? undefined : sql`${loan.statement} ->> 'product' = ${product}`,
    loanRefs === undefined ? undefined : inArray(loan.loanRef, [...loanRefs]),
    minDaysPastDue === undefined ? undefined : await dueLongEnough(db, minDaysPastDue, now),
  );
}

/** By the debtor's calendar, as the domain has it: what day it is in each zone is told to the database. */
async function dueLongEnough(db: Database, days: number, now: Instant): Promise<SQL> {
  const zones = await db.selectDistinct({ zone: debtor.zone }).from(debtor);
  const dueBy = Object.fromEntries(zones.map(({ zone }) => [zone, plusDays(localDateOf(now, zone), -days)]));
  return sql`${loan.dueOn} <= (${JSON.stringify(dueBy)}::jsonb ->> ${debtor.zone})::date`;
}

/** Not held under this name yet. */
export function notHeld(holdId: string): SQL {
  return sql`not exists (
    select from ${debtorEvent} as held where held.event_id = ${`${holdId}:`}::text || ${loan.loanRef}
  )`;
}

/** How many open cases fit. */
export async function countLoans(db: Database, where: SQL | undefined): Promise<number> {
  const [row] = await db
    .select({ loans: count() })
    .from(collectionCase)
    .innerJoin(loan, eq(loan.loanRef, collectionCase.loanRef))
    .innerJoin(debtor, eq(debtor.debtorRef, loan.debtorRef))
    .where(where);
  return row?.loans ?? 0;
}

/** The first of them in the order of their references. */
export function firstLoans(db: Database | Transaction, where: SQL | undefined, limit: number): Promise<HeldLoan[]> {
  return db
    .select({ loanRef: loan.loanRef, debtorRef: loan.debtorRef })
    .from(collectionCase)
    .innerJoin(loan, eq(loan.loanRef, collectionCase.loanRef))
    .innerJoin(debtor, eq(debtor.debtorRef, loan.debtorRef))
    .where(where)
    .orderBy(asc(loan.loanRef))
    .limit(limit);
}

/** The holds that were placed under a name, as a condition on `debtor_event`. */
export function placedUnder(holdId: string): SQL | undefined {
  const { eventId, type, data } = debtorEvent;
  return and(
    eq(type, 'hold.placed'),
    // In the index; an underscore stands for any character otherwise.
    like(eventId, `${holdId.replaceAll('_', String.raw`\_`)}:%`),
    sql`${eventId} = ${`${holdId}:`}::text || (${data} ->> 'loanRef')`,
  );
}

/** Of those the ones that nobody has ended, by whatever event. */
export function notReleased(): SQL {
  const { debtorRef, eventId } = debtorEvent;
  return sql`not exists (
    select from ${debtorEvent} as ending
    where ending.debtor_ref = ${debtorRef} and ending.type = 'hold.released'
      and ending.data ->> 'holdEventId' = ${eventId}
  )`;
}
