import { and, asc, eq, gte, inArray, isNull, lt, ne, or } from 'drizzle-orm';
import type { DeliveryStatus } from '../domain/contact-ledger.ts';
import type { Instant } from '../domain/instant.ts';
import { compareText } from '../domain/order.ts';
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
 * word for the cases whose messages did not arrive. Receipts of keys that are not known are passed over.
 * @returns how many changed something.
 */
export function recordReceipts(
  db: Database,
  receipts: readonly DeliveryReceipt[],
  receivedAt: Instant,
): Promise<number> {
  return db.transaction(async (tx) => {
    let changed = 0;
    for (const [, ofCase] of await byCase(tx, receipts)) {
      for (const { receipt, row } of ofCase) changed += (await recordReceipt(tx, receipt, row, receivedAt)) ? 1 : 0;
    }
    return changed;
  });
}

type ContactRow = typeof contact.$inferSelect;

interface Matched {
  readonly receipt: DeliveryReceipt;
  readonly row: ContactRow;
}

/** Receipts with their contacts, case by case, always in one order: two batches cannot wait for each other. */
async function byCase(tx: Transaction, receipts: readonly DeliveryReceipt[]): Promise<Map<string, Matched[]>> {
  const keys = [...new Set(receipts.map((receipt) => receipt.key))];
  if (keys.length === 0) return new Map();
  const rows = new Map(
    (await tx.select().from(contact).where(inArray(contact.key, keys))).map((row) => [row.key, row]),
  );
  const cases = new Map<string, Matched[]>();
  for (const receipt of receipts.toSorted((a, b) => compareText(a.key, b.key))) {
    const row = rows.get(receipt.key);
    if (!row) continue;
    const name = `${row.loanRef}/${row.episode}`;
    cases.set(name, [...(cases.get(name) ?? []), { receipt, row }]);
  }
  return new Map([...cases].toSorted(([a], [b]) => compareText(a, b)));
}

async function recordReceipt(
  tx: Transaction,
  { key, status, at, reason, result }: DeliveryReceipt,
  { loanRef, episode }: ContactRow,
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

/** Messages that a provider took in a stretch of time, half-open, and of which it has reported nothing; oldest first. */
export function contactsWithoutReceipt(
  db: Database,
  { from, to, limit }: { readonly from: Instant; readonly to: Instant; readonly limit: number },
): Promise<Pick<ContactRow, 'key' | 'channel'>[]> {
  return db
    .select({ key: contact.key, channel: contact.channel })
    .from(contact)
    .where(
      and(
        eq(contact.status, 'sent'),
        isNull(contact.delivery),
        gte(contact.settledAt, from),
        lt(contact.settledAt, to),
      ),
    )
    .orderBy(asc(contact.settledAt))
    .limit(limit);
}
