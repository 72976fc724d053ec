import { type Database, openDatabase } from '../../db/client.ts';
import { agreementsOfLoan } from '../../db/queries/agreements.ts';
import { caseByLoan } from '../../db/queries/cases.ts';
import { DomainError } from '../../domain/errors.ts';
import { toSeconds } from '../../domain/instant.ts';
import { formatMoney } from '../../domain/money.ts';
import { compareText } from '../../domain/order.ts';
import { agreementLine } from './agreement-line.ts';
import { contactLine } from './contact-line.ts';
import { ruleMeanings } from './rule-meanings.ts';

/** Of `2026-04-01T02:00:00Z`. */
const INSTANT_LENGTH = 20;

/** `kept explain CASE`. @throws CASE_UNKNOWN */
export async function explainCommand(loanRef: string, databaseUrl: string): Promise<number> {
  const database = openDatabase(databaseUrl, { connections: 1 });
  try {
    process.stdout.write(`${(await explainCase(database.db, loanRef)).join('\n')}\n`);
    return 0;
  } finally {
    await database.close();
  }
}

/**
 * A loan's latest case in plain words, a line each: every contact, ours and the debtor's, made or not, and why; its tasks,
 * and what was agreed on about the loan.
 * @throws CASE_UNKNOWN
 */
export async function explainCase(db: Database, loanRef: string): Promise<string[]> {
  const found = await caseByLoan(db, loanRef);
  if (!found) throw new DomainError('CASE_UNKNOWN', `Loan ${loanRef} has no case.`);
  const { overdue, contacts, tasks } = found;
  const meaningOf = ruleMeanings();
  const agreements = await agreementsOfLoan(db, loanRef);
  const history = [
    ...contacts.map((contact) => contactLine(contact, meaningOf)),
    ...tasks.map(({ kind, status, openedAt }) => `${toSeconds(openedAt)}  task   ${kind}: ${status}`),
    ...agreements.map((agreement) => agreementLine(agreement, overdue.currency)),
  ];
  return [
    `Loan ${loanRef}, episode ${found.episode}: ${found.outcome}, ${formatMoney(overdue)} overdue, due on ${found.dueOn}.`,
    `Opened ${toSeconds(found.openedAt)} under ${found.strategy}${found.closedAt === null ? '' : `, closed ${toSeconds(found.closedAt)}`}.`,
    '',
    // Each line begins with its instant, so they sort as text.
    ...history.toSorted((a, b) => compareText(a.slice(0, INSTANT_LENGTH), b.slice(0, INSTANT_LENGTH))),
  ];
}
