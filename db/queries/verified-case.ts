import { and, asc, eq, inArray, isNull, or } from 'drizzle-orm';
import { type CaseKey, type RecordRow, faultOfRecord, readRecord } from '../case-record.ts';
import type { Database } from '../client.ts';
import { collectionCase, contact } from '../schema.ts';
import { STATUS_AFTER } from '../verdict-columns.ts';

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
    const written = contactsOf(rows);
    const ledger = await db
      .select()
      .from(contact)
      .where(
        or(
          and(eq(contact.loanRef, loanRef), eq(contact.episode, episode)),
          // A debtor with several loans did not say which: it is on the record of each.
          and(isNull(contact.loanRef), inArray(contact.key, [...written.keys()])),
        ),
      );
    const fault =
      faultOfRecord(key, rows, { length: recordLength, hash: recordHead }) ?? faultOfLedger(written, ledger);
    verified.push({ ...key, entries: rows.length, fault });
  }
  return verified;
}

/** What the record says of a contact in the end. */
interface Written {
  readonly status: string;
  readonly at: string | null;
  readonly result: string | null;
  readonly delivery: string | null;
}

interface Facts {
  readonly key: string;
  readonly at: string;
  readonly verdict: keyof typeof STATUS_AFTER;
  readonly status: string;
  readonly delivery: string;
  readonly result?: string | null;
}

/** The contacts on a record by their keys. */
function contactsOf(rows: readonly RecordRow[]): Map<string, Written> {
  const written = new Map<string, Written>();
  for (const { kind, entry } of rows) {
    const { facts } = JSON.parse(entry) as { facts: Facts };
    const { key, at, result = null } = facts;
    const before = written.get(key);
    if (kind === 'contactDecided') {
      written.set(key, { status: STATUS_AFTER[facts.verdict], at, result: null, delivery: null });
    } else if (kind === 'contactReceived') {
      written.set(key, { status: 'received', at, result, delivery: null });
    } else if (kind === 'contactSettled' && before) {
      written.set(key, { ...before, status: facts.status, result: result ?? before.result });
    } else if (kind === 'contactDelivered' && before) {
      written.set(key, { ...before, delivery: facts.delivery, result: result ?? before.result });
    }
  }
  return written;
}

/** Whether the ledger says what the record says: no contact added, taken away or given another outcome. */
function faultOfLedger(written: Map<string, Written>, ledger: readonly LedgerRow[]): string | null {
  for (const { key, status, at, result, delivery } of ledger) {
    const said = written.get(key);
    if (!said) return `contact ${key} is not on the record`;
    if (said.status !== status) return `contact ${key} is ${status} in the ledger and ${said.status} on record`;
    if (said.at !== at) return `contact ${key} was moved to ${at}`;
    if (said.result !== result) return `contact ${key} ended ${result} in the ledger and ${said.result} on record`;
    if (said.delivery !== delivery) return `contact ${key} is ${delivery} in the ledger and ${said.delivery} on record`;
    written.delete(key);
  }
  const [missing] = written.keys();
  return missing === undefined ? null : `contact ${missing} is missing in the ledger`;
}
