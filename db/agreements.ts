import { and, eq } from 'drizzle-orm';
import type { Agreement } from '../domain/agreement.ts';
import { type CaseKey, type RecordEntry, addToRecord } from './case-record.ts';
import type { Database } from './client.ts';
import { agreement } from './schema.ts';

/** Stores agreements as their case has them, and what is new about them on its record. Safe to repeat. */
export function storeAgreements(db: Database, key: CaseKey, agreements: readonly Agreement[]): Promise<void> {
  return db.transaction(async (tx) => {
    const entries: RecordEntry[] = [];
    for (const { checkedVersion: _version, knownAt: _at, ...made } of agreements) {
      const row = { ...key, ...made };
      const which = and(
        eq(agreement.loanRef, key.loanRef),
        eq(agreement.episode, key.episode),
        eq(agreement.agreementId, made.agreementId),
      );
      const [before] = await tx.select().from(agreement).where(which).for('update');
      if (before && isSame(before, made)) continue;
      if (before) await tx.update(agreement).set(row).where(which);
      else await tx.insert(agreement).values(row);
      entries.push(entryOf(made, before === undefined));
    }
    await addToRecord(tx, key, entries);
  });
}

type StoredAgreement = Omit<Agreement, 'checkedVersion' | 'knownAt'>;

function isSame(before: StoredAgreement, after: StoredAgreement): boolean {
  return (
    before.status === after.status && before.receivedMinor === after.receivedMinor && before.endedAt === after.endedAt
  );
}

function entryOf(made: StoredAgreement, isNew: boolean): RecordEntry {
  const { agreementId, kind, status, endedAt, receivedMinor, cancelledBy } = made;
  if (!isNew) return { kind: 'agreementChanged', facts: { agreementId, status, endedAt, receivedMinor, cancelledBy } };
  const { way, reason, actor, role = 'agent', madeAt, instalments, toleranceMinor, discountMinor } = made;
  const terms = instalments.map(({ amountMinor, dueOn }) => `${amountMinor} on ${dueOn}`);
  return {
    kind: 'agreementMade',
    facts: {
      agreementId,
      kind,
      way,
      reason,
      actor,
      role,
      madeAt,
      instalments: terms,
      toleranceMinor,
      discountMinor,
      status,
    },
  };
}
