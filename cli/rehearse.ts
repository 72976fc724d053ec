import { rehearseDebtor } from '../domain/rehearsal.ts';
import type { RunResult } from '../domain/run-result.ts';
import { type RunPlan, type RunRequest, planRun } from './plan-run.ts';
import { renderSummary } from './report/summary.ts';
import { writeRun } from './write-run.ts';

/** Rehearses every debtor of a plan: the decisions of the server, without the server. */
export function rehearse({ debtors, ...policy }: RunPlan): RunResult {
  const results = debtors.map(({ loans, end }) => rehearseDebtor(loans, policy, end));
  return {
    contacts: results.flatMap((result) => result.contacts),
    cases: results.flatMap((result) => result.cases),
    tasks: results.flatMap((result) => result.tasks),
    agreements: results.flatMap((result) => result.agreements),
  };
}

/** `kept rehearse`. @returns the exit code: 2 when rows were rejected. */
export async function rehearseCommand(request: RunRequest): Promise<number> {
  const startedMs = performance.now();
  const plan = await planRun(request);
  const result = rehearse(plan);
  const elapsedSeconds = (performance.now() - startedMs) / 1_000;
  const input = await writeRun({ plan, mode: 'rehearse', result, elapsedSeconds });
  process.stdout.write(renderSummary(input));
  return exitCodeOf(plan);
}

/** 0, or 2 when rows were left out; said on standard error with where to look. */
export function exitCodeOf({ portfolio, request }: RunPlan): number {
  const { rejects } = portfolio;
  if (rejects.length === 0) return 0;
  process.stderr.write(`${rejects.length} rows were left out: see ${request.outDir}/rejects.csv.\n`);
  return 2;
}
