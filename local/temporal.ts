import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { DomainError } from '../domain/errors.ts';
import { GRPC, grpcCodeOf } from './grpc-code.ts';
import { pollUntil } from './poll.ts';
import { LOOPBACK, requireFreePort } from './ports.ts';
import type { StackLog } from './stack-log.ts';
import { folderFailure, logTail, startFailure } from './start-failure.ts';
import { type Launched, type LaunchedProcess, launch } from './temporal-launch.ts';
import { type TemporalPrograms, findTemporal } from './temporal-programs.ts';

const READY_WITHIN_MS = 60_000;
const UI_READY_WITHIN_MS = 15_000;
const READY_POLL_MS = 25;
const ASK_WITHIN_MS = 2_000;
/** A free port may be taken between finding and using it. */
const PORT_TRIES = 3;

export interface TemporalOptions {
  /** Holds the configuration, the logs and, with file storage, the state. */
  readonly dataDir: string;
  readonly storage: 'memory' | 'file';
  /** Whether to start the UI too; when its program cannot be had, the server runs without. */
  readonly ui: boolean;
  /** The namespace that the UI opens with. */
  readonly namespace: string;
  readonly log: StackLog;
  readonly env?: Readonly<NodeJS.ProcessEnv>;
  /** Fixed ports on the loopback; the ones not given are free ones. */
  readonly ports?: { readonly server?: number; readonly ui?: number };
  readonly signal?: AbortSignal;
}

export interface RunningTemporal {
  /** `host:port` of the server's frontend. */
  readonly address: string;
  readonly uiUrl: string | null;
  /** Resolves when the server has ended, asked to or not. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a Temporal server on the loopback, made or fetched when there is none yet, and its UI.
 * @throws SERVER_MISSING, PORT_IN_USE, DATA_FOLDER_UNUSABLE, STACK_FAILED with a sentence; no process is left then
 */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  const { ports = {}, env = process.env } = options;
  try {
    if (ports.server !== undefined) await requireFreePort(ports.server, 'The Temporal server');
    if (options.ui && ports.ui !== undefined) await requireFreePort(ports.ui, 'The Temporal UI');
    const programs = await findTemporal({ ...options, env, signal: options.signal });
    options.log.progress('Starting the Temporal server');
    return await startOnFreePorts(programs, options);
  } catch (error) {
    throw folderFailure(error, options.dataDir);
  }
}

async function startOnFreePorts(programs: TemporalPrograms, options: TemporalOptions): Promise<RunningTemporal> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(programs, options);
    } catch (error) {
      const taken = error instanceof DomainError && error.code === 'PORT_IN_USE';
      if (!taken || attempt === PORT_TRIES) throw error;
    }
  }
}

async function startOnce(programs: TemporalPrograms, options: TemporalOptions): Promise<RunningTemporal> {
  const { dataDir, log, signal, env = process.env, ports = {} } = options;
  signal?.throwIfAborted();
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'temporal.db');
  const storage = options.storage === 'memory' ? ({ kind: 'memory' } as const) : ({ kind: 'file', file } as const);
  const launched = await launch(programs, { ...options, storage, env, ports });
  const processes = new Set([launched.server.process, ...(launched.ui === null ? [] : [launched.ui.process])]);
  const stop = async (): Promise<void> => void (await Promise.all([...processes].map((process) => process.stop())));
  try {
    await untilServing(launched, signal);
    const uiUrl = await uiWhenReady(launched, log, signal);
    return { address: launched.address, uiUrl, ended: launched.server.process.ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilServing({ address, server }: Launched, signal: AbortSignal | undefined): Promise<void> {
  const wait = waiting(server, 'The Temporal server', READY_WITHIN_MS, signal);
  const ask = async (): Promise<true | undefined> => {
    failIfEnded(server, 'The Temporal server');
    return (await accepts(address)) && (await serves(address)) ? true : undefined;
  };
  await pollUntil(ask, wait);
}

/** The UI is a convenience: one that does not start is told of and left out. */
async function uiWhenReady({ ui }: Launched, log: StackLog, signal: AbortSignal | undefined): Promise<string | null> {
  if (ui === null) return null;
  const ask = async (): Promise<true | undefined> => {
    failIfEnded(ui, 'The Temporal UI');
    const answer = await fetch(ui.url, { signal: AbortSignal.timeout(ASK_WITHIN_MS) }).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.ok === true ? true : undefined;
  };
  try {
    await pollUntil(ask, waiting(ui, 'The Temporal UI', UI_READY_WITHIN_MS, signal));
    return ui.url;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof DomainError)) throw error;
    log.info(`The Temporal UI is left out. ${error.message}`);
    return null;
  }
}

function failIfEnded({ process, logFile }: LaunchedProcess, what: string): void {
  const ended = process.endedAs();
  if (ended !== undefined) throw startFailure(what, ended, logTail(logFile));
}

function waiting({ logFile }: LaunchedProcess, what: string, withinMs: number, signal: AbortSignal | undefined) {
  const timeUp = (): DomainError => startFailure(what, `not ready within ${withinMs / 1_000} s`, logTail(logFile));
  return { withinMs, everyMs: READY_POLL_MS, timeUp, signal };
}

/** Whether anything listens; asked first, since a refused gRPC connection waits a second before it tries again. */
function accepts(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port: Number(address.split(':').at(-1)) });
    socket.setTimeout(ASK_WITHIN_MS, () => socket.destroy());
    socket.once('connect', () => socket.destroy());
    socket.once('connect', () => resolve(true));
    socket.once('close', () => resolve(false));
    socket.once('error', () => {});
  });
}

/**
 * Whether every part of the server takes requests: the frontend is up a second before it has found the history and
 * matching services, and a server that is stopped in between takes long over it.
 */
async function serves(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: ASK_WITHIN_MS }).catch(() => undefined);
  if (connection === undefined) return false;
  try {
    return await connection.withDeadline(Date.now() + ASK_WITHIN_MS, async () => {
      const { workflowService } = connection;
      const nothing = { workflowId: 'kept-is-it-ready' };
      const history = workflowService.describeWorkflowExecution({ namespace: SYSTEM_NAMESPACE, execution: nothing });
      const answered = await history.catch((error: unknown) => grpcCodeOf(error) === GRPC.notFound);
      if (answered === false) return false;
      const taskQueue = { name: 'kept-is-it-ready' };
      await workflowService.describeTaskQueue({
        namespace: SYSTEM_NAMESPACE,
        taskQueue,
        taskQueueType: WORKFLOW_TASKS,
      });
      return true;
    });
  } catch {
    return false;
  } finally {
    await connection.close();
  }
}

/** Every server has it before it has any other. */
const SYSTEM_NAMESPACE = 'temporal-system';
const WORKFLOW_TASKS = proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW;
