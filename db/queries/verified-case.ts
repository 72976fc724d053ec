import { and, asc, eq } from 'drizzle-orm';
import { type CaseKey, type RecordRow, faultOfRecord, readRecord } from '../case-record.ts';
import type { Database } from '../client.ts';
import { collectionCase, contact } from '../schema.ts';

export interface VerifiedEpisode extends CaseKey {
  readonly entries: number;
  /** The first thing that is not as it was written; null when all is. */
  readonly fault: string | null;
}

type LedgerRow = typeof contact.$inferSelect;

/** Checks the record of every episode of a loan, and the contact ledger against it. Empty: the loan has no case. */
export async function verifyCase(db: Database, loanRef: string): Promise<VerifiedEpisode[]> {
  const cases = await db
    .select()
    .from(collectionCase)
    .where(eq(collectionCase.loanRef, loanRef))
    .orderBy(asc(collectionCase.episode));
  const verified: VerifiedEpisode[] = [];
  for (const { episode, recordLength, recordHead } of cases) {
    const key = { loanRef, episode };
    const rows = await readRecord(db, key);
    const ledger = await db
      .select()
      .from(contact)
      .where(and(eq(contact.loanRef, loanRef), eq(contact.episode, episode)));
    const fault = faultOfRecord(key, rows, { length: recordLength, hash: recordHead }) ?? faultOfLedger(rows, ledger);
    verified.push({ ...key, entries: rows.length, fault });
  }
  return verified;
}

interface Written {
  readonly key: string;
  readonly status: string;
  readonly at?: string;
}

/** Whether the ledger says what the record says: no contact added, taken away or given another outcome. */
function faultOfLedger(rows: readonly RecordRow[], ledger: readonly LedgerRow[]): string | null {
  const written = new Map<string, Written>();
  for (const { kind, entry } of rows) {
    const { facts } = JSON.parse(entry) as { facts: { key: string; verdict?: string; status?: string; at?: string } };
    const before = written.get(facts.key);
    if (kind === 'contactDecided') {
      const status = { allow: 'reserved', defer: 'deferred', deny: 'suppressed' }[facts.verdict ?? ''] ?? '';
      written.set(facts.key, { key: facts.key, status, ...(facts.at === undefined ? {} : { at: facts.at }) });
    } else if (kind === 'contactSettled' && before) {
      written.set(facts.key, { ...before, status: facts.status ?? '' });
    }
  }
  for (const row of ledger) {
    const said = written.get(row.key);
    if (!said) return `contact ${row.key} is not on the record`;
    if (said.status !== row.status)
      return `contact ${row.key} is ${row.status} in the ledger and ${said.status} on record`;
    if (said.at !== row.at) return `contact ${row.key} was moved to ${row.at}`;
    written.delete(row.key);
  }
  const [missing] = written.keys();
  return missing === undefined ? null : `contact ${missing} is missing in the ledger`;
}
