import { randomUUID } from 'node:crypto';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { asc, eq } from 'drizzle-orm';
import { inject } from 'vitest';
import { loadStrategy } from '../../activities/strategy-file.ts';
import { type World } from '../../cli/demo/drive.ts';
import { startSandbox } from '../../cli/demo/world.ts';
import type { Database } from '../../db/client.ts';
import { acceptEvents } from '../../db/intake.ts';
import { contact, outbox } from '../../db/schema.ts';
import type { LoanEvent } from '../../domain/events.ts';
import { type Instant, instantOf } from '../../domain/instant.ts';
import type { Strategy } from '../../domain/strategy.ts';
import { bootstrapNamespace } from '../../local/bootstrap.ts';
import { caseAtRest, fastForward } from '../../local/fast-forward.ts';
import type { ReceiptOptions } from '../../local/sinks/gateway-receipts.ts';
import { pollUntil } from '../../local/poll.ts';
import { type Sinks, startSinks } from '../../local/sinks/index.ts';
import type { Kept } from '../../worker/kept.ts';
import { type CaseProgress, caseWorkflowId } from '../../workflows/contract.ts';
import { freshDatabase } from './database.ts';

const SETTLE_LIMIT = 1_500;
/** Segment of the address that the gateway posts to. */
export const GATEWAY_SECRET = 'a-secret-of-the-sandbox-only';

/** Kept on the real server, with a database, a namespace and sinks of its own, and clocks that a test moves. */
export interface TestSandbox {
  readonly kept: Kept;
  readonly world: World;
  readonly db: Database;
  readonly sinks: Sinks;
  readonly strategy: Strategy;
  /** Commits events and waits until the case of each loan has heard of them. */
  post(...events: LoanEvent[]): Promise<void>;
  /** Commits an event of which no relay tells: as if it were behind. */
  silently(event: LoanEvent): Promise<void>;
  /** Moves the clock of a loan's case and waits until it has done all that fell due. */
  moveTo(loanRef: string, at: Instant): Promise<CaseProgress>;
  /** Waits until a case has nothing under way. */
  settled(loanRef: string): Promise<CaseProgress>;
  /** When Kept sees a loan again whose case is over, on the loan's own clock. */
  seenAgainAt(loanRef: string, at: Instant): void;
  /** Waits until a case is as it should be, after something that no balance tells. */
  until(loanRef: string, isSo: (progress: CaseProgress) => boolean): Promise<CaseProgress>;
  /** The steps whose messages were sent, with their instants, in order. */
  stepsSent(loanRef: string): Promise<(readonly [step: string | null, at: Instant])[]>;
  /** Waits until a case is over. */
  ended(loanRef: string): Promise<void>;
  /** Keeps the histories of cases for the replay gate when KEPT_RECORD_HISTORIES is 1; by behaviour and loan. */
  record(histories: Readonly<Record<string, string>>): Promise<void>;
  /** The same by behaviour and workflow id. */
  recordWorkflows(histories: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

/** @param options.seenAt when Kept first sees each loan of the test, on the loan's own clock. */
export async function openSandbox(options: {
  readonly seenAt: Readonly<Record<string, Instant>>;
  readonly strategy?: Strategy;
  readonly historyLimit?: number;
  /** Which receipts the gateway has for a message; it keeps them back until a test releases them. None unless given. */
  readonly receipts?: ReceiptOptions['plan'];
}): Promise<TestSandbox> {
  const loaded = loadStrategy('policy/strategies/unsecured-consumer.yaml');
  const strategy = options.strategy ?? loaded.strategy;
  const database = await freshDatabase();
  const namespace = `test-${randomUUID()}`;
  const temporalAddress = inject('stackTemporalAddress');
  await bootstrapNamespace(temporalAddress, namespace, 1);
  const dataDir = await mkdtemp(join(tmpdir(), 'kept-test-'));
  const { receipts: plan } = options;
  const receipts = plan && { plan, hold: true, url: () => `${kept.api.url}/v1/gateway/${GATEWAY_SECRET}/receipts` };
  const sinks = await startSinks({ dataDir, ...(receipts ? { receipts } : {}) });
  const seenAt = new Map(Object.entries(options.seenAt));
  const { kept, world } = await startSandbox({
    stack: { databaseUrl: database.url, temporalAddress, namespace, uiUrl: null },
    sinks,
    active: { strategy, sha256: JSON.stringify(strategy) },
    seenAt,
    onMoved: () => {},
    logLevel: 'silent',
    gatewaySecret: GATEWAY_SECRET,
    ...(options.historyLimit === undefined ? {} : { historyLimit: options.historyLimit }),
  });
  const posted = new Map<string, Set<string>>();
  const { db } = database;

  const settled = (loanRef: string) => caseAtRest(kept.client, loanRef, SETTLE_LIMIT);

  const intakeContext = () => {
    const { allocation, penaltyInterest } = strategy;
    return { receivedAt: instantOf(Date.now()), allocation, penaltyInterest };
  };

  const recordWorkflows: TestSandbox['recordWorkflows'] = async (histories) => {
    if (process.env['KEPT_RECORD_HISTORIES'] !== '1') return;
    for (const [behaviour, workflowId] of Object.entries(histories)) {
      const history = await kept.client.workflow.getHandle(workflowId).fetchHistory();
      // Neither folders nor names of the machine that recorded them belong into the histories.
      // Packages may be linked from elsewhere.
      const packages = dirname(await realpath('node_modules'));
      const json = historyToJSON(history)
        .replaceAll(process.cwd(), '')
        .replaceAll(packages, '')
        .replaceAll(`@${hostname()}"`, '@host"');
      await writeFile(new URL(`../replay/histories/${behaviour}.json`, import.meta.url), json);
    }
  };

  return {
    kept,
    world,
    db,
    sinks,
    strategy,
    settled,
    post: async (...events) => {
      const results = await acceptEvents(db, events, intakeContext());
      for (const result of results) if (result.status === 'refused') throw result.error;
      for (const event of events) {
        const { loanRef } = event.data;
        posted.set(loanRef, (posted.get(loanRef) ?? new Set()).add(event.id));
      }
      for (const loanRef of new Set(events.map((event) => event.data.loanRef))) {
        await world.told(loanRef, posted.get(loanRef)?.size ?? 0);
      }
    },
    silently: async (event) => {
      const { loanRef } = event.data;
      // Taken in and taken out of the outbox in one transaction, so that the relay never sees the word.
      await db.transaction(async (tx) => {
        await acceptEvents(tx, [event], intakeContext());
        await tx.delete(outbox).where(eq(outbox.loanRef, loanRef));
      });
    },
    moveTo: async (loanRef, at) => {
      const { clockOffsetMs, isOver } = await settled(loanRef);
      if (!isOver) await fastForward(kept.client, { workflowId: caseWorkflowId(loanRef), clockOffsetMs, to: at });
      return settled(loanRef);
    },
    seenAgainAt: (loanRef, at) => {
      seenAt.set(loanRef, at);
    },
    until: (loanRef, isSo) =>
      pollUntil(
        async () => {
          const progress = await settled(loanRef);
          return isSo(progress) ? progress : undefined;
        },
        {
          withinMs: 20_000,
          everyMs: 50,
          timeUp: () => new Error(`The case of ${loanRef} does not come to be as it should.`),
        },
      ),
    stepsSent: async (loanRef) => {
      const rows = await db
        .select()
        .from(contact)
        .where(eq(contact.loanRef, loanRef))
        .orderBy(asc(contact.at), asc(contact.key));
      return rows.filter(({ status }) => status === 'sent').map(({ step, at }) => [step, at] as const);
    },
    ended: async (loanRef) => {
      await kept.client.workflow.getHandle(caseWorkflowId(loanRef)).result();
    },
    record: (histories) =>
      recordWorkflows(Object.fromEntries(Object.entries(histories).map(([name, ref]) => [name, caseWorkflowId(ref)]))),
    recordWorkflows,
    stop: async () => {
      await kept.stop();
      await sinks.stop();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
