import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { pollUntil } from './poll.ts';

/** A holder that lives touches its lock this often, and one that has not for `STALE_MS` is taken for dead. */
const TOUCH_MS = 5_000;
const STALE_MS = 60_000;
const POLL_MS = 200;

export interface LockOptions {
  /** How long to wait for another holder; 0 tries once. */
  readonly withinMs: number;
  /** Whether to wait for a holder whose taker lives, too, or only for one that cleans up after a dead taker. */
  readonly waitsFor: 'anyone' | 'the dead';
  readonly timeUp: () => Error;
  readonly onWait?: () => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Holds a lock file with this process's id while `work` runs. A lock whose holder is dead is taken over. Two takers at
 * the same instant can both get it, so what it protects has to stay whole then too; it saves double work.
 * @throws what `timeUp` gives when another process holds it for too long
 */
export async function withFileLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const lock = await lockFile(file, options);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

export interface FileLock {
  /** From now on the lock is held as long as that process lives, though this one still has to release it. */
  handTo(pid: number): Promise<void>;
  release(): Promise<void>;
}

/** Takes the lock until it is released. @throws as `withFileLock` */
export async function lockFile(file: string, options: LockOptions): Promise<FileLock> {
  await pollUntil(
    async () => {
      if (await created(file)) return true;
      const holder = await holderOf(file);
      if (holder === 'gone') return (await takenAway(file)) && (await created(file)) ? true : undefined;
      if (holder === 'alive' && options.waitsFor === 'the dead') throw options.timeUp();
      options.onWait?.();
      return undefined;
    },
    { ...options, everyMs: POLL_MS },
  );
  const touch = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => {}), TOUCH_MS);
  touch.unref();
  return {
    handTo: (pid) => writeFile(file, entry(pid)),
    release: async () => {
      clearInterval(touch);
      await rm(file, { force: true });
    },
  };
}

interface Entry {
  readonly pid: number;
  /** Who took the lock, for itself or for `pid`. */
  readonly taker: number;
  readonly host: string;
}

function entry(pid: number): string {
  return JSON.stringify({ pid, taker: process.pid, host: hostname() } satisfies Entry);
}

async function created(file: string): Promise<boolean> {
  try {
    await writeFile(file, entry(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    // Made and not written, such as on a full disk.
    await rm(file, { force: true });
    throw error;
  }
}

/** `gone`: the lock may be taken away; `leaving`: its taker is dead and the process it was handed to is not. */
async function holderOf(file: string): Promise<'alive' | 'leaving' | 'gone'> {
  try {
    if (Date.now() - (await stat(file)).mtimeMs > STALE_MS) return 'gone';
    const { pid, taker, host } = JSON.parse(await readFile(file, 'utf8')) as Entry;
    if (host !== hostname() || isAlive(taker)) return 'alive';
    return isAlive(pid) ? 'leaving' : 'gone';
  } catch {
    // Just removed, or made and not yet written: the next look will tell.
    return 'leaving';
  }
}

/** Of several takers the rename succeeds for one. */
async function takenAway(file: string): Promise<boolean> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
    await rm(aside, { force: true });
    return true;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return !isZombie(pid);
}

/** Whether the process has ended and waits for its parent to notice; nobody knows where there is no /proc. */
function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
