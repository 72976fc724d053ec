import postgres from 'postgres';
import { DatabaseError } from './database-error.ts';

/** Whether the connection of a transaction is gone. */
interface Fate {
  isLost: boolean;
}

/**
 * Stops transactions dead whose connection is lost. By itself postgres.js 3.4 goes on with them: its own rollback is
 * written to a socket that is gone, which ends the whole process, and statements that come after may run on a new
 * connection, outside of any transaction and for good.
 * @source https://github.com/porsager/postgres/issues/1208, https://github.com/porsager/postgres/pull/1155
 */
export function guardTransactions(sql: postgres.Sql): void {
  const begin = sql.begin.bind(sql) as (options: string, work: Work) => Promise<unknown>;
  const guarded = async (...args: [Work] | [string, Work]): Promise<unknown> => {
    const fate: Fate = { isLost: false };
    const [options, work] = args.length === 1 ? ['', args[0]] : args;
    try {
      return await begin(options, (tx) => run(work, tx, fate));
    } catch (error) {
      // Rejected by the lost connection while the work may be between two statements: none may follow.
      fate.isLost = true;
      throw error;
    }
  };
  sql.begin = guarded as typeof sql.begin;
}

type Work = (tx: postgres.TransactionSql) => Promise<unknown>;

/**
 * Work on a lost connection never settles, so that postgres.js neither commits nor rolls back; the transaction itself
 * is rejected by the closing of its connection.
 */
async function run(work: Work, tx: postgres.TransactionSql, fate: Fate): Promise<unknown> {
  try {
    const result = await work(guardStatements(tx, fate));
    if (!fate.isLost) return result;
  } catch (error) {
    if (!fate.isLost) throw error;
  }
  return new Promise(() => {});
}

/** The two ways by which drizzle sends statements of a transaction. */
function guardStatements(tx: postgres.TransactionSql, fate: Fate): postgres.TransactionSql {
  const unsafe = (...args: Parameters<typeof tx.unsafe>) => {
    if (fate.isLost) throw new DatabaseError('CONNECTION_CLOSED');
    const query = tx.unsafe(...args);
    query.catch((error: unknown) => {
      if (isLoss(error)) fate.isLost = true;
    });
    return query;
  };
  const savepoint = async (work: Work) => {
    if (fate.isLost) throw new DatabaseError('CONNECTION_CLOSED');
    return tx.savepoint((inner) => run(work, inner, fate));
  };
  return new Proxy(tx, {
    get: (target, key) => (key === 'unsafe' ? unsafe : key === 'savepoint' ? savepoint : Reflect.get(target, key)),
  });
}

/** After these errors there is no connection: the server or the network has ended it. */
function isLoss(error: unknown): boolean {
  if (error instanceof postgres.PostgresError) return error.severity === 'FATAL' || error.severity === 'PANIC';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(CONNECTION_[A-Z]+|E[A-Z]+)$/.test(code);
}
