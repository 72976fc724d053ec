import { SingleBar } from 'cli-progress';
import { loadStrategy } from '../../activities/strategy-file.ts';
import { type DatabaseHandle, openDatabase } from '../../db/client.ts';
import type { IntakeContext } from '../../db/intake.ts';
import { DomainError } from '../../domain/errors.ts';
import { instantOf } from '../../domain/instant.ts';
import { eventsOf, paymentsByLoan } from '../portfolio/events.ts';
import { type Portfolio, readPortfolio } from '../portfolio/read.ts';
import { writeRejects } from '../portfolio/rejects.ts';
import { type ImportCount, importEvents } from './import-events.ts';

export interface ImportRequest {
  readonly portfolioDir: string;
  readonly strategyFile: string;
  readonly rejectsFile: string;
  readonly loans: number | 'all';
  readonly isStrict: boolean;
  readonly databaseUrl: string;
}

/**
 * `kept import`: takes a portfolio's loans and payments in as the same events that the API takes. A relay then opens
 * the cases. Running it twice changes nothing.
 * @returns the exit code: 2 when rows were rejected or events refused.
 * @throws FILE_UNREADABLE, STRATEGY_INVALID, OUTPUT_UNWRITABLE; ROW_INVALID in a strict run, before anything is written
 */
export async function importCommand(request: ImportRequest): Promise<number> {
  const { strategy } = loadStrategy(request.strategyFile);
  const portfolio = await readPortfolio(request.portfolioDir, { loans: request.loans });
  const { rejects } = portfolio;
  if (rejects.length > 0 && request.isStrict) {
    throw new DomainError(
      'ROW_INVALID',
      `${rejects.length} rows are bad and the import is strict: nothing was written.`,
    );
  }
  const payments = paymentsByLoan(portfolio.payments);
  const events = portfolio.loans.flatMap((loan) => eventsOf(loan, payments.get(loan.statement.loanRef) ?? []));
  const database = openDatabase(request.databaseUrl);
  const bar = new SingleBar({
    format: '  {bar} {percentage}%  {value} of {total} events',
    noTTYOutput: true,
    notTTYSchedule: 5_000,
  });
  try {
    const startedMs = performance.now();
    bar.start(events.length, 0);
    const { allocation, penaltyInterest } = strategy;
    const context = { receivedAt: instantOf(Date.now()), allocation, penaltyInterest };
    const count = await importAll(database, events, context, (done) => bar.increment(done));
    bar.stop();
    await writeRejects(request.rejectsFile, rejects);
    report(portfolio, count, (performance.now() - startedMs) / 1_000);
    return rejects.length + count.refused.length > 0 ? 2 : 0;
  } finally {
    bar.stop();
    await database.close();
  }
}

/** @throws CONFIG_INVALID when the database does not answer or has no tables. */
async function importAll(
  { db, sql }: DatabaseHandle,
  events: Parameters<typeof importEvents>[1],
  context: IntakeContext,
  onProgress: (events: number) => void,
): Promise<ImportCount> {
  try {
    await sql`select 1 from inbox_event limit 1`;
  } catch {
    throw new DomainError(
      'CONFIG_INVALID',
      'The database of DATABASE_URL does not answer or is empty: run `kept bootstrap`.',
    );
  }
  return importEvents(db, events, { ...context, onProgress });
}

function report({ loans, payments, rejects }: Portfolio, count: ImportCount, seconds: number): void {
  const lines = [
    `Imported ${loans.length} loans and ${payments.length} payments in ${seconds.toFixed(1)} s:`,
    `  ${count.accepted} events accepted, ${count.duplicate} known already, ${count.parked} waiting for their loan,`,
    `  ${count.refused.length} events refused, ${rejects.length} rows rejected.`,
    ...count.refused.slice(0, 20).map(({ eventId, error }) => `  ${eventId}: ${error.message}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
