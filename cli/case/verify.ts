import { openDatabase } from '../../db/client.ts';
import { verifyCase } from '../../db/queries/verified-case.ts';
import { DomainError } from '../../domain/errors.ts';

/**
 * `kept verify CASE`: whether the record of a loan's cases is as it was written, to the byte.
 * @returns the exit code: 2 when something was changed or is missing.
 * @throws CASE_UNKNOWN
 */
export async function verifyCommand(loanRef: string, databaseUrl: string): Promise<number> {
  const database = openDatabase(databaseUrl, { connections: 1 });
  try {
    const episodes = await verifyCase(database.db, loanRef);
    if (episodes.length === 0) throw new DomainError('CASE_UNKNOWN', `Loan ${loanRef} has no case.`);
    for (const { episode, entries, fault } of episodes) {
      const verdict = fault === null ? `${entries} entries, all as they were written` : `FAULT: ${fault}`;
      process.stdout.write(`${loanRef} episode ${episode}: ${verdict}.\n`);
    }
    return episodes.some(({ fault }) => fault !== null) ? 2 : 0;
  } finally {
    await database.close();
  }
}
