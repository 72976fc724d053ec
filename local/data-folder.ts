import { chmod, mkdir, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DomainError } from '../domain/errors.ts';
import { lockFile } from './file-lock.ts';
import { guardPid, keepAtEnd, removeAtEnd } from './guarded-process.ts';
import { folderFailure } from './start-failure.ts';

/** A fresh Postgres takes 50 MB and its log of changes grows by 16 MB at a time. */
const NEEDED_MB = 250;
/** The guard of a stack that was killed needs some seconds to end its servers, more on a busy machine. */
const LOCK_WITHIN_MS = 20_000;

export interface DataFolder {
  readonly path: string;
  /** Gives the folder free for another stack, and removes it when nobody asked to keep it. */
  release(): Promise<void>;
}

/**
 * Opens the folder that a local stack keeps its state in, for this process alone. Without a path it is a new one among
 * the system's temporary files, which is removed at the end, also after `kill -9`.
 * @throws DATA_FOLDER_UNUSABLE when it cannot be written, is nearly full, or another stack runs in it
 */
export async function openDataFolder(path?: string): Promise<DataFolder> {
  try {
    const folder = path === undefined ? await makeThrowAway() : await openKept(resolve(path));
    try {
      await requireSpace(folder.path);
    } catch (error) {
      await folder.release();
      throw error;
    }
    return folder;
  } catch (error) {
    throw folderFailure(error, path ?? tmpdir());
  }
}

async function makeThrowAway(): Promise<DataFolder> {
  const path = await mkdtemp(join(resolve(tmpdir()), 'kept-'));
  removeAtEnd(path);
  await letDatabaseUserIn(path);
  const release = async (): Promise<void> => {
    await rm(path, { recursive: true, force: true, maxRetries: 10 });
    keepAtEnd(path);
  };
  return { path, release };
}

async function openKept(path: string): Promise<DataFolder> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made !== undefined) await letDatabaseUserIn(path);
  const timeUp = (): Error =>
    new DomainError('DATA_FOLDER_UNUSABLE', `Another local stack is running in the data folder ${path}.`);
  const file = join(path, 'stack.lock');
  const lock = await lockFile(file, { withinMs: LOCK_WITHIN_MS, waitsFor: 'the dead', timeUp });
  // When this process is killed, the guard still ends the servers of this folder: until then the folder is taken.
  removeAtEnd(file);
  await lock.handTo(guardPid() ?? process.pid);
  const release = async (): Promise<void> => {
    await lock.release();
    keepAtEnd(file);
  };
  return { path, release };
}

/** Started by root, Postgres runs as another user, who has to pass through the folder but need not list it. */
async function letDatabaseUserIn(path: string): Promise<void> {
  if (process.getuid?.() === 0) await chmod(path, 0o711);
}

async function requireSpace(path: string): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  const freeMb = Math.floor((bavail * bsize) / 1e6);
  if (freeMb >= NEEDED_MB) return;
  throw new DomainError(
    'DATA_FOLDER_UNUSABLE',
    `The disk is nearly full: ${freeMb} MB are free in ${path}, and the local stack needs ${NEEDED_MB} MB.`,
  );
}
