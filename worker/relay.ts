import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { DatabaseHandle } from '../db/client.ts';
import { OUTBOX_CHANNEL, type Word, putOffWords, removeWords, takeWords } from '../db/outbox.ts';
import { type CaseWord, casesToTell } from '../db/queries/cases-to-tell.ts';
import type { Instant } from '../domain/instant.ts';
import { inLanes } from '../platform/in-lanes.ts';
import type { Logger } from '../platform/logger.ts';
import {
  BALANCE_CHANGED,
  CASE_TASK_QUEUE,
  COLLECTION_CASE,
  CONTACTS_FAILED,
  STANDING_CHANGED,
  type CaseInput,
  caseWorkflowId,
} from '../workflows/contract.ts';
import { startGrievance } from './start-grievance.ts';

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
  /** Called as soon as the engine has a balance, so that who drives the clocks can wait for it. */
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
const LEASE_SECONDS = 30;
/** What the engine has not taken by then is put off: well within the lease, and a stop need not wait for longer. */
const TELL_WITHIN_MS = 10_000;
/** Failures come again after a while that doubles up to this; a word is never given up. */
const PUT_OFF_AT_MOST_SECONDS = 60;
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
      const settled = await tellBatch(options).catch((error: unknown) => {
        logger.warn({ error: nameOf(error) }, 'relay could not read the outbox');
        return 0;
      });
      // What was written during the look is looked for again at once; else a notification or the poll wakes it.
      if (settled === 0 && !isNotified && !isStopping) await pause();
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

/** @returns how many words are settled; 0 when there were none, or when all of them failed. */
async function tellBatch(options: RelayOptions): Promise<number> {
  const { database, logger } = options;
  const { db } = database;
  const taken = await takeWords(db, { limit: BATCH, leaseSeconds: LEASE_SECONDS });
  if (taken.length === 0) return 0;
  const cases = await casesToTell(db, [...new Set(taken.map((word) => word.loanRef))]);
  const toTell = new Set(cases.map((each) => each.loanRef));
  // A loan that has no balance yet leaves word of its own when it gets one.
  const toNobody = taken.filter((word) => !toTell.has(word.loanRef));
  await removeWords(
    db,
    toNobody.map((word) => word.id),
  );
  let settled = toNobody.length;
  const failures = new Map<string, number>();
  const deadlineMs = Date.now() + TELL_WITHIN_MS;
  await inLanes(PARALLEL, cases, async (each) => {
    const words = taken.filter((word) => word.loanRef === each.loanRef);
    const failure = await settle(options, each, words, deadlineMs);
    if (failure === null) settled += words.length;
    else failures.set(failure, (failures.get(failure) ?? 0) + 1);
  });
  if (failures.size > 0) logger.warn({ failures: Object.fromEntries(failures) }, 'relay could not tell some cases');
  return settled;
}

/**
 * Tells a case and removes its words, or puts them off. When not even that goes well their lease runs out, and the case
 * is told again: it ignores what it knows.
 * @returns the name of what went wrong; null when nothing did
 */
async function settle(
  { client, database: { db }, sandbox }: RelayOptions,
  word: CaseWord,
  words: readonly Word[],
  deadlineMs: number,
): Promise<string | null> {
  try {
    await client.withDeadline(deadlineMs, async () => {
      await tell(client, word, sandbox);
      if (word.failed.length > 0) await tellFailures(client, word);
      if (word.standing) await signalIfRunning(client, word.loanRef, STANDING_CHANGED, word.standing);
      for (const raised of word.grievances) await startGrievance(client, raised, sandbox);
    });
    sandbox?.onTold(word.loanRef, word.balance.version);
    // Also those that came after the look at the outbox: the balance that was told has them in it.
    await removeWords(db, word.wordIds);
    return null;
  } catch (error) {
    const attempts = Math.max(...words.map((each) => each.attempts));
    const afterSeconds = Math.min(PUT_OFF_AT_MOST_SECONDS, 2 ** Math.min(attempts, 30));
    const ids = words.map((each) => each.id);
    await putOffWords(db, ids, { afterSeconds, error: nameOf(error) }).catch(() => {});
    return nameOf(error);
  }
}

async function tell(client: Client, word: CaseWord, sandbox: SandboxRelay | undefined): Promise<void> {
  const workflowId = caseWorkflowId(word.loanRef);
  // When no case is running, none is needed: the event has been kept with the loan.
  if (!word.mayOpen) return signalIfRunning(client, word.loanRef, BALANCE_CHANGED, word.balance);
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

function tellFailures(client: Client, { loanRef, failed }: CaseWord): Promise<void> {
  return signalIfRunning(client, loanRef, CONTACTS_FAILED, failed);
}

async function signalIfRunning(client: Client, loanRef: string, name: string, content: unknown): Promise<void> {
  try {
    await client.workflow.getHandle(caseWorkflowId(loanRef)).signal(name, content);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

function sandboxInput({ startsAt, historyLimit }: SandboxRelay, loanRef: string): Partial<CaseInput> {
  const limit = historyLimit === undefined ? {} : { sandboxHistoryLimit: historyLimit };
  return { sandboxStartsAt: startsAt(loanRef), ...limit };
}

/** Never the message: that of a database error holds the statement with its parameters. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
