import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { inArray, lte, sql } from 'drizzle-orm';
import type { DatabaseHandle } from '../db/client.ts';
import { OUTBOX_CHANNEL } from '../db/intake.ts';
import { type CaseWord, casesToTell } from '../db/queries/cases-to-tell.ts';
import { outbox } from '../db/schema.ts';
import type { Instant } from '../domain/instant.ts';
import type { Logger } from '../platform/logger.ts';
import {
  BALANCE_CHANGED,
  CASE_TASK_QUEUE,
  COLLECTION_CASE,
  type CaseInput,
  caseWorkflowId,
} from '../workflows/contract.ts';

export interface RelayOptions {
  readonly client: Client;
  readonly database: DatabaseHandle;
  readonly logger: Logger;
  readonly sandbox?: SandboxRelay;
}

/** For tests and demos, whose cases run on clocks of their own. */
export interface SandboxRelay {
  /** The instant that a case takes for now when it starts. */
  readonly startsAt: (loanRef: string) => Instant;
  /** See `CaseInput.sandboxHistoryLimit`. */
  readonly historyLimit?: number;
  /** Called when the engine has a balance, so that who drives the clocks can wait for it. */
  readonly onTold: (loanRef: string, version: number) => void;
}

export interface Relay {
  /** Finishes what is under way. */
  stop(): Promise<void>;
}

/** Words taken at once, and told at the same time. */
const BATCH = 100;
const PARALLEL = 20;
/** A relay that dies holds its words for so long; then another takes them. */
const LEASE = '30 seconds';
/** Looks even when no notification came, since a notification may be lost with its connection. */
const POLL_MS = 1_000;

/**
 * Tells cases what the loan system has posted: starts them, and signals them the balance with its version. A word is
 * taken with a lease and removed after the engine has it, so a crash repeats it and loses none; several relays share
 * the work. Words of one loan are told as one, with the newest balance.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { database, logger } = options;
  let isStopping = false;
  let isNotified = false;
  let wake: () => void = () => {};
  const subscription = await database.sql.listen(OUTBOX_CHANNEL, () => {
    isNotified = true;
    wake();
  });

  async function run(): Promise<void> {
    while (!isStopping) {
      isNotified = false;
      const told = await tellBatch(options).catch((error: unknown) => {
        logger.warn({ error: error instanceof Error ? error.name : typeof error }, 'relay could not read the outbox');
        return 0;
      });
      // What was written during the look is looked for again at once; else a notification or the poll wakes it.
      if (told === 0 && !isNotified && !isStopping) await pause();
    }
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const running = run();
  return {
    stop: async () => {
      isStopping = true;
      wake();
      await running;
      await subscription.unlisten();
    },
  };
}

/** @returns how many words were taken. */
async function tellBatch(options: RelayOptions): Promise<number> {
  const { db } = options.database;
  const due = db
    .select({ id: outbox.id })
    .from(outbox)
    .where(lte(outbox.notBefore, sql`now()`))
    .orderBy(outbox.id)
    .limit(BATCH)
    .for('update', { skipLocked: true });
  const taken = await db
    .update(outbox)
    .set({ notBefore: sql`now() + ${LEASE}::interval`, attempts: sql`${outbox.attempts} + 1` })
    .where(inArray(outbox.id, due))
    .returning({ id: outbox.id, loanRef: outbox.loanRef, attempts: outbox.attempts });
  if (taken.length === 0) return 0;
  const words = await casesToTell(db, [...new Set(taken.map((row) => row.loanRef))]);
  const idsOf = (loanRef: string) => taken.filter((row) => row.loanRef === loanRef).map((row) => row.id);
  await inParallel(words, async (word) => {
    const ids = idsOf(word.loanRef);
    try {
      await tell(options, word);
      await db.delete(outbox).where(inArray(outbox.id, ids));
      options.sandbox?.onTold(word.loanRef, word.balance.version);
    } catch (error) {
      const attempts = Math.max(...taken.filter((row) => row.loanRef === word.loanRef).map((row) => row.attempts));
      await putOff(options, ids, attempts, error);
    }
  });
  return taken.length;
}

async function tell({ client, sandbox }: RelayOptions, word: CaseWord): Promise<void> {
  const workflowId = caseWorkflowId(word.loanRef);
  if (!word.mayOpen) {
    try {
      await client.workflow.getHandle(workflowId).signal(BALANCE_CHANGED, word.balance);
    } catch (error) {
      // No case is running, and none is needed: the event has been kept with the loan.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
    return;
  }
  const { loanRef } = word;
  const input: CaseInput = { loanRef, ...(sandbox && sandboxInput(sandbox, loanRef)) };
  await client.workflow.signalWithStart(COLLECTION_CASE, {
    workflowId,
    taskQueue: CASE_TASK_QUEUE,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [input],
    signal: BALANCE_CHANGED,
    signalArgs: [word.balance],
    staticSummary: `Collects loan ${word.loanRef}`,
  });
}

function sandboxInput({ startsAt, historyLimit }: SandboxRelay, loanRef: string): Partial<CaseInput> {
  const limit = historyLimit === undefined ? {} : { sandboxHistoryLimit: historyLimit };
  return { sandboxStartsAt: startsAt(loanRef), ...limit };
}

/** Failures come again after a while that doubles up to a minute; a word is never given up. */
async function putOff({ database, logger }: RelayOptions, ids: number[], attempts: number, error: unknown) {
  const seconds = Math.min(60, 2 ** Math.min(attempts, 6));
  const name = error instanceof Error ? error.name : typeof error;
  logger.warn({ outbox: ids, error: name, attempts }, 'relay could not tell a case');
  await database.db
    .update(outbox)
    .set({ notBefore: sql`now() + make_interval(secs => ${seconds})`, lastError: name })
    .where(inArray(outbox.id, ids));
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const lane = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
}
