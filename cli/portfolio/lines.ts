import { createReadStream } from 'node:fs';
import { DomainError } from '../../domain/errors.ts';

/** A line of a text file; the first one is number 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** A longer line is no row of a portfolio: it is cut off there, so a file without line ends cannot fill the memory. */
export const MAX_LINE_CHARS = 65_536;

const CHUNK_BYTES = 262_144;
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not permitted',
  EISDIR: 'it is a folder',
};

/**
 * Streams the lines of a UTF-8 file, a batch for each chunk read; takes LF and CRLF, drops a byte order mark.
 * @throws FILE_UNREADABLE
 */
export async function* linesOf(path: string): AsyncGenerator<readonly Line[]> {
  let rest = '';
  let number = 0;
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: CHUNK_BYTES })) {
      const parts = (rest + String(chunk)).split('\n');
      rest = (parts.pop() ?? '').slice(0, MAX_LINE_CHARS + 1);
      const batch = parts.map((text) => {
        number += 1;
        return lineOf(number, text);
      });
      if (batch.length > 0) yield batch;
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === '') throw error;
    throw new DomainError('FILE_UNREADABLE', `${path} cannot be read: ${REASONS[code] ?? code}.`);
  }
  if (rest !== '') yield [lineOf(number + 1, rest)];
}

function lineOf(number: number, text: string): Line {
  const from = number === 1 && text.startsWith('\uFEFF') ? 1 : 0;
  const to = text.endsWith('\r') ? text.length - 1 : text.length;
  return { number, text: text.slice(from, Math.min(to, from + MAX_LINE_CHARS + 1)) };
}
