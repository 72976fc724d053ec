import { loadStrategy } from '../activities/strategy-file.ts';
import { importEvents } from '../cli/import/import-events.ts';
import { eventsOf, paymentsByLoan } from '../cli/portfolio/events.ts';
import { readPortfolio } from '../cli/portfolio/read.ts';
import { migrateDatabase, openDatabase } from '../db/client.ts';
import { instantOf } from '../domain/instant.ts';
import { startStack } from '../local/stack.ts';
import { silentLog } from '../local/stack-log.ts';
import { spread } from './measured-process.ts';

/** Rows a second into the embedded Postgres with its durable settings, against a bare multi-row insert of as many. */
export async function measureImport(options: { portfolio: string; runs: number }): Promise<string[]> {
  const stack = await startStack({ profile: 'demo', ui: false, log: silentLog });
  try {
    await migrateDatabase(stack.databaseUrl);
    const { db, sql, close } = openDatabase(stack.databaseUrl);
    const { strategy } = loadStrategy('policy/strategies/unsecured-consumer.yaml');
    const portfolio = await readPortfolio(options.portfolio, { loans: 'all' });
    const payments = paymentsByLoan(portfolio.payments);
    const events = portfolio.loans.flatMap((loan) => eventsOf(loan, payments.get(loan.statement.loanRef) ?? []));
    const context = { receivedAt: instantOf(Date.now()), allocation: strategy.allocation, onProgress: () => {} };
    await sql`create table bare (id text primary key, data jsonb not null)`;
    const kept: number[] = [];
    const bare: number[] = [];
    for (let run = 0; run <= options.runs; run += 1) {
      await sql`truncate inbox_event, loan, debtor, outbox, collection_case, bare`;
      const keptRate = await rate(events.length, async () => {
        const count = await importEvents(db, events, context);
        if (count.accepted !== events.length) throw new Error(`${count.accepted} of ${events.length} were accepted.`);
      });
      const bareRate = await rate(events.length, async () => {
        for (let at = 0; at < events.length; at += 500) {
          const rows = events.slice(at, at + 500).map((event) => ({ id: event.id, data: JSON.stringify(event) }));
          await sql`insert into bare ${sql(rows)}`;
        }
      });
      if (run > 0) {
        kept.push(keptRate);
        bare.push(bareRate);
      }
    }
    await close();
    const ratios = kept.map((value, run) => value / (bare[run] ?? Number.NaN));
    return [
      `import, ${events.length} events, ${options.runs} runs:`,
      `  rows a second              ${spread(kept, 0)}`,
      `  bare insert, rows a second ${spread(bare, 0)}`,
      `  ratio                      ${spread(ratios)}`,
    ];
  } finally {
    await stack.stop();
  }
}

async function rate(rows: number, work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return rows / ((performance.now() - startedMs) / 1_000);
}
