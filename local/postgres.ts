import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { DomainError } from '../domain/errors.ts';
import { type GuardedProcess, startGuarded } from './guarded-process.ts';
import { pollUntil } from './poll.ts';
import { LOOPBACK, freePorts } from './ports.ts';
import { type PostgresBinaries, canEnter, postgresBinaries } from './postgres-binaries.ts';
import type { StackLog } from './stack-log.ts';
import { folderFailure, logTail, startFailure } from './start-failure.ts';

const READY_WITHIN_MS = 60_000;
const READY_POLL_MS = 15;
/** A free port may be taken between finding and using it. */
const PORT_TRIES = 3;
const USER = 'kept';
const DATABASE = 'kept';

export interface PostgresOptions {
  /** Holds the cluster, its password and its log; made when missing, used again when not. */
  readonly dataDir: string;
  /** `disk`: what is committed survives a crash of the machine. `none`: it survives only one of Kept, for tests. */
  readonly durability: 'disk' | 'none';
  readonly log: StackLog;
  readonly signal?: AbortSignal;
}

export interface RunningPostgres {
  readonly databaseUrl: string;
  /** Resolves when the server has ended, asked to or not. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts the embedded Postgres on a free port of the loopback. The password is random and stays in the data folder,
 * so other users of the machine cannot get in.
 * @throws DATA_FOLDER_UNUSABLE, PORT_IN_USE, STACK_FAILED with a sentence; no process is left then
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir } = options;
  try {
    const binaries = await postgresBinaries(join(dataDir, 'postgres-programs'));
    if (binaries.user !== undefined && !canEnter(binaries.user, dataDir)) throw unreachable(dataDir);
    const password = await initialise(options, binaries);
    return await startOnFreePort(options, binaries, password);
  } catch (error) {
    throw folderFailure(error, dataDir);
  }
}

/** Makes the cluster in a folder beside and renames it, so a killed attempt leaves no half cluster. */
async function initialise({ dataDir, durability, signal }: PostgresOptions, programs: PostgresBinaries) {
  const passwordFile = join(dataDir, 'postgres.password');
  const cluster = join(dataDir, 'postgres');
  if (existsSync(cluster)) return await readFile(passwordFile, 'utf8');
  const password = randomBytes(24).toString('base64url');
  const fresh = join(dataDir, 'postgres-new');
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh);
  await chmod(fresh, 0o700);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (programs.user !== undefined) {
    await Promise.all(
      [fresh, passwordFile].map((path) => chown(path, programs.user?.uid ?? 0, programs.user?.gid ?? 0)),
    );
  }
  await runInitdb(
    programs,
    [
      `--pgdata=${fresh}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The same order of texts on every machine, whatever locales it has.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-locale',
      ...(durability === 'disk' ? [] : ['--no-sync']),
    ],
    signal,
  );
  await rename(fresh, cluster);
  return password;
}

async function runInitdb(programs: PostgresBinaries, args: readonly string[], signal?: AbortSignal): Promise<void> {
  const lines: string[] = [];
  signal?.throwIfAborted();
  const initdb = startGuarded({
    command: programs.initdb,
    args,
    stopSignal: 'SIGINT',
    output: { onLine: (line) => lines.push(line) },
    cwd: '/',
    env: serverEnv(),
    ...(programs.user !== undefined && { user: programs.user }),
  });
  const ended = await initdb.ended;
  signal?.throwIfAborted();
  if (ended !== 'code 0') throw startFailure('Postgres (initdb)', ended, lines.join('\n'));
}

async function startOnFreePort(options: PostgresOptions, programs: PostgresBinaries, password: string) {
  for (let attempt = 1; ; attempt += 1) {
    const [port = 0] = await freePorts(1);
    try {
      return await startOn(port, options, programs, password);
    } catch (error) {
      const taken = error instanceof DomainError && error.code === 'PORT_IN_USE';
      if (!taken || attempt === PORT_TRIES) throw error;
    }
  }
}

async function startOn(
  port: number,
  { dataDir, durability, log, signal }: PostgresOptions,
  programs: PostgresBinaries,
  password: string,
): Promise<RunningPostgres> {
  const cluster = join(dataDir, 'postgres');
  const logFile = join(dataDir, 'postgres.log');
  await rm(logFile, { force: true });
  signal?.throwIfAborted();
  log.progress('Starting Postgres');
  const server = startGuarded({
    command: programs.postgres,
    args: ['-D', cluster, ...settings(port, durability).flatMap((setting) => ['-c', setting])],
    stopSignal: 'SIGINT',
    output: { file: logFile },
    cwd: '/',
    env: serverEnv(),
    ...(programs.user !== undefined && { user: programs.user }),
  });
  try {
    await untilReady(server, cluster, logFile, signal);
    const url = (database: string): string => `postgres://${USER}:${password}@${LOOPBACK}:${port}/${database}`;
    await createDatabase(url('postgres'));
    return { databaseUrl: url(DATABASE), ended: server.ended, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function settings(port: number, durability: PostgresOptions['durability']): string[] {
  const safe = durability === 'disk' ? 'on' : 'off';
  return [
    `listen_addresses=${LOOPBACK}`,
    `port=${port}`,
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=128MB',
    'max_wal_size=512MB',
    'wal_level=minimal',
    'max_wal_senders=0',
    `fsync=${safe}`,
    `full_page_writes=${safe}`,
    `synchronous_commit=${safe}`,
    // Planning with a compiler costs more than the short queries here could win.
    'jit=off',
    'timezone=UTC',
    'log_timezone=UTC',
    'log_min_messages=warning',
    // The detail of an error quotes values of the row, which may be personal.
    'log_error_verbosity=terse',
  ];
}

/** Postgres writes its state into `postmaster.pid`: its own process id first, `ready` on line 8. */
async function untilReady(server: GuardedProcess, cluster: string, logFile: string, signal?: AbortSignal) {
  await pollUntil(
    async () => {
      const ended = server.endedAs();
      if (ended !== undefined) throw startFailure('Postgres', ended, logTail(logFile));
      const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
      return (Number(lines[0]) === server.pid && lines[7]?.trim() === 'ready') || undefined;
    },
    {
      withinMs: READY_WITHIN_MS,
      everyMs: READY_POLL_MS,
      timeUp: () => startFailure('Postgres', `not ready within ${READY_WITHIN_MS / 1000} s`, logTail(logFile)),
      signal,
    },
  );
}

async function createDatabase(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    const [found] = await sql`select 1 from pg_database where datname = ${DATABASE}`;
    if (found === undefined) await sql`create database ${sql(DATABASE)}`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Nothing of the caller's `PG...` variables reaches the server, and its messages are in English. */
function serverEnv(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };
}

function unreachable(dataDir: string): DomainError {
  return new DomainError(
    'DATA_FOLDER_UNUSABLE',
    `Postgres does not run as root, and the user it runs as instead cannot enter the data folder ${dataDir}.`,
  );
}
