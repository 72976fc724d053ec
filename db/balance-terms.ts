import { and, eq, inArray } from 'drizzle-orm';
import type { BalanceTerms } from '../domain/balance-terms.ts';
import type { Statement } from '../domain/events.ts';
import type { Transaction } from './client.ts';
import { readFrozen } from './frozen-ranges.ts';
import { collectionCase, strategyVersion } from './schema.ts';

/** What of a strategy a balance is reckoned by. */
export type StrategyTerms = Pick<BalanceTerms, 'allocation' | 'penaltyInterest'>;

/**
 * The terms of each loan: those of the strategy that its open case is pinned to, else the active ones, and the days on
 * which nothing accrues.
 * @param statements the latest of each loan.
 */
export async function readTerms(
  tx: Transaction,
  statements: readonly Statement[],
  active: StrategyTerms,
): Promise<(loanRef: string) => BalanceTerms> {
  const pinned = await pinnedTerms(
    tx,
    statements.map(({ loanRef }) => loanRef),
  );
  const termsOf = (loanRef: string) => pinned.get(loanRef) ?? active;
  const accruing = statements.filter(({ loanRef }) => termsOf(loanRef).penaltyInterest !== undefined);
  const frozen = await readFrozen(tx, accruing);
  return (loanRef) => {
    const { allocation, penaltyInterest } = termsOf(loanRef);
    return { allocation, penaltyInterest, frozen: frozen.get(loanRef) ?? [] };
  };
}

async function pinnedTerms(tx: Transaction, loanRefs: string[]): Promise<ReadonlyMap<string, StrategyTerms>> {
  if (loanRefs.length === 0) return new Map();
  const rows = await tx
    .select({ loanRef: collectionCase.loanRef, strategy: strategyVersion.content })
    .from(collectionCase)
    .innerJoin(
      strategyVersion,
      and(
        eq(strategyVersion.id, collectionCase.strategyId),
        eq(strategyVersion.version, collectionCase.strategyVersion),
      ),
    )
    .where(and(inArray(collectionCase.loanRef, loanRefs), eq(collectionCase.outcome, 'open')));
  return new Map(rows.map(({ loanRef, strategy }) => [loanRef, strategy]));
}
