import { randomUUID } from 'node:crypto';
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
      if (await isStale(file)) return (await takenAway(file)) && (await created(file)) ? true : undefined;
      options.onWait?.();
      return undefined;
    },
    { ...options, everyMs: POLL_MS },
  );
  const touch = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => {}), TOUCH_MS);
  touch.unref();
  return {
    handTo: (pid) => writeFile(file, holder(pid)),
    release: async () => {
      clearInterval(touch);
      await rm(file, { force: true });
    },
  };
}

function holder(pid: number): string {
  return JSON.stringify({ pid, host: hostname() });
}

async function created(file: string): Promise<boolean> {
  try {
    await writeFile(file, holder(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    // Made and not written, such as on a full disk.
    await rm(file, { force: true });
    throw error;
  }
}

async function isStale(file: string): Promise<boolean> {
  try {
    if (Date.now() - (await stat(file)).mtimeMs > STALE_MS) return true;
    const { pid, host } = JSON.parse(await readFile(file, 'utf8')) as { readonly pid: number; readonly host: string };
    return host === hostname() && !isAlive(pid);
  } catch {
    // Just removed, or created and not yet written: neither is stale.
    return false;
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
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
