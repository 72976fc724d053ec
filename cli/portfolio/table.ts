import { basename } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { DomainError } from '../../domain/errors.ts';
import { type Line, MAX_LINE_CHARS, linesOf } from './lines.ts';
import { RowFault } from './rejects.ts';

/** A row of a table; whether it is well formed shows when its first cell is read. */
export interface Row {
  readonly line: number;
  /** @throws RowFault when the row is broken. */
  cell(column: string): string;
  /** What stands in the place of a column, even in a broken row. */
  glimpse(column: string): string;
}

/**
 * Streams the rows of a CSV file with a header. A row is a line: a quoted field may hold commas and quotes but no line
 * break, so that one unclosed quote costs its own row and not the rest of the file. Blank lines are skipped, columns may
 * stand in any order, and columns nobody asks for are ignored.
 * @throws FILE_UNREADABLE when the file cannot be read or its header lacks one of the columns.
 */
export async function* rowsOf(path: string, columns: readonly string[]): AsyncGenerator<Row> {
  let header: Header | undefined;
  for await (const batch of linesOf(path)) {
    for (const line of batch) {
      if (line.text.trim() === '') continue;
      if (header === undefined) header = headerOf(basename(path), line, columns);
      else yield rowOf(line, header);
    }
  }
  if (header === undefined) throw new DomainError('FILE_UNREADABLE', `${basename(path)} is empty.`);
}

interface Header {
  readonly width: number;
  readonly indexOf: ReadonlyMap<string, number>;
}

function headerOf(file: string, line: Line, columns: readonly string[]): Header {
  let names: readonly string[];
  try {
    names = fieldsOf(line);
  } catch (error) {
    const reason = error instanceof RowFault ? error.message : String(error);
    throw new DomainError('FILE_UNREADABLE', `${file}, line ${line.number}: ${reason}`);
  }
  const indexOf = new Map(names.map((name, index) => [name.trim(), index]));
  const missing = columns.filter((column) => !indexOf.has(column));
  if (missing.length > 0) {
    throw new DomainError('FILE_UNREADABLE', `${file}, line ${line.number}: no column ${missing.join(', ')}.`);
  }
  if (indexOf.size < names.length) {
    throw new DomainError('FILE_UNREADABLE', `${file}, line ${line.number}: two columns have the same name.`);
  }
  return { width: names.length, indexOf };
}

function rowOf(line: Line, { width, indexOf }: Header): Row {
  let fields: readonly string[] | undefined;
  return {
    line: line.number,
    cell(column) {
      fields ??= fieldsOf(line);
      if (fields.length !== width) {
        throw new RowFault('ROW_INVALID', '', `The row has ${fields.length} fields; the header has ${width}.`);
      }
      return fields[indexOf.get(column) ?? -1] ?? '';
    },
    glimpse(column) {
      return (fields ?? line.text.split(','))[indexOf.get(column) ?? -1] ?? '';
    },
  };
}

/** @throws RowFault */
function fieldsOf({ text }: Line): readonly string[] {
  if (text.length > MAX_LINE_CHARS) {
    throw new RowFault('ROW_INVALID', '', `The line is longer than ${MAX_LINE_CHARS} characters.`);
  }
  if (!text.includes('"')) return text.split(',');
  try {
    return parse(text, { record_delimiter: '\n' })[0] ?? [];
  } catch (error) {
    if (error instanceof CsvError) {
      throw new RowFault('ROW_INVALID', '', 'A quote is not closed, or stands inside a field that is not quoted.');
    }
    throw error;
  }
}
