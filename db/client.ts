import { fileURLToPath } from 'node:url';
import { type PostgresJsDatabase, drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { guardTransactions } from './lost-connections.ts';
import * as schema from './schema.ts';

export type Database = PostgresJsDatabase<typeof schema>;
/** A transaction; everything that takes a `Database` for reading also takes one of these. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
export type Sql = postgres.Sql;

export interface DatabaseHandle {
  readonly db: Database;
  readonly sql: Sql;
  close(): Promise<void>;
}

/** One lock for all migrators, so that processes that start together apply each migration once. */
const MIGRATION_LOCK = 72_616_501;

/** What every connection runs under, whatever the server's own settings are. */
const SESSION = {
  statement_timeout: 30_000,
  lock_timeout: 10_000,
  /** Nothing here waits for anything but the database within a transaction. */
  idle_in_transaction_session_timeout: 30_000,
  /** Whoever has waited for a lock must then see what its holder has committed. */
  default_transaction_isolation: 'read committed',
  TimeZone: 'UTC',
} as const;

/** Opens a pool of at most `connections` connections. Statements end after 30 s, waits for a lock after 10 s. */
export function openDatabase(url: string, options: { readonly connections?: number } = {}): DatabaseHandle {
  const sql = postgres(url, {
    max: options.connections ?? 10,
    connect_timeout: 10,
    onnotice: () => {},
    connection: SESSION,
  });
  guardTransactions(sql);
  return { db: drizzle(sql, { schema }), sql, close: () => sql.end({ timeout: 5 }) };
}

/** Brings the database to the newest schema; safe to run twice and from several processes at once. */
export async function migrateDatabase(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 10 });
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await migrate(drizzle(sql), { migrationsFolder: fileURLToPath(new URL('migrations', import.meta.url)) });
  } finally {
    await sql.end({ timeout: 5 });
  }
}
