import { writeFile } from 'node:fs/promises';
import type { ErrorCode } from '../../domain/errors.ts';
import { unwritable } from '../output-files.ts';

/** A row that was not taken: where its first fault is and what would be right. */
export interface Reject {
  readonly file: string;
  readonly line: number;
  /** Empty when the fault is the row's own, such as a missing field. */
  readonly column: string;
  readonly code: ErrorCode;
  /** A sentence that never repeats the cell: it could hold a phone number, in whatever column. */
  readonly reason: string;
}

/** Thrown by the reader of a cell or row, and caught where file and line are known. */
export class RowFault extends Error {
  readonly code: ErrorCode;
  readonly column: string;

  constructor(code: ErrorCode, column: string, reason: string) {
    super(reason);
    this.code = code;
    this.column = column;
  }
}

/** The reject for whatever was thrown while a row was read; anything but a fault of the row is thrown on. */
export function rejectOf(file: string, line: number, error: unknown): Reject {
  if (!(error instanceof RowFault)) throw error;
  return { file, line, column: error.column, code: error.code, reason: error.message };
}

/**
 * Writes `rejects.csv`, with its header alone when every row was good.
 * @throws OUTPUT_UNWRITABLE
 */
export async function writeRejects(path: string, rejects: readonly Reject[]): Promise<void> {
  const rows = rejects.map(({ file, line, column, code, reason }) =>
    [file, String(line), column, code, reason].map(quoted).join(','),
  );
  try {
    await writeFile(path, `${['file,line,column,code,reason', ...rows].join('\n')}\n`);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
