/**
 * Makes the sample portfolio of this folder from the whole one; README.md states the rule.
 *
 *     npx tsx examples/portfolio/sample.ts FOLDER_OF_THE_WHOLE_PORTFOLIO
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LOANS = 200;
const BORROWERS_WITH_TWO_LOANS = 24;
const SINGLES_BETWEEN = 6;

interface Loan {
  readonly id: string;
  readonly borrower: string;
  readonly dueOn: string;
  readonly row: string;
}

type Borrower = readonly Loan[];

const sourceDir = process.argv[2];
if (sourceDir === undefined) throw new Error('Name the folder of the whole portfolio.');

const borrowers = byHash(readBorrowers());
const several = [
  ...borrowers.filter((loans) => loans.length > 2),
  ...borrowers.filter((loans) => loans.length === 2).slice(0, BORROWERS_WITH_TWO_LOANS),
];
const singles = spreadOverDueDates(
  borrowers.filter((loans) => loans.length === 1),
  LOANS - several.flat().length,
);
const loans = several
  .flatMap((borrower, index) => [borrower, ...singles.slice(index * SINGLES_BETWEEN, (index + 1) * SINGLES_BETWEEN)])
  .flat();
if (loans.length !== LOANS) throw new Error(`The sample has ${loans.length} loans instead of ${LOANS}.`);

const chosen = new Set(loans.map((loan) => loan.id));
write('loans.csv', [header('loans.csv'), ...loans.map((loan) => loan.row)]);
write('payments.csv', [header('payments.csv'), ...rows('payments.csv').filter((row) => chosen.has(cell(row, 1)))]);
write('outcomes.csv', [header('outcomes.csv'), ...rows('outcomes.csv').filter((row) => chosen.has(cell(row, 0)))]);

/** The loans of each borrower, which stand together in the source. */
function readBorrowers(): Borrower[] {
  const known = new Map<string, Loan[]>();
  for (const row of rows('loans.csv')) {
    const loan = { id: cell(row, 0), borrower: cell(row, 1), dueOn: cell(row, 6), row };
    known.set(loan.borrower, [...(known.get(loan.borrower) ?? []), loan]);
  }
  return [...known.values()];
}

/** An order that has nothing to do with the loans and is the same on every machine. */
function byHash(all: readonly Borrower[]): Borrower[] {
  const rank = (borrower: Borrower) => createHash('sha256').update(borrower[0]?.borrower ?? '').digest('hex');
  return all
    .map((borrower) => ({ borrower, rank: rank(borrower) }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ borrower }) => borrower);
}

/** So many borrowers, from each due date its share of the source by largest remainder, in the order given. */
function spreadOverDueDates(all: readonly Borrower[], count: number): Borrower[] {
  const dueOn = (borrower: Borrower) => borrower[0]?.dueOn ?? '';
  const shares = [...new Set(all.map(dueOn))].toSorted().map((date) => {
    const exact = (all.filter((borrower) => dueOn(borrower) === date).length * count) / all.length;
    return { date, whole: Math.floor(exact), remainder: exact % 1 };
  });
  const left = count - shares.reduce((sum, share) => sum + share.whole, 0);
  const raised = shares.toSorted((a, b) => b.remainder - a.remainder).slice(0, left);
  const open = new Map(shares.map((share) => [share.date, share.whole + (raised.includes(share) ? 1 : 0)]));
  return all.filter((borrower) => {
    const places = open.get(dueOn(borrower)) ?? 0;
    open.set(dueOn(borrower), places - 1);
    return places > 0;
  });
}

/** The files have neither quotes nor blank lines. */
function lines(file: string): string[] {
  return readFileSync(join(sourceDir ?? '', file), 'utf8').trimEnd().split('\n');
}

function rows(file: string): string[] {
  return lines(file).slice(1);
}

function header(file: string): string {
  return lines(file)[0] ?? '';
}

function cell(row: string, index: number): string {
  return row.split(',')[index] ?? '';
}

function write(file: string, all: readonly string[]): void {
  writeFileSync(join(import.meta.dirname, file), `${all.join('\n')}\n`);
}
