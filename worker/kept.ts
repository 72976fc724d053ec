import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type WorkflowBundleWithSourceMap, bundleWorkflowCode } from '@temporalio/worker';
import { loadCalendar } from '../activities/calendar-file.ts';
import type { ChannelSettings } from '../activities/channels/settings.ts';
import type { ActiveStrategy } from '../activities/dependencies.ts';
import { loadComplaintWords } from '../activities/complaint-words-file.ts';
import { loadReplyKeywords } from '../activities/reply-keywords-file.ts';
import { loadRulePack } from '../activities/rule-pack-file.ts';
import { loadSampling } from '../activities/sampling-file.ts';
import { loadServiceLevels } from '../activities/service-levels-file.ts';
import { loadTemplates } from '../activities/templates.ts';
import { loadWording } from '../activities/word-list-file.ts';
import { type ApiServer, startApi } from '../api/server.ts';
import { type DatabaseHandle, openDatabase } from '../db/client.ts';
import { type Instant, instantOf } from '../domain/instant.ts';
import { channelsInUse } from '../domain/strategy-messages.ts';
import type { Config } from '../platform/config.ts';
import type { Logger } from '../platform/logger.ts';
import { installRuntime } from '../platform/temporal.ts';
import { WORKFLOWS_PATH, createCaseWorker } from './case-worker.ts';
import { openChannels } from './channels.ts';
import { composeMessage } from './compose-message.ts';
import { handedOverOf } from './handed-over.ts';
import { startReceiptPoll } from './receipt-poll.ts';
import { type SandboxRelay, startRelay } from './relay.ts';

export interface KeptOptions {
  readonly config: Config;
  readonly active: ActiveStrategy;
  /** Who delivers which channel; without it the gateway and the mail server of the configuration. */
  readonly channels?: ChannelSettings;
  readonly logger: Logger;
  /** Cases on their own clocks, for tests and demos; absent in production. */
  readonly sandbox?: SandboxRelay;
  /** What time it is for the API; the system's clock unless given. */
  readonly now?: () => Instant;
  readonly temporalUiUrl?: string;
  /** The workflows, bundled beforehand so that the process starts sooner; bundled from the sources when absent. */
  readonly workflowBundle?: WorkflowBundleWithSourceMap;
}

export interface Kept {
  readonly api: ApiServer;
  readonly client: Client;
  readonly database: DatabaseHandle;
  /** Rejects when the worker fails by itself; resolves after `stop`. */
  readonly running: Promise<void>;
  stop(): Promise<void>;
}

/**
 * The composition root: API, relay and worker in one process, over a migrated database and a prepared namespace.
 * What was started is stopped again when a later part fails to start.
 */
export async function startKept(options: KeptOptions): Promise<Kept> {
  const { config, active, logger, sandbox } = options;
  installRuntime(logger);
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).toReversed()) await end();
  };
  try {
    const database = openDatabase(config.DATABASE_URL, { connections: 20 });
    stops.push(() => database.close());
    const connection = await Connection.connect({ address: config.TEMPORAL_ADDRESS, connectTimeout: '10 seconds' });
    stops.push(() => connection.close());
    const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
    const native = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
    stops.push(() => native.close());
    const compose = composeMessage(loadTemplates());
    const channels = openChannels(config, options.channels ?? {}, {
      inUse: channelsInUse(active.strategy),
      handedOverOf: handedOverOf(database.db, compose),
    });
    stops.push(() => channels.close());
    const sampling = loadSampling();
    const policy = { calendarOf: readOnce(loadCalendar), rulePackOf: readOnce(loadRulePack) };
    const worker = await createCaseWorker({
      connection: native,
      namespace: config.TEMPORAL_NAMESPACE,
      workflowBundle: options.workflowBundle ?? (await bundleWorkflows(logger)),
      dependencies: {
        db: database.db,
        providers: channels.providers,
        active,
        ...policy,
        sampling,
        compose,
        notBefore: () => instantOf(sandbox ? 0 : Date.now()),
      },
    });
    const running = worker.run();
    running.catch(() => {});
    stops.push(async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running.catch(() => {});
    });
    const relay = await startRelay({
      client,
      database,
      logger,
      ...(sandbox ? { sandbox } : {}),
    });
    stops.push(() => relay.stop());
    // In a sandbox messages are sent at hours that providers have never seen.
    if (!sandbox) {
      const poll = startReceiptPoll({ db: database.db, providers: channels.providers, logger });
      stops.push(() => poll.stop());
    }
    const wording = loadWording();
    const api = await startApi({
      db: database.db,
      client,
      allocation: active.strategy.allocation,
      penaltyInterest: active.strategy.penaltyInterest,
      ...policy,
      checkNote: (text) => wording.check({ text, use: 'note' }),
      replyKeywords: loadReplyKeywords(),
      ...(options.now === undefined ? {} : { now: options.now }),
      sampling,
      complaintWords: loadComplaintWords(),
      serviceLevels: loadServiceLevels(),
      host: config.KEPT_HOST,
      port: config.KEPT_PORT,
      isLogging: config.KEPT_LOG_LEVEL !== 'silent',
      ...(config.KEPT_API_TOKEN === undefined ? {} : { token: config.KEPT_API_TOKEN }),
      ...(config.KEPT_GATEWAY_SECRET === undefined ? {} : { gatewaySecret: config.KEPT_GATEWAY_SECRET }),
      ...(options.temporalUiUrl === undefined ? {} : { temporalUiUrl: options.temporalUiUrl }),
    });
    stops.push(() => api.stop());
    return { api, client, database, running, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Each policy file is read once; a changed one is read when the worker starts anew. */
function readOnce<T>(load: (id: string) => T): (id: string) => T {
  const loaded = new Map<string, T>();
  return (id) => {
    const value = loaded.get(id) ?? load(id);
    loaded.set(id, value);
    return value;
  };
}

/** What a worker needs of the workflows; the same for every process on the same sources. */
export function bundleWorkflows(logger: Logger): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH, logger: quietBundler(logger) });
}

/** The bundler reports its modules at level info, which is nobody's business. */
function quietBundler(logger: Logger) {
  const pass = (level: 'warn' | 'error') => (message: string) => logger[level](message);
  return {
    log: () => {},
    trace: () => {},
    debug: () => {},
    info: () => {},
    warn: pass('warn'),
    error: pass('error'),
  };
}
