import { getTableName } from 'drizzle-orm';
import type { Sql } from '../../db/client.ts';
import { contact } from '../../db/schema.ts';

/** A change of the ledger, told as soon as it is committed. */
export interface LedgerChange {
  /** The process that made it, by the name of its connections. */
  readonly process: string;
  readonly key: string;
  readonly status: string;
}

/** Follows the ledger of a database that exists for this run alone, by a trigger of its own. */
export interface LedgerWatch {
  /** The process that was the last to reserve a contact. */
  reservedBy(key: string): string | undefined;
  /** Contacts that a process reserved last and that have no outcome. */
  heldBy(process: string): Promise<string[]>;
  /** Resolves when the database has noticed that a process is gone, so that nothing of it is committed any more. */
  untilGone(process: string): Promise<void>;
  stop(): Promise<void>;
}

const CHANNEL = 'crash_ledger';

export async function watchLedger(sql: Sql, onChange: (change: LedgerChange) => void): Promise<LedgerWatch> {
  const table = getTableName(contact);
  await sql.unsafe(`
    create or replace function ${CHANNEL}() returns trigger language plpgsql as $$ begin
      perform pg_notify('${CHANNEL}', json_build_object(
        'process', current_setting('application_name'), 'key', new.key, 'status', new.status)::text);
      return null;
    end $$;
    create or replace trigger ${CHANNEL} after insert or update on ${table}
      for each row execute function ${CHANNEL}();`);
  const reservers = new Map<string, string>();
  const subscription = await sql.listen(CHANNEL, (payload) => {
    const change = JSON.parse(payload) as LedgerChange;
    if (change.status === 'reserved') reservers.set(change.key, change.process);
    onChange(change);
  });
  return {
    reservedBy: (key) => reservers.get(key),
    heldBy: async (process) => {
      const rows = await sql<{ key: string }[]>`select key from ${sql(table)} where status = 'reserved'`;
      return rows.map(({ key }) => key).filter((key) => reservers.get(key) === process);
    },
    untilGone: async (process) => {
      let isThere = true;
      while (isThere) {
        const [row] = await sql`select 1 from pg_stat_activity where application_name = ${process} limit 1`;
        isThere = row !== undefined;
      }
    },
    stop: () => subscription.unlisten(),
  };
}
