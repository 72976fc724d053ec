import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DomainError } from '../domain/errors.ts';

const TAIL_BYTES = 16_384;
const QUOTE_LENGTH = 300;

/**
 * Turns what a server wrote before it gave up into one sentence.
 * @param what the server, such as `Postgres`
 * @param output the end of its log
 * @returns DATA_FOLDER_UNUSABLE on a full disk, PORT_IN_USE on a taken port, else STACK_FAILED with the last complaint
 */
export function startFailure(what: string, ended: string, output: string): DomainError {
  if (/no space left on device|disk is full/i.test(output)) {
    return new DomainError('DATA_FOLDER_UNUSABLE', `${what} did not start: the disk is full.`);
  }
  if (/address already in use/i.test(output)) {
    return new DomainError('PORT_IN_USE', `${what} did not start: another program has taken its port.`);
  }
  return new DomainError('STACK_FAILED', `${what} ended (${ended})${quote(lastComplaint(output))}`);
}

/**
 * A failure of the file system as a sentence; anything else stays what it was.
 * @returns DATA_FOLDER_UNUSABLE for a full disk and for a folder that cannot be written
 */
export function folderFailure(error: unknown, folder: string): unknown {
  if (!(error instanceof Error && 'code' in error) || error instanceof DomainError) return error;
  const reason = FOLDER_REASONS[String(error.code)];
  if (reason === undefined) return error;
  return new DomainError('DATA_FOLDER_UNUSABLE', `The data folder ${folder} cannot be used: ${reason}.`);
}

/** The last 16 KiB of a log; empty when there is none. */
export function logTail(file: string): string {
  try {
    const handle = openSync(file, 'r');
    try {
      const from = Math.max(0, fstatSync(handle).size - TAIL_BYTES);
      const buffer = Buffer.alloc(TAIL_BYTES);
      return buffer.toString('utf8', 0, readSync(handle, buffer, 0, TAIL_BYTES, from));
    } finally {
      closeSync(handle);
    }
  } catch {
    return '';
  }
}

const FOLDER_REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'there is a file of that name',
  ENOENT: 'a file of it is missing',
};

/** The last line that complains; servers explain themselves first and say good-bye afterwards. */
function lastComplaint(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !/^\s/.test(line));
  const complaint = lines.findLast((line) => /fatal|panic|error|unable|cannot|could not/i.test(line)) ?? lines.at(-1);
  return readable(complaint ?? '');
}

/** A JSON log line as its message and error, without the stack trace; any other line as it is. */
function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const entry = JSON.parse(line) as { msg?: unknown; error?: unknown };
    return [entry.msg, entry.error].filter((part) => typeof part === 'string').join(': ');
  } catch {
    return line;
  }
}

function quote(complaint: string): string {
  return complaint === '' ? '.' : `: "${complaint.slice(0, QUOTE_LENGTH)}".`;
}
