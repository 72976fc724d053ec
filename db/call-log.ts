import { and, eq } from 'drizzle-orm';
import { DomainError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { Result } from '../domain/rules/facts.ts';
import type { SamplingPolicy } from '../domain/sampling.ts';
import { callKey } from './calls.ts';
import { addToRecord } from './case-record.ts';
import type { Database } from './client.ts';
import { sampleContacts } from './review-samples.ts';
import { contact } from './schema.ts';

/** What came of a call, as the agent logs it. */
export interface CallLog {
  readonly callId: string;
  /** `notDialled`: the call was not made after all, and does not count. */
  readonly result: Result | 'notDialled';
  readonly actor: string;
  /** In the agent's own words; with the entries of the word lists that were found in it. */
  readonly note: string | null;
  readonly noteFindings: readonly string[];
}

/**
 * Logs what came of a reserved call, once, in the ledger and on the record of its case, and chooses whether it is
 * reviewed. The same again changes nothing.
 * @throws CALL_UNKNOWN, CALL_NOT_RESERVED, CALL_ALREADY_LOGGED
 */
export function logCall(
  db: Database,
  { sampling }: { readonly sampling: SamplingPolicy },
  log: CallLog,
  now: Instant,
): Promise<void> {
  return db.transaction(async (tx) => {
    const { callId, result, actor, note, noteFindings } = log;
    const [row] = await tx
      .select()
      .from(contact)
      .where(eq(contact.key, callKey(callId)))
      .for('update');
    if (!row) throw new DomainError('CALL_UNKNOWN', `There is no call ${callId}.`);
    if (row.status === 'suppressed' || row.status === 'deferred') {
      throw new DomainError('CALL_NOT_RESERVED', `Call ${callId} was refused, so it has no result.`);
    }
    const logged = result === 'notDialled' ? ({ status: 'released', result: null } as const) : made(result);
    if (row.status !== 'reserved') {
      if (row.status === logged.status && row.result === logged.result && row.note === note) return;
      throw new DomainError('CALL_ALREADY_LOGGED', `Call ${callId} was logged with another result.`);
    }
    const findings = [...noteFindings];
    const updated = await tx
      .update(contact)
      .set({ ...logged, settledAt: now, note, noteFindings: note === null ? null : findings })
      .where(and(eq(contact.key, row.key), eq(contact.status, 'reserved')))
      .returning();
    await sampleContacts(tx, sampling, updated);
    const { loanRef, episode } = row;
    if (loanRef === null || episode === null) return;
    const facts = { key: row.key, ...logged, settledAt: now, actor, noteFindings: findings };
    await addToRecord(tx, { loanRef, episode }, [{ kind: 'contactSettled', facts }]);
  });
}

function made(result: Result) {
  return { status: 'made', result } as const;
}
