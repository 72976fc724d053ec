import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** How long a process may take over its own ending before it is killed. */
const STOP_GRACE_MS = 5_000;

export interface GuardedOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** What ends the process: Postgres wants `SIGINT` (a fast shutdown); what has nothing to save, `SIGKILL`. */
  readonly stopSignal: 'SIGINT' | 'SIGTERM' | 'SIGKILL';
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

/** Has the guard remove a file or folder, after all processes, when this process ends without having removed it. */
export function removeAtEnd(path: string): void {
  openGuard();
  tellGuard({ remove: path });
}

/** Takes `removeAtEnd` back. */
export function keepAtEnd(path: string): void {
  tellGuard({ keep: path });
}

/** The process id of the guard, which lives as long as anything guarded does; `undefined` when there is nothing. */
export function guardPid(): number | undefined {
  return guard?.pid;
}

type GuardMessage = { watch: number; signal: string } | { forget: number } | { remove: string } | { keep: string };

/** What the guard would have to end or remove now; with nothing left the guard itself ends. */
const guarded = new Map<number | string, GuardMessage>();
let guard: ChildProcess | undefined;

function openGuard(): void {
  if (guard !== undefined) return;
  const opened = spawn(process.execPath, [fileURLToPath(new URL('guard.mjs', import.meta.url))], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  // Neither the guard nor the pipe to it keeps this process running.
  opened.unref();
  if (opened.stdin instanceof Socket) opened.stdin.unref();
  // A guard that was killed takes nothing else down, and the next one to be opened is told everything again.
  opened.on('error', () => {});
  opened.stdin?.on('error', () => {});
  opened.on('exit', () => {
    if (guard === opened) guard = undefined;
  });
  guard = opened;
  for (const message of guarded.values()) tell(message);
}

function tellGuard(message: GuardMessage): void {
  if ('watch' in message) guarded.set(message.watch, message);
  else if ('forget' in message) guarded.delete(message.forget);
  else if ('remove' in message) guarded.set(message.remove, message);
  else guarded.delete(message.keep);
  tell(message);
  if (guarded.size > 0) return;
  guard?.stdin?.end();
  guard = undefined;
}

function tell(message: GuardMessage): void {
  guard?.stdin?.write(`${JSON.stringify(message)}\n`);
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
