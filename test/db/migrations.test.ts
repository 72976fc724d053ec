import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { expect, inject, test } from 'vitest';
import { migrateDatabase } from '../../db/client.ts';

const CHILD = fileURLToPath(new URL('../support/migrate-child.ts', import.meta.url));

async function emptyDatabase(): Promise<string> {
  const url = new URL(inject('stackDatabaseUrl'));
  const name = `kept_${randomUUID().replaceAll('-', '')}`;
  const admin = postgres(url.href, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  await admin.end();
  url.pathname = `/${name}`;
  return url.href;
}

/** Everything that migrations make, and how often each was applied. */
async function schemaOf(url: string): Promise<unknown[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const columns = await sql`select table_name, column_name, data_type, is_nullable, column_default
    from information_schema.columns where table_schema = 'public' order by 1, 2`;
  const constraints = await sql`select conrelid::regclass::text as on, conname, pg_get_constraintdef(oid) as def
    from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2`;
  const indexes = await sql`select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1`;
  const applied = await sql`select hash from drizzle.__drizzle_migrations order by id`;
  await sql.end();
  return [columns, constraints, indexes, applied].map((rows) => [...rows]);
}

function startMigrator(url: string): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', CHILD], {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

test('two processes that migrate at once both succeed and apply each migration once; a third time changes nothing', async () => {
  const url = await emptyDatabase();
  const migrators = [startMigrator(url), startMigrator(url)];
  await Promise.all(migrators.map((each) => once(each.stdout ?? each, 'data')));
  for (const each of migrators) each.stdin?.write('go\n');
  const codes = await Promise.all(migrators.map(async (each) => ((await once(each, 'exit')) as [number])[0]));
  expect(codes).toEqual([0, 0]);

  const schema = await schemaOf(url);
  const reference = await emptyDatabase();
  await migrateDatabase(reference);
  expect(schema).toEqual(await schemaOf(reference));

  await migrateDatabase(url);
  await Promise.all([migrateDatabase(url), migrateDatabase(url)]);
  expect(await schemaOf(url)).toEqual(schema);
});

test('a migrator waits for one that is under way, and leaves no lock behind', async () => {
  const url = await emptyDatabase();
  const sql = postgres(url, { max: 2, onnotice: () => {} });
  await Promise.all([migrateDatabase(url), migrateDatabase(url), migrateDatabase(url)]);
  const locks = await sql`select 1 from pg_locks as held join pg_database on pg_database.oid = held.database
    where locktype = 'advisory' and datname = current_database()`;
  expect([...locks]).toEqual([]);
  await sql.end();
});

test('what fails is told, and leaves nothing half made', async () => {
  const url = await emptyDatabase();
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  // The last table that the migration makes is in the way.
  await sql`create table task (other text)`;
  await expect(migrateDatabase(url)).rejects.toThrow('CREATE TABLE "task"');
  const tables = await sql`select table_name from information_schema.tables where table_schema = 'public'`;
  expect([...tables]).toEqual([{ table_name: 'task' }]);
  await sql`drop table task`;
  await sql.end();
  await migrateDatabase(url);
});
