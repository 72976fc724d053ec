import { inArray, sql } from 'drizzle-orm';
import type { LoanEvent } from '../domain/events.ts';
import type { Transaction } from './client.ts';
import { inboxEvent } from './schema.ts';

/** An event of the inbox, as far as a fold needs it. */
export interface StoredEvent {
  readonly event: LoanEvent;
  readonly parked: boolean;
}

/** All events of loans that may count, in no order; those that turned out not to fit their loan are left out. */
export async function storedEvents(tx: Transaction, loanRefs: string[]): Promise<Map<string, StoredEvent[]>> {
  const { eventId, loanRef, type, effectiveAt, data, parked, refusal } = inboxEvent;
  const rows = await tx
    .select({ eventId, loanRef, type, effectiveAt, data, parked })
    .from(inboxEvent)
    .where(sql`${inArray(loanRef, loanRefs)} and ${refusal} is null`);
  const byLoan = new Map<string, StoredEvent[]>(loanRefs.map((ref) => [ref, []]));
  for (const row of rows) {
    const event = { id: row.eventId, type: row.type, timestamp: row.effectiveAt, data: row.data } as LoanEvent;
    byLoan.get(row.loanRef)?.push({ event, parked: row.parked });
  }
  return byLoan;
}
