import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { type DatabaseHandle, migrateDatabase, openDatabase } from '../../db/client.ts';
import { pollUntil } from '../../local/poll.ts';

export interface TestDatabase extends DatabaseHandle {
  readonly url: string;
}

/** A fresh, migrated database of its own on the shared Postgres. */
export async function freshDatabase(): Promise<TestDatabase> {
  const base = new URL(inject('stackDatabaseUrl'));
  const name = `kept_${randomUUID().replaceAll('-', '')}`;
  const admin = postgres(base.href, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  await admin.end();
  base.pathname = `/${name}`;
  await migrateDatabase(base.href);
  return { ...openDatabase(base.href), url: base.href };
}

/** Asks until a pool of one has a good connection: the driver tells the failure of a lost one a second time. */
export async function untilConnected({ sql }: DatabaseHandle): Promise<void> {
  await pollUntil(
    () =>
      sql`select 1`.then(
        () => true as const,
        () => undefined,
      ),
    { withinMs: 20_000, everyMs: 10, timeUp: () => new Error('The pool does not connect again.') },
  );
}
