import { and, asc, eq, gt, inArray, isNull, lte, ne, or, sql } from 'drizzle-orm';
import type { DeliveryStatus } from '../domain/contact-ledger.ts';
import { DAY_MS, type Instant, MINUTE_MS, plusMs } from '../domain/instant.ts';
import type { Result } from '../domain/rules/facts.ts';
import { addToRecord } from './case-record.ts';
import type { Database, Transaction } from './client.ts';
import { leaveWord } from './outbox.ts';
import { contact } from './schema.ts';

/** What a provider reports of a message that it took. */
export interface DeliveryReceipt {
  readonly key: string;
  readonly status: DeliveryStatus;
  readonly at: Instant;
  readonly reason: string | null;
  /** How a voice call went. */
  readonly result: Result | null;
}

/** A later receipt replaces an earlier one only if it says more: what was delivered has arrived, whatever else is said. */
const WEIGHT: Readonly<Record<DeliveryStatus, number>> = { failed: 1, blocked: 2, delivered: 3 };

/**
 * Records receipts, each once, in whatever order and however often they come, on the record of their case too; leaves
 * word for the cases whose messages did not arrive. Receipts of keys that are not known are passed over. Each is a
 * transaction of its own, so that none waits for a contact while it keeps the record of a case from being written.
 * @returns how many changed something.
 */
export async function recordReceipts(
  db: Database,
  receipts: readonly DeliveryReceipt[],
  receivedAt: Instant,
): Promise<number> {
  const keys = [...new Set(receipts.map((receipt) => receipt.key))];
  if (keys.length === 0) return 0;
  const { key, loanRef, episode } = contact;
  const known = await db.select({ key, loanRef, episode }).from(contact).where(inArray(key, keys));
  const cases = new Map(known.map((row) => [row.key, row]));
  let changed = 0;
  for (const receipt of receipts) {
    const row = cases.get(receipt.key);
    if (row && (await db.transaction((tx) => recordReceipt(tx, receipt, row, receivedAt)))) changed += 1;
  }
  return changed;
}

type ContactRow = typeof contact.$inferSelect;

async function recordReceipt(
  tx: Transaction,
  { key, status, at, reason, result }: DeliveryReceipt,
  { loanRef, episode }: Pick<ContactRow, 'loanRef' | 'episode'>,
  receivedAt: Instant,
): Promise<boolean> {
  const lighter = (['failed', 'blocked', 'delivered'] as const).filter((each) => WEIGHT[each] < WEIGHT[status]);
  const saysMore = or(
    isNull(contact.delivery),
    inArray(contact.delivery, lighter),
    ...(result === null ? [] : [and(eq(contact.delivery, status), isNull(contact.result))]),
  );
  const [changed] = await tx
    .update(contact)
    .set({ delivery: status, deliveredAt: at, deliveryReason: reason, ...(result === null ? {} : { result }) })
    .where(and(eq(contact.key, key), ne(contact.status, 'released'), saysMore))
    .returning();
  if (!changed || loanRef === null || episode === null) return changed !== undefined;
  const facts = { key, delivery: status, at, reason, result };
  await addToRecord(tx, { loanRef, episode }, [{ kind: 'contactDelivered', facts }]);
  if (status !== 'delivered') await leaveWord(tx, [loanRef], receivedAt, 'delivery');
  return true;
}

/** A provider is asked after a message when no receipt has come for so long, and no more when it is so old. */
const ASKED_FROM_MS = 15 * MINUTE_MS;
const ASKED_UNTIL_MS = 3 * DAY_MS;

/**
 * Takes messages of which a provider has reported nothing, oldest first, to ask after them: at an age of 15 minutes, and
 * again each time the age has doubled since, up to three days. Who takes them has them to himself.
 */
export function takeWithoutReceipt(
  db: Database,
  { now, limit }: { readonly now: Instant; readonly limit: number },
): Promise<Pick<ContactRow, 'key' | 'channel'>[]> {
  const { key, channel, status, delivery, settledAt, receiptAskedAt } = contact;
  const due = db.$with('due').as(
    db
      .select({ key })
      .from(contact)
      .where(
        and(
          eq(status, 'sent'),
          isNull(delivery),
          gt(settledAt, plusMs(now, -ASKED_UNTIL_MS)),
          lte(settledAt, plusMs(now, -ASKED_FROM_MS)),
          or(isNull(receiptAskedAt), sql`${now}::timestamptz - ${settledAt} >= 2 * (${receiptAskedAt} - ${settledAt})`),
        ),
      )
      .orderBy(asc(settledAt))
      .limit(limit)
      .for('update', { skipLocked: true }),
  );
  return db
    .with(due)
    .update(contact)
    .set({ receiptAskedAt: now })
    .where(inArray(key, db.select({ key: due.key }).from(due)))
    .returning({ key, channel });
}
