import { and, eq } from 'drizzle-orm';
import { DomainError } from '../../domain/errors.ts';
import { type Strategy, strategyRef } from '../../domain/strategy.ts';
import type { Database, Transaction } from '../client.ts';
import { strategyVersion } from '../schema.ts';

/** A strategy as it was when it was first used: what the cases that are pinned to it go by. @throws STRATEGY_UNKNOWN */
export async function pinnedStrategy(
  db: Database | Transaction,
  { id, version }: Pick<Strategy, 'id' | 'version'>,
): Promise<Strategy> {
  const [row] = await db
    .select({ content: strategyVersion.content })
    .from(strategyVersion)
    .where(and(eq(strategyVersion.id, id), eq(strategyVersion.version, version)));
  if (!row) throw new DomainError('STRATEGY_UNKNOWN', `Strategy ${strategyRef({ id, version })} is not on record.`);
  return row.content;
}
