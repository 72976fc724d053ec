import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import { inject } from 'vitest';
import { type DatabaseHandle, openDatabase } from '../../db/client.ts';
import type { BalanceView } from '../../domain/case-state.ts';
import { bootstrapNamespace } from '../../local/bootstrap.ts';
import { pollUntil } from '../../local/poll.ts';
import { createLogger } from '../../platform/logger.ts';
import { type Relay, type SandboxRelay, startRelay } from '../../worker/relay.ts';
import { caseWorkflowId } from '../../workflows/contract.ts';
import { type TestDatabase, freshDatabase } from './database.ts';
import { SEEN_AT } from './loans.ts';

const { EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED } = proto.temporal.api.enums.v1.EventType;

/** A database and a namespace of their own, where nobody runs the cases: what they were told stands in their histories. */
export interface RelayWorld {
  readonly database: TestDatabase;
  readonly client: Client;
  readonly namespace: string;
  /** Starts a relay with connections of its own. Ended with the world at the latest. */
  relay(options?: { readonly address?: string; readonly onTold?: SandboxRelay['onTold'] }): Promise<Relay>;
  /** The balances that the case of a loan was told, run by run, oldest first; empty when there is none. */
  toldTo(loanRef: string): Promise<BalanceView[]>;
  /** Waits until no word is left. */
  untilAllTold(withinMs?: number): Promise<void>;
  /** Makes words due that were put off or whose relay has died, as if the time had passed. */
  passTime(): Promise<void>;
  stop(): Promise<void>;
}

export async function openRelayWorld(): Promise<RelayWorld> {
  const database = await freshDatabase();
  const address = inject('stackTemporalAddress');
  const namespace = `relay-${randomUUID()}`;
  await bootstrapNamespace(address, namespace, 1);
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  const stops: (() => Promise<void>)[] = [];

  async function words(): Promise<number> {
    const [row] = await database.sql<{ count: number }[]>`select count(*)::int as count from outbox`;
    return row?.count ?? 0;
  }

  return {
    database,
    client,
    namespace,
    relay: async ({ address: given = address, onTold = () => {} } = {}) => {
      const own: DatabaseHandle = openDatabase(database.url, { connections: 10 });
      const ownConnection = Connection.lazy({ address: given });
      const relay = await startRelay({
        client: new Client({ connection: ownConnection, namespace }),
        database: own,
        logger: createLogger('silent'),
        sandbox: { startsAt: () => SEEN_AT, onTold },
      });
      let stopping: Promise<void> | undefined;
      const stop = () =>
        (stopping ??= (async () => {
          await relay.stop();
          await ownConnection.close();
          await own.close();
        })());
      stops.push(stop);
      return { stop };
    },
    toldTo: async (loanRef) => {
      const told: BalanceView[] = [];
      const runs = client.workflow.list({ query: `WorkflowId = "${caseWorkflowId(loanRef)}"` });
      const ids = [];
      for await (const run of runs) ids.push({ runId: run.runId, at: run.startTime.getTime() });
      for (const { runId } of ids.toSorted((a, b) => a.at - b.at)) {
        const { events } = await client.workflow.getHandle(caseWorkflowId(loanRef), runId).fetchHistory();
        for (const event of events ?? []) {
          if (event.eventType !== EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED) continue;
          const [payload] = event.workflowExecutionSignaledEventAttributes?.input?.payloads ?? [];
          if (payload) told.push(defaultPayloadConverter.fromPayload<BalanceView>(payload));
        }
      }
      return told;
    },
    untilAllTold: async (withinMs = 60_000) => {
      await pollUntil(async () => ((await words()) === 0 ? true : undefined), {
        withinMs,
        everyMs: 20,
        timeUp: () => new Error('Some words are never told.'),
      });
    },
    passTime: async () => {
      await database.sql`update outbox set not_before = now() - interval '1 second'`;
    },
    stop: async () => {
      for (const stop of stops) await stop();
      await connection.close();
      await database.close();
    },
  };
}
