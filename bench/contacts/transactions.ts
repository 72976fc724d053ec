import postgres from 'postgres';
import { type DatabaseHandle, openDatabase } from '../../db/client.ts';

/**
 * Transactions that Postgres counted while something was done over one connection, less those of a connection that does
 * nothing. Read from another database, since a server process tells what it did when it ends.
 */
export async function transactionsOf(
  databaseUrl: string,
  work: (handle: DatabaseHandle) => Promise<void>,
): Promise<number> {
  const other = new URL(databaseUrl);
  const name = other.pathname.slice(1);
  other.pathname = '/postgres';
  const watcher = postgres(other.href, { max: 1, onnotice: () => {} });
  const committed = async (done: (handle: DatabaseHandle) => Promise<void>): Promise<number> => {
    const before = await commits(watcher, name);
    const handle = openDatabase(databaseUrl, { connections: 1 });
    await handle.sql`select 1`;
    await done(handle);
    await handle.close();
    await untilAlone(watcher, name);
    return (await commits(watcher, name)) - before;
  };
  await endAutovacuum(databaseUrl);
  await untilAlone(watcher, name);
  const idle = await committed(async () => {});
  const worked = await committed(work);
  await watcher.end();
  return worked - idle;
}

/** The server's own care for tables commits too, and would be counted. The database exists for this run alone. */
async function endAutovacuum(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  const tables = await sql<{ name: string }[]>`select tablename as name from pg_tables where schemaname = 'public'`;
  for (const { name } of tables) await sql`alter table ${sql(name)} set (autovacuum_enabled = false)`;
  await sql.end();
}

async function commits(sql: postgres.Sql, name: string): Promise<number> {
  const [row] = await sql<{ count: string }[]>`
    select xact_commit + xact_rollback as count from pg_stat_database where datname = ${name}`;
  return Number(row?.count);
}

/** Waits until the server processes of a database have ended. */
async function untilAlone(sql: postgres.Sql, name: string): Promise<void> {
  let left = 1;
  while (left > 0) {
    const [row] = await sql<{ count: number }[]>`
      select count(*)::int as count from pg_stat_activity where datname = ${name} and backend_type = 'client backend'`;
    left = row?.count ?? 0;
  }
}
