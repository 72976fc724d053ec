import { openDatabase } from '../../db/client.ts';
import { caseByLoan } from '../../db/queries/cases.ts';
import { DomainError } from '../../domain/errors.ts';
import { toSeconds } from '../../domain/instant.ts';
import type { ContactRule } from '../../domain/judge.ts';
import { formatMoney } from '../../domain/money.ts';

/** What each rule means to people. */
const MEANINGS: Readonly<Record<ContactRule, string>> = {
  balanceCleared: 'nothing was due any more',
  caseClosed: 'the loan system had closed the loan',
  zoneUnknown: 'the time at the debtor is not known',
  addressMissing: 'there is no address for the channel',
  addressDead: 'what was sent to the address before did not arrive, and there is another way',
  optedOut: 'the debtor does not want to be contacted on the channel',
  contactCeased: 'the debtor wants no contact any more',
  onHold: 'collection was on hold',
  callUnderWay: 'somebody was on the phone with the debtor',
  calendarUnknown: 'the holidays of the year are not known',
  contactWindow: 'it was outside the permitted hours and days',
  debtorBudget: 'the debtor had been contacted often enough that day, over all loans',
  tooLate: 'it came too late to make sense',
};

/**
 * `kept explain CASE`: every contact of a loan's latest case, made or not, and why, in plain words.
 * @throws CASE_UNKNOWN
 */
export async function explainCommand(loanRef: string, databaseUrl: string): Promise<number> {
  const database = openDatabase(databaseUrl, { connections: 1 });
  try {
    const found = await caseByLoan(database.db, loanRef);
    if (!found) throw new DomainError('CASE_UNKNOWN', `Loan ${loanRef} has no case.`);
    const { overdue, contacts, tasks } = found;
    const lines = [
      `Loan ${loanRef}, episode ${found.episode}: ${found.outcome}, ${formatMoney(overdue)} overdue, due on ${found.dueOn}.`,
      `Opened ${toSeconds(found.openedAt)} under ${found.strategy}${found.closedAt === null ? '' : `, closed ${toSeconds(found.closedAt)}`}.`,
      '',
      ...contacts.map(
        ({ initiator, step, channel, at, status, rules, result, delivery }) =>
          `${toSeconds(at)}  ${channel.padEnd(6)} ${step ?? (initiator === 'us' ? 'agent' : 'debtor')}: ${[
            status,
            result,
            delivery,
          ]
            .filter((part) => part !== null)
            .join(', ')}${because(rules)}`,
      ),
      ...tasks.map(({ kind, status, openedAt }) => `${toSeconds(openedAt)}  task   ${kind}: ${status}`),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  } finally {
    await database.close();
  }
}

function because(rules: readonly string[]): string {
  if (rules.length === 0) return '';
  return ` because ${rules.map((rule) => MEANINGS[rule as ContactRule] ?? rule).join(', and ')} (${rules.join(', ')})`;
}
