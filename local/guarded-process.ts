import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** How long a process may take over its own ending before it is killed. */
const STOP_GRACE_MS = 5_000;

export interface GuardedOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** What asks the process to end: Postgres wants `SIGINT` (a fast shutdown), the others `SIGTERM`. */
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
  /** A file that output is appended to, or a listener for each line of it. */
  readonly output: { readonly file: string } | { readonly onLine: (line: string) => void };
  readonly cwd?: string;
  readonly env?: Readonly<NodeJS.ProcessEnv>;
  /** Run as this user; needs root. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

export interface GuardedProcess {
  readonly pid: number | undefined;
  /** Resolves when the process has ended, however it ended: `code 0`, `signal SIGKILL`, `ENOENT`. Never rejects. */
  readonly ended: Promise<string>;
  /** What `ended` has resolved with; `undefined` while the process runs. */
  endedAs(): string | undefined;
  /** Asks the process to end, kills it when it does not within 5 s, and returns when it has ended. */
  stop(): Promise<void>;
}

/**
 * Starts a process that cannot outlive this one: it is the leader of its own group, and the guard ends that group
 * when this process is gone, however it went. Ctrl-C in the terminal reaches this process only.
 */
export function startGuarded(options: GuardedOptions): GuardedProcess {
  const { command, args, stopSignal, output, cwd, env, user } = options;
  const logFile = 'file' in output ? openSync(output.file, 'a', 0o600) : undefined;
  openGuard();
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', logFile ?? 'pipe', logFile ?? 'pipe'],
    ...(cwd !== undefined && { cwd }),
    ...(env !== undefined && { env: { ...env } }),
    ...user,
  });
  if (child.pid !== undefined) tellGuard({ watch: child.pid, signal: stopSignal });
  if (logFile !== undefined) closeSync(logFile);
  if ('onLine' in output) {
    eachLine(child.stdout, output.onLine);
    eachLine(child.stderr, output.onLine);
  }
  let how: string | undefined;
  const ended = endOf(child).then((end) => {
    how = end;
    return end;
  });
  return { pid: child.pid, ended, endedAs: () => how, stop: () => stopGroup(child, stopSignal, ended) };
}

/** Has the guard remove a folder when this process ends without having removed it. */
export function removeAtEnd(folder: string): void {
  openGuard();
  tellGuard({ remove: folder });
}

/** Takes `removeAtEnd` back. */
export function keepAtEnd(folder: string): void {
  tellGuard({ keep: folder });
}

type GuardMessage = { watch: number; signal: string } | { forget: number } | { remove: string } | { keep: string };

/** What the guard would have to end or remove now; with nothing left the guard itself ends. */
const guarded = new Set<number | string>();
let guard: ChildProcess | undefined;

function openGuard(): void {
  if (guard !== undefined) return;
  guard = spawn(process.execPath, [fileURLToPath(new URL('guard.mjs', import.meta.url))], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  // Neither the guard nor the pipe to it keeps this process running.
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  // A guard that was killed takes nothing else down: the stack then only loses its protection against `kill -9`.
  guard.on('error', () => {});
  guard.stdin?.on('error', () => {});
}

function tellGuard(message: GuardMessage): void {
  if ('watch' in message) guarded.add(message.watch);
  else if ('forget' in message) guarded.delete(message.forget);
  else if ('remove' in message) guarded.add(message.remove);
  else guarded.delete(message.keep);
  guard?.stdin?.write(`${JSON.stringify(message)}\n`);
  if (guarded.size > 0) return;
  guard?.stdin?.end();
  guard = undefined;
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    child.once('exit', (code, signal) => {
      if (child.pid !== undefined) tellGuard({ forget: child.pid });
      resolve(signal === null ? `code ${code}` : `signal ${signal}`);
    });
  });
}

async function stopGroup(child: ChildProcess, signal: NodeJS.Signals, ended: Promise<string>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  signalGroup(child.pid, signal);
  const kill = setTimeout(signalGroup, STOP_GRACE_MS, child.pid, 'SIGKILL');
  await ended;
  clearTimeout(kill);
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // The group has just ended by itself, which is what was asked for.
  }
}

function eachLine(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream?.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
