import { migrateDatabase } from '../../db/client.ts';
import { loan } from '../../db/schema.ts';
import { DomainError } from '../../domain/errors.ts';
import { type Instant, instantOf } from '../../domain/instant.ts';
import { type RehearsedLoan, eventsSeen, loanFactsOf } from '../../domain/rehearsed-loan.ts';
import type { ResponseModel } from '../../domain/responses/model.ts';
import { PendingResponses } from '../../domain/responses/pending-responses.ts';
import { type Sinks, startSinks } from '../../local/sinks/index.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { inLanes } from '../../platform/in-lanes.ts';
import { terminalLog } from '../../local/stack-log.ts';
import type { Kept } from '../../worker/kept.ts';
import { importEvents } from '../import/import-events.ts';
import { type RunPlan, type RunRequest, planRun } from '../plan-run.ts';
import { exitCodeOf } from '../rehearse.ts';
import type { ReportLink } from '../report/input.ts';
import { renderSummary } from '../report/summary.ts';
import { writeRun } from '../write-run.ts';
import { type World, driveDebtor } from './drive.ts';
import { type Interruption, watchForInterruption } from './interruption.ts';
import { frontDesk } from './front-desk.ts';
import { type DemoProgress, demoProgress } from './progress.ts';
import { readResults } from './results.ts';
import { sentTexts } from './sent-texts.ts';
import { startSandbox } from './world.ts';

/** Debtors whose clocks move at the same time. */
const LANES = 24;

/**
 * `kept demo`: starts the whole stack, runs every loan of a portfolio as a workflow on a real server in its own time,
 * and writes what came of it. Everything it started is stopped, unless it is asked to keep it until Ctrl-C.
 * @returns the exit code: 2 when rows were rejected, 130 when it was interrupted.
 */
export async function demoCommand(request: RunRequest, { isKept }: { readonly isKept: boolean }): Promise<number> {
  // Read first: a fault in the files should not wait for servers to start.
  const plan = await planRun(request);
  const log = terminalLog();
  const stack = await startStack({ profile: 'demo', ui: true, log });
  if (stack.uiUrl !== null) log.info(`Watch the cases in the Temporal UI: ${stack.uiUrl}`);
  const interruption = watchForInterruption();
  try {
    const work = runOnStack(plan, stack, isKept, interruption);
    const failed = stack.failure.then((error) => Promise.reject(error));
    return await Promise.race([work, failed, interruption.happened.then(() => INTERRUPTED)]);
  } finally {
    await stack.stop();
    interruption.forget();
  }
}

const INTERRUPTED = 130;

async function runOnStack(plan: RunPlan, stack: Stack, isKept: boolean, interruption: Interruption): Promise<number> {
  const sinks = await startSinks({ dataDir: stack.dataDir, renderText: sentTexts() });
  const progress = demoProgress(plan);
  try {
    await migrateDatabase(stack.databaseUrl);
    const { kept, world } = await startSandbox({
      stack,
      sinks,
      active: { strategy: plan.strategy, sha256: plan.strategySha256 },
      seenAt: seenAtOf(plan),
      onMoved: progress.moved,
    });
    try {
      await assertUnused(kept);
      const startedMs = performance.now();
      progress.start();
      await live(plan, kept, world, progress);
      progress.stop();
      const result = await readResults(kept.database.db, plan);
      const elapsedSeconds = (performance.now() - startedMs) / 1_000;
      const links = isKept ? linksTo(stack, kept, sinks) : [];
      const input = await writeRun({ plan, mode: 'demo', result, elapsedSeconds, links });
      process.stdout.write(renderSummary(input));
      if (isKept) await interruption.awaited();
      return exitCodeOf(plan);
    } finally {
      // After an interruption the servers are gone, and there is nothing left to part from.
      if (!interruption.isOver()) await kept.stop();
    }
  } finally {
    progress.stop();
    await sinks.stop();
  }
}

/** Announces all loans, then lives every debtor's life to the end of the run. */
async function live(plan: RunPlan, kept: Kept, sandbox: World, progress: DemoProgress): Promise<void> {
  const announced = plan.debtors.flatMap(({ loans }) => loans.flatMap(eventsSeen));
  const { allocation, penaltyInterest } = plan.strategy;
  const receivedAt = instantOf(Date.now());
  const context = { receivedAt, allocation, penaltyInterest, onProgress: () => {} };
  await importEvents(kept.database.db, announced, context);
  const world: World = { ...sandbox, responses: plan.responses && responsesOf(plan, plan.responses, kept) };
  await inLanes(LANES, plan.debtors, async (debtor) => {
    await driveDebtor(world, debtor);
    progress.finished(debtor);
  });
}

function responsesOf(plan: RunPlan, model: ResponseModel, { api }: Kept): NonNullable<World['responses']> {
  const pendingOf = (loan: RehearsedLoan) => new PendingResponses(model, loanFactsOf(loan, plan));
  return { pendingOf, take: frontDesk(api) };
}

function linksTo(stack: Stack, kept: Kept, sinks: Sinks): ReportLink[] {
  return [
    ...(stack.uiUrl === null ? [] : [{ label: 'Temporal UI', url: stack.uiUrl }]),
    { label: 'API', url: `${kept.api.url}/docs` },
    { label: 'What was sent', url: sinks.pageUrl },
  ];
}

/**
 * A demo counts everything it finds, so it wants servers of its own, which the embedded ones are.
 * @throws CONFIG_INVALID
 */
async function assertUnused({ client, database }: Kept): Promise<void> {
  const [known] = await database.db.select({ loanRef: loan.loanRef }).from(loan).limit(1);
  const { count } = await client.workflow.count();
  if (!known && count === 0) return;
  const used = known
    ? 'The database of DATABASE_URL holds loans'
    : 'The namespace of TEMPORAL_NAMESPACE holds workflows';
  throw new DomainError('CONFIG_INVALID', `${used} already, and a demo needs an empty one.`);
}

function seenAtOf(plan: RunPlan): ReadonlyMap<string, Instant> {
  return new Map(
    plan.debtors.flatMap(({ loans }) => loans.map((loan) => [loan.statement.loanRef, loan.seenAt] as const)),
  );
}
