import { asc, eq } from 'drizzle-orm';
import { totalOf } from '../../domain/agreement.ts';
import type { Database } from '../client.ts';
import { agreement } from '../schema.ts';

/** What was agreed on about a loan, over all its episodes, oldest first. */
export async function agreementsOfLoan(db: Database, loanRef: string) {
  const rows = await db
    .select()
    .from(agreement)
    .where(eq(agreement.loanRef, loanRef))
    .orderBy(asc(agreement.madeAt), asc(agreement.agreementId));
  return rows.map((row) => ({
    agreementId: row.agreementId,
    kind: row.kind,
    status: row.status,
    way: row.way,
    reason: row.reason,
    actor: row.actor,
    role: row.role,
    madeAt: row.madeAt,
    endedAt: row.endedAt,
    cancelledBy: row.cancelledBy,
    cancelReason: row.cancelReason,
    parts: row.instalments.map(({ amountMinor, dueOn }) => ({ amountMinor, dueOn })),
    partsPaid: row.instalmentsPaid,
    totalMinor: totalOf(row),
    receivedMinor: row.receivedMinor,
    discountMinor: row.discountMinor,
    toleranceMinor: row.toleranceMinor,
  }));
}
