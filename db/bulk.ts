import { type SQL, getTableColumns, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';

/**
 * What an `insert ... select` inserts: whole rows, sent as one JSON parameter. Building, sending and binding a parameter
 * for each value costs several times as much. A column that a row leaves out becomes null, whatever its default.
 */
export function selectRows<Table extends PgTable>(table: Table, rows: readonly Table['$inferInsert'][]): SQL {
  const columns = Object.entries<PgColumn>(getTableColumns(table));
  const values = rows.map((row) =>
    Object.fromEntries(columns.map(([key, column]) => [column.name, (row as Record<string, unknown>)[key] ?? null])),
  );
  const shape = columns.map(([, column]) => sql`${sql.identifier(column.name)} ${sql.raw(column.getSQLType())}`);
  return sql`select * from json_to_recordset(${JSON.stringify(values)}::json) as rows (${sql.join(shape, sql`, `)})`;
}

/** What an upsert sets: every column but the key, to what was to be inserted. */
export function setExcluded(table: PgTable, key: PgColumn): Record<string, SQL> {
  const columns = Object.entries<PgColumn>(getTableColumns(table)).filter(([, column]) => column.name !== key.name);
  return Object.fromEntries(columns.map(([name, column]) => [name, sql`excluded.${sql.identifier(column.name)}`]));
}
