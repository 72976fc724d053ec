import { type SQL, getTableColumns, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';

/**
 * What an `insert ... select` inserts: whole rows, sent as one JSON parameter. Building, sending and binding a parameter
 * for each value costs several times as much. A column that a row leaves out becomes null, whatever its default.
 */
export function selectRows<Table extends PgTable>(table: Table, rows: readonly Table['$inferInsert'][]): SQL {
  // Named as in the rows, and in the order of the table, which is that of the insert.
  const columns = Object.entries<PgColumn>(getTableColumns(table)).map(
    ([key, column]) => sql`${sql.identifier(key)} ${sql.raw(column.getSQLType())}`,
  );
  return sql`select * from json_to_recordset(${JSON.stringify(rows)}::json) as rows (${sql.join(columns, sql`, `)})`;
}

/** What an upsert sets: every column but the key, to what was to be inserted. */
export function setExcluded(table: PgTable, key: PgColumn): Record<string, SQL> {
  const columns = Object.entries<PgColumn>(getTableColumns(table)).filter(([, column]) => column.name !== key.name);
  return Object.fromEntries(columns.map(([name, column]) => [name, sql`excluded.${sql.identifier(column.name)}`]));
}
