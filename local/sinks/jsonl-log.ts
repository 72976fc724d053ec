import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DomainError } from '../../domain/errors.ts';

/** A file of one JSON value a line, for whoever checks a sink from outside. */
export interface JsonlLog {
  /** Writes the line before it returns, so that what was acknowledged is in the file. */
  append(value: unknown): void;
  close(): void;
}

/**
 * Opens a log for appending, readable by its owner only, since messages hold personal data.
 * @param path undefined keeps no file.
 * @throws DomainError OUTPUT_UNWRITABLE, also from `append`, such as on a full disk.
 */
export function openJsonlLog(path: string | undefined): JsonlLog {
  if (path === undefined) return { append: () => undefined, close: () => undefined };
  const file = guarded(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'a', 0o600);
  });
  let open = true;
  return {
    append: (value) => {
      if (open) guarded(path, () => writeSync(file, `${JSON.stringify(value)}\n`));
    },
    close: () => {
      if (open) closeSync(file);
      open = false;
    },
  };
}

function guarded<Result>(path: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new DomainError('OUTPUT_UNWRITABLE', `The sink cannot write ${path}: ${code}.`, { code });
  }
}
