import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { type DatabaseHandle, migrateDatabase, openDatabase } from '../../db/client.ts';

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
