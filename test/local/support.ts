import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { pollUntil } from '../../local/poll.ts';

const run = promisify(execFile);

/** A folder of the test's own, removed when the test is over; a concurrent test gives its own `onTestFinished`. */
export function freshFolder(whenFinished: (remove: () => void) => void = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'kept-test-'));
  // Started by root, Postgres runs as another user and has to get in.
  chmodSync(folder, 0o711);
  whenFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

/** A folder to put on PATH, with one shell script in it. */
export function folderWithScript(name: string, lines: readonly string[]): string {
  const bin = join(freshFolder(), 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, name), `${['#!/bin/sh', ...lines].join('\n')}\n`, { mode: 0o755 });
  return bin;
}

/** The command lines of all processes that name the text, as the system knows them. */
export async function processesNaming(text: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'stat=,args=']);
  const lines = stdout.split('\n').filter((line) => line.includes(text));
  // A process that has ended and is not yet collected (Z) does nothing any more.
  return lines.filter((line) => !line.trimStart().startsWith('Z'));
}

/** Waits until what is asked for holds; fails after 20 s with what it was. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const timeUp = (): Error => new Error(`Not within 20 s: ${what}`);
  await pollUntil(async () => (await holds()) || undefined, { withinMs: 20_000, everyMs: 50, timeUp });
}

export interface Fixture {
  readonly child: ChildProcess;
  /** The JSON that the program prints first; rejects when it ends without. */
  readonly firstLine: Promise<unknown>;
  /** `code 0` or `signal SIGKILL`. */
  readonly ended: Promise<string>;
}

/** Runs a program of `fixtures/` in a process of its own, which is killed at the end of the test if it still runs. */
export function startFixture(name: string, env: NodeJS.ProcessEnv, ...args: string[]): Fixture {
  const file = fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`));
  });
  const firstLine = new Promise<unknown>((resolve, reject) => {
    const lines = createInterface({ input: child.stdout });
    lines.once('line', (line) => resolve(JSON.parse(line)));
    lines.once('close', () => reject(new Error(`${name} ended without a word.`)));
  });
  firstLine.catch(() => {});
  return { child, firstLine, ended };
}
