import { and, eq, isNull } from 'drizzle-orm';
import type { Receipt } from '../../domain/agreement.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Transaction } from '../client.ts';
import { inboxEvent, loan } from '../schema.ts';

/** Money that took effect from an instant on and was not taken back, and the balance version that knows of it. */
export async function receiptsSince(
  tx: Transaction,
  loanRef: string,
  since: Instant,
): Promise<{ readonly receipts: readonly Receipt[]; readonly version: number }> {
  // The loan first: an event that is posted in between is in the receipts and not in the version, and is looked at again.
  const [row] = await tx.select({ version: loan.version }).from(loan).where(eq(loan.loanRef, loanRef));
  const events = await tx
    .select()
    .from(inboxEvent)
    .where(and(eq(inboxEvent.loanRef, loanRef), isNull(inboxEvent.refusal)));
  const reversed = new Set(events.flatMap(({ data }) => ('paymentEventId' in data ? [data.paymentEventId] : [])));
  const receipts = events.flatMap(({ eventId, type, effectiveAt, data }) =>
    type === 'payment.received' && 'amountMinor' in data && effectiveAt >= since && !reversed.has(eventId)
      ? [{ at: effectiveAt, amountMinor: data.amountMinor }]
      : [],
  );
  return { receipts, version: row?.version ?? 0 };
}
