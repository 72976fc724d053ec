import { join } from 'node:path';
import postgres from 'postgres';
import { DomainError } from '../domain/errors.ts';
import { RETENTION_DAYS, bootstrapNamespace } from './bootstrap.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { startPostgres } from './postgres.ts';
import type { StackLog } from './stack-log.ts';
import { type RunningTemporal, startTemporal } from './temporal.ts';

const NAMESPACE = 'kept';
const CONNECT_WITHIN_S = 5;

export interface StackOptions {
  /** `demo` survives a crash of the machine; `test` is faster and does not. */
  readonly profile: 'demo' | 'test';
  /** Keeps the state of both servers for the next start; without it they begin empty and leave nothing. */
  readonly dataDir?: string;
  readonly ui: boolean;
  readonly log: StackLog;
  /** Where `DATABASE_URL`, `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_UI_URL` and `PATH` are read. */
  readonly env?: Readonly<NodeJS.ProcessEnv>;
  /** Fixed ports for Temporal; the ones not given are free ones. */
  readonly ports?: { readonly server?: number; readonly ui?: number };
}

export interface Stack {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly namespace: string;
  readonly uiUrl: string | null;
  readonly dataDir: string;
  /** Resolves when a server of the stack ends that was not asked to. */
  readonly failure: Promise<DomainError>;
  /** Ends what was started and removes what was made for it; may be called more than once. */
  stop(): Promise<void>;
}

/**
 * Starts Postgres and Temporal side by side, or takes those that `DATABASE_URL` and `TEMPORAL_ADDRESS` name. All of it
 * ends with `stop()`, with SIGINT or SIGTERM to this process, and however else this process ends.
 * @throws DomainError with one clear sentence, such as SERVER_MISSING, PORT_IN_USE, DATA_FOLDER_UNUSABLE,
 * CONFIG_INVALID or STACK_FAILED; nothing is left running then
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { env = process.env } = options;
  const abort = new AbortController();
  const started: Started = { servers: [] };
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= stopAll(started).finally(forgetSignals));
  const forgetSignals = stopOnSignals(async (signal) => {
    abort.abort(new Error(`Interrupted by ${signal}.`));
    await starting.catch(() => {});
    await stop();
  });
  const starting = startAll({ ...options, env }, abort, started);
  try {
    const { failure, ...stack } = await starting;
    const unasked = failure.then((error) => (stopping === undefined ? error : new Promise<never>(() => {})));
    return { ...stack, failure: unasked, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What has to be stopped; it grows while the stack starts. */
interface Started {
  readonly servers: { stop(): Promise<void> }[];
  folder?: DataFolder;
}

type StartOptions = StackOptions & { readonly env: Readonly<NodeJS.ProcessEnv> };

async function startAll(options: StartOptions, abort: AbortController, started: Started): Promise<Omit<Stack, 'stop'>> {
  const folder = await openDataFolder(options.dataDir);
  started.folder = folder;
  const both = [
    startDatabase(options, folder.path, abort.signal, started),
    startEngine(options, folder.path, abort.signal, started),
  ] as const;
  try {
    const [database, engine] = await Promise.all(both);
    const failure = Promise.race([database.failure, engine.failure]);
    return { ...database, ...engine, dataDir: folder.path, failure };
  } catch (error) {
    // The other one need not go on, but what it has started has to be known before it can be stopped.
    abort.abort(error);
    await Promise.allSettled(both);
    throw error;
  }
}

async function startDatabase(options: StartOptions, dataDir: string, signal: AbortSignal, started: Started) {
  const given = options.env['DATABASE_URL'];
  if (given !== undefined && given !== '') {
    await requireDatabase(given);
    return { databaseUrl: given, failure: never };
  }
  const durability = options.profile === 'demo' ? 'disk' : 'none';
  const server = await startPostgres({ dataDir, durability, log: options.log, signal });
  started.servers.push(server);
  return { databaseUrl: server.databaseUrl, failure: server.ended.then((how) => endedUnasked('Postgres', how)) };
}

async function startEngine(options: StartOptions, dataDir: string, signal: AbortSignal, started: Started) {
  const namespace = options.env['TEMPORAL_NAMESPACE'] || NAMESPACE;
  const given = options.env['TEMPORAL_ADDRESS'];
  if (given !== undefined && given !== '') {
    await bootstrapNamespace(given, namespace, RETENTION_DAYS, signal);
    return { temporalAddress: given, namespace, uiUrl: options.env['TEMPORAL_UI_URL'] || null, failure: never };
  }
  const server: RunningTemporal = await startTemporal({
    ...options,
    dataDir: join(dataDir, 'temporal'),
    storage: options.dataDir === undefined ? 'memory' : 'file',
    namespace,
    signal,
  });
  started.servers.push(server);
  await bootstrapNamespace(server.address, namespace, RETENTION_DAYS, signal);
  const failure = server.ended.then((how) => endedUnasked('The Temporal server', how));
  return { temporalAddress: server.address, namespace, uiUrl: server.uiUrl, failure };
}

/** A server that somebody else runs is watched by somebody else. */
const never = new Promise<never>(() => {});

function endedUnasked(what: string, how: string): DomainError {
  return new DomainError('STACK_FAILED', `${what} has ended by itself (${how}).`);
}

/** @throws CONFIG_INVALID when nobody answers; the sentence never holds the password */
async function requireDatabase(url: string): Promise<void> {
  if (!URL.canParse(url)) throw new DomainError('CONFIG_INVALID', 'DATABASE_URL is not a URL.');
  const sql = postgres(url, { max: 1, connect_timeout: CONNECT_WITHIN_S });
  try {
    await sql`select 1`;
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    const { host } = new URL(url);
    throw new DomainError('CONFIG_INVALID', `The Postgres at ${host} (DATABASE_URL) does not let us in: ${reason}.`);
  } finally {
    await sql.end({ timeout: CONNECT_WITHIN_S });
  }
}

async function stopAll({ servers, folder }: Started): Promise<void> {
  await Promise.allSettled(servers.map((server) => server.stop()));
  await folder?.release();
}

/**
 * Stops the stack on a signal. When nobody else in the process listens to it, the process then ends by that signal, as
 * it would have without a stack.
 */
function stopOnSignals(stop: (signal: string) => Promise<void>): () => void {
  // Not SIGHUP: it ends the process, and so by the guard the stack, unless nohup has it ignored.
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const handle = (signal: NodeJS.Signals): void => {
    const end = (): void => {
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    };
    // What could not be removed stays with the guard.
    stop(signal).then(end, end);
  };
  for (const signal of signals) process.once(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
  };
}
