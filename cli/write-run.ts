import { writeFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { agreementsCsv, casesCsv, contactsCsv, inFileOrder } from '../domain/run-files.ts';
import type { RunResult } from '../domain/run-result.ts';
import { strategyRef } from '../domain/strategy.ts';
import { makeFolder, unwritable } from './output-files.ts';
import type { RunPlan } from './plan-run.ts';
import { writeRejects } from './portfolio/rejects.ts';
import type { ReportInput, ReportLink } from './report/input.ts';
import { renderReport } from './report/report.ts';

export interface Run {
  readonly plan: RunPlan;
  readonly mode: 'demo' | 'rehearse';
  readonly result: RunResult;
  readonly elapsedSeconds: number;
  readonly links?: readonly ReportLink[];
}

/**
 * Writes `contacts.csv`, `cases.csv`, `agreements.csv`, `report.html` and `rejects.csv`.
 * @returns what the summary for the terminal is made of.
 * @throws OUTPUT_UNWRITABLE
 */
export async function writeRun(run: Run): Promise<ReportInput> {
  const { outDir } = run.plan.request;
  const input = reportInput(run);
  const files = {
    'contacts.csv': contactsCsv(input.result.contacts),
    'cases.csv': casesCsv(input.result.cases),
    'agreements.csv': agreementsCsv(input.result.agreements),
    'report.html': renderReport(input),
  };
  try {
    await makeFolder(resolve(outDir));
    for (const [name, content] of Object.entries(files)) await writeFile(join(outDir, name), content);
  } catch (error) {
    throw unwritable(outDir, error);
  }
  await writeRejects(join(outDir, 'rejects.csv'), run.plan.portfolio.rejects);
  return input;
}

function reportInput({ plan, mode, result, elapsedSeconds, links }: Run): ReportInput {
  const { portfolio, strategy, request, from } = plan;
  const [first] = portfolio.loans;
  if (!first) throw new TypeError('A run has at least one loan.');
  return {
    result: inFileOrder(result),
    loans: portfolio.loans.map(({ statement }) => ({
      loanRef: statement.loanRef,
      debtorRef: statement.debtor.debtorRef,
      dueOn: statement.dueOn,
      overdueMinor: Object.values(statement.due).reduce((sum, part) => sum + part, 0),
    })),
    payments: portfolio.payments,
    meta: {
      mode,
      portfolio: shortName(request.portfolioDir),
      strategy: strategyRef(strategy),
      from,
      to: request.to,
      currency: strategy.currency,
      zone: first.statement.debtor.zone,
      elapsedSeconds,
      ...(plan.responses === null
        ? {}
        : { responses: { file: shortName(request.responsesFile ?? ''), seed: plan.responses.seed } }),
      ...(links ? { links } : {}),
    },
  };
}

/** The last two names of a path: the page does not tell where on a machine something lies. */
function shortName(path: string): string {
  return resolve(path).split(sep).slice(-2).join('/');
}
