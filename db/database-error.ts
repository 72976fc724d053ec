import { DrizzleQueryError } from 'drizzle-orm';

/** Failures that pass by themselves: no connection, a server that restarts or is full, a lock not got in time. */
const PASSING = /^(08|53|57P|40001|40P01|55P03|57014|E[A-Z]+$|CONNECT)/;
/** A value that Postgres cannot hold, such as a text with a NUL or a year 0. */
const DATA_EXCEPTION = /^22/;

/**
 * A failure of the database by its code: an SQLSTATE, or what the connection says. The error it stands for is left out
 * on purpose, since its text holds the statement with its parameters, and those are personal data.
 */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly code: string;

  constructor(code: string) {
    super(`The database failed with ${code}.`);
    this.code = code;
  }

  /** Whether the same again may go well. */
  get isPassing(): boolean {
    return PASSING.test(this.code);
  }

  /** Whether a value was to blame, so that the same again must fail. */
  get isDataException(): boolean {
    return DATA_EXCEPTION.test(this.code);
  }
}

/** The failure of the database that an error is or stands for; null when it is something else, such as a defect. */
export function databaseErrorOf(error: unknown): DatabaseError | null {
  if (error instanceof DatabaseError) return error;
  const code = codeOf(error instanceof DrizzleQueryError ? error.cause : error);
  if (code !== null) return new DatabaseError(code);
  return error instanceof DrizzleQueryError ? new DatabaseError('UNKNOWN') : null;
}

/** An SQLSTATE such as 40P01, an error of the socket such as ECONNREFUSED, or one of the driver. */
function codeOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^([0-9A-Z]{5}|E[A-Z]+|CONNECT[A-Z_]+)$/.test(code) ? code : null;
}
