import { openDatabase } from '../../db/client.ts';
import { caseByLoan } from '../../db/queries/cases.ts';
import { DomainError } from '../../domain/errors.ts';
import { toSeconds } from '../../domain/instant.ts';
import { formatMoney } from '../../domain/money.ts';
import { contactLine } from './contact-line.ts';
import { ruleMeanings } from './rule-meanings.ts';

/**
 * `kept explain CASE`: every contact of a loan's latest case, ours and the debtor's, made or not, and why, in plain words.
 * @throws CASE_UNKNOWN
 */
export async function explainCommand(loanRef: string, databaseUrl: string): Promise<number> {
  const database = openDatabase(databaseUrl, { connections: 1 });
  try {
    const found = await caseByLoan(database.db, loanRef);
    if (!found) throw new DomainError('CASE_UNKNOWN', `Loan ${loanRef} has no case.`);
    const { overdue, contacts, tasks } = found;
    const meaningOf = ruleMeanings();
    const lines = [
      `Loan ${loanRef}, episode ${found.episode}: ${found.outcome}, ${formatMoney(overdue)} overdue, due on ${found.dueOn}.`,
      `Opened ${toSeconds(found.openedAt)} under ${found.strategy}${found.closedAt === null ? '' : `, closed ${toSeconds(found.closedAt)}`}.`,
      '',
      ...contacts.map((contact) => contactLine(contact, meaningOf)),
      ...tasks.map(({ kind, status, openedAt }) => `${toSeconds(openedAt)}  task   ${kind}: ${status}`),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  } finally {
    await database.close();
  }
}
