import { createHash } from 'node:crypto';
import { and, asc, eq } from 'drizzle-orm';
import { DomainError } from '../domain/errors.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Database, Transaction } from './client.ts';
import { type RecordKind, caseRecord, collectionCase } from './schema.ts';

/** Something to put on a case's record. Facts only: no name, number, address or text of a message. */
export interface RecordEntry {
  readonly kind: RecordKind;
  readonly facts: Readonly<Record<string, string | number | null | readonly string[]>>;
}

export interface CaseKey {
  readonly loanRef: string;
  readonly episode: number;
}

/** The hash of an entry, chained to the one before; the first is chained to the empty text. */
export function chainedHash(previousHash: string, entry: string): string {
  return createHash('sha256').update(`${previousHash}\n${entry}`).digest('hex');
}

/**
 * Adds entries to the record of a case, in the transaction of what they tell, so that neither is ever without the other.
 * Takes the case's row lock: entries of one case come one after the other, whoever writes them.
 * @throws CASE_UNKNOWN
 */
export async function addToRecord(tx: Transaction, key: CaseKey, entries: readonly RecordEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const [head] = await tx
    .select({ length: collectionCase.recordLength, hash: collectionCase.recordHead })
    .from(collectionCase)
    .where(rowOf(key))
    .for('no key update');
  if (!head) throw new DomainError('CASE_UNKNOWN', `Loan ${key.loanRef} has no episode ${key.episode}.`);
  let { hash } = head;
  const rows = entries.map(({ kind, facts }, index) => {
    const seq = head.length + index + 1;
    const entry = canonicalJson({ ...key, seq, kind, facts });
    hash = chainedHash(hash, entry);
    return { ...key, seq, kind, entry, hash };
  });
  await tx.insert(caseRecord).values(rows);
  await tx
    .update(collectionCase)
    .set({ recordLength: head.length + rows.length, recordHead: hash })
    .where(rowOf(key));
}

function rowOf({ loanRef, episode }: CaseKey) {
  return and(eq(collectionCase.loanRef, loanRef), eq(collectionCase.episode, episode));
}

/** One row of a record as it is read back. */
export interface RecordRow {
  readonly seq: number;
  readonly kind: string;
  readonly entry: string;
  readonly hash: string;
}

/** Reads the record of a case in order. */
export function readRecord(db: Database, { loanRef, episode }: CaseKey): Promise<RecordRow[]> {
  return db
    .select({ seq: caseRecord.seq, kind: caseRecord.kind, entry: caseRecord.entry, hash: caseRecord.hash })
    .from(caseRecord)
    .where(and(eq(caseRecord.loanRef, loanRef), eq(caseRecord.episode, episode)))
    .orderBy(asc(caseRecord.seq));
}

/**
 * Checks a record against its chain and its head.
 * @returns the first fault in words, or null when every entry is as it was written and none is missing.
 */
export function faultOfRecord(
  key: CaseKey,
  rows: readonly RecordRow[],
  head: { readonly length: number; readonly hash: string },
): string | null {
  let previous = '';
  for (const [index, row] of rows.entries()) {
    const seq = index + 1;
    if (row.seq !== seq) return `entry ${seq} is missing`;
    if (chainedHash(previous, row.entry) !== row.hash) return `entry ${seq} is not what was written`;
    if (!belongsHere(row, key)) return `entry ${seq} belongs elsewhere`;
    previous = row.hash;
  }
  if (rows.length !== head.length) return `${head.length - rows.length} entries are missing at the end`;
  return previous === head.hash ? null : 'the record was written anew';
}

function belongsHere(row: RecordRow, key: CaseKey): boolean {
  const { loanRef, episode, seq, kind } = JSON.parse(row.entry) as CaseKey & RecordRow;
  return loanRef === key.loanRef && episode === key.episode && seq === row.seq && kind === row.kind;
}
