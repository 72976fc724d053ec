import { execFile } from 'node:child_process';
import { access, constants, mkdir } from 'node:fs/promises';
import { arch, homedir, platform } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DomainError } from '../domain/errors.ts';
import { withFileLock } from './file-lock.ts';
import type { StackLog } from './stack-log.ts';
import { folderFailure } from './start-failure.ts';
import { buildServer, buildUi } from './temporal-build.ts';
import { downloadCli } from './temporal-download.ts';
import { CLI_VERSION, SERVER_VERSION, UI_VERSION, isNewEnough } from './temporal-versions.ts';

const run = promisify(execFile);
const VERSION_WITHIN_MS = 10_000;
/** Another process that builds is waited for this long; a build has a limit of its own below it. */
const LOCK_WITHIN_MS = 40 * 60_000;

/** What runs the server: the CLI, which brings its UI along, or the server's own program with that of the UI. */
export type TemporalPrograms =
  | { readonly kind: 'cli'; readonly cli: string }
  | { readonly kind: 'server'; readonly server: string; readonly ui: string | null };

export interface SearchOptions {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Whether the UI is wanted too. It is optional: without it the search still succeeds. */
  readonly ui: boolean;
  readonly log: StackLog;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds a Temporal server ≥ 1.32, or makes one: `temporal` on PATH; what an earlier run left in the cache; the CLI's
 * download; and last `go install`, which takes minutes once.
 * @throws SERVER_MISSING with the reason of each way and what to do; DATA_FOLDER_UNUSABLE when the cache is full
 */
export async function findTemporal(options: SearchOptions): Promise<TemporalPrograms> {
  const reasons: string[] = [];
  const onPath = await cliOnPath(options.env, reasons);
  if (onPath !== undefined) return onPath;
  const cache = programFolders(options.env);
  const cached = await fromCache(cache, options.ui);
  if (cached !== undefined) return cached;
  try {
    await mkdir(cache.root, { recursive: true });
    const lock = join(cache.root, 'programs.lock');
    const onWait = (): void => options.log.progress('Waiting for another process that prepares the Temporal server');
    const timeUp = (): DomainError => lockedTooLong(lock);
    const waiting = { withinMs: LOCK_WITHIN_MS, waitsFor: 'anyone', timeUp, onWait, signal: options.signal } as const;
    return await withFileLock(lock, waiting, () => makeOrExplain(cache, options, reasons));
  } catch (error) {
    throw folderFailure(error, cache.root);
  }
}

/** Where programs are kept between runs: `KEPT_CACHE_DIR`, else `kept` in the user's cache folder. */
export function programFolders(env: Readonly<NodeJS.ProcessEnv>): ProgramFolders {
  const root = resolve(env['KEPT_CACHE_DIR'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'kept'));
  const machine = `${platform()}-${arch()}`;
  return {
    root,
    cli: join(root, `temporal-cli-${CLI_VERSION}-${machine}`, 'temporal'),
    server: join(root, `temporal-server-${SERVER_VERSION}-${machine}`, 'server'),
    ui: join(root, `temporal-ui-${UI_VERSION}-${machine}`, 'server'),
  };
}

export interface ProgramFolders {
  readonly root: string;
  readonly cli: string;
  readonly server: string;
  readonly ui: string;
}

async function cliOnPath(env: SearchOptions['env'], reasons: string[]): Promise<TemporalPrograms | undefined> {
  try {
    const { stdout } = await run('temporal', ['--version'], { env, timeout: VERSION_WITHIN_MS });
    if (isNewEnough(stdout)) return { kind: 'cli', cli: 'temporal' };
    reasons.push(`the temporal command on PATH is too old (${stdout.trim()})`);
  } catch {
    reasons.push('there is no temporal command on PATH');
  }
  return undefined;
}

async function fromCache(cache: ProgramFolders, ui: boolean): Promise<TemporalPrograms | undefined> {
  const [cli, server, uiServer] = await Promise.all([cache.cli, cache.server, cache.ui].map(isProgram));
  if (server && (uiServer || !ui)) return { kind: 'server', server: cache.server, ui: uiServer ? cache.ui : null };
  return cli ? { kind: 'cli', cli: cache.cli } : undefined;
}

async function makeOrExplain(cache: ProgramFolders, options: SearchOptions, reasons: string[]) {
  const madeMeanwhile = await fromCache(cache, options.ui);
  if (madeMeanwhile !== undefined) return madeMeanwhile;
  const hasServer = await isProgram(cache.server);
  if (!hasServer) {
    const download = await downloadCli(cache.cli, options);
    if (download === undefined) return { kind: 'cli', cli: cache.cli } as const;
    reasons.push(download);
    const build = await buildServer(cache.server, options);
    if (build !== undefined) throw nowhere([...reasons, build]);
  }
  if (!options.ui) return { kind: 'server', server: cache.server, ui: null } as const;
  const noUi = await buildUi(cache.ui, options);
  if (noUi !== undefined) options.log.info(`The Temporal UI is left out: ${noUi}.`);
  return { kind: 'server', server: cache.server, ui: noUi === undefined ? cache.ui : null } as const;
}

async function isProgram(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function nowhere(reasons: readonly string[]): DomainError {
  return new DomainError(
    'SERVER_MISSING',
    `No Temporal server 1.32 or newer: ${reasons.join('; ')}. Any one of these helps: install the Temporal CLI ` +
      `${CLI_VERSION.slice(1)} or newer, install Go 1.21 or newer and try again, or set TEMPORAL_ADDRESS to a ` +
      'server that runs.',
  );
}

function lockedTooLong(lock: string): DomainError {
  return new DomainError(
    'SERVER_MISSING',
    `Another process has been preparing the Temporal server too long (${lock}).`,
  );
}
