import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DomainError } from '../domain/errors.ts';

/** Writes a file, and the folders above it where they are missing. @throws OUTPUT_UNWRITABLE */
export async function writeOutput(path: string, content: string): Promise<void> {
  try {
    await makeFolder(dirname(resolve(path)));
    await writeFile(path, content);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** Level by level: a recursive mkdir never returns where a file system refuses new folders with ENOENT, as /proc does. */
export async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return;
  await makeFolder(dirname(path));
  await mkdir(path);
}

/** The failure of whatever could not be written, with the system's code and nothing else. */
export function unwritable(path: string, error: unknown): DomainError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return new DomainError('OUTPUT_UNWRITABLE', `${path} cannot be written: ${code}.`);
}
