import { type Balance, balanceOf } from '../domain/balance.ts';
import { isZone, localDateOf } from '../domain/calendar.ts';
import type { Instant } from '../domain/instant.ts';
import type { Strategy } from '../domain/strategy.ts';
import type { Transaction } from './client.ts';
import { readFrozen } from './frozen-ranges.ts';
import { storedEvents } from './loan-events.ts';
import type { loan } from './schema.ts';

export type Due = Pick<Balance, 'due' | 'overdueMinor'>;

/**
 * What is due on a loan as of the debtor's day at an instant, penalty up to that day included. The events of the loan
 * are read only when the strategy lets something accrue; otherwise it is what the row of the loan says.
 */
export async function readDue(
  tx: Transaction,
  row: typeof loan.$inferSelect,
  { allocation, penaltyInterest }: Pick<Strategy, 'allocation' | 'penaltyInterest'>,
): Promise<(at: Instant) => Due> {
  const { loanRef, statement } = row;
  const { zone } = statement.debtor;
  if (!penaltyInterest || !isZone(zone)) return () => row;
  const stored = await storedEvents(tx, [loanRef]);
  const events = (stored.get(loanRef) ?? []).map(({ event }) => event);
  const frozen = (await readFrozen(tx, [statement])).get(loanRef) ?? [];
  return (at) => balanceOf(events, { allocation, penaltyInterest, frozen }, localDateOf(at, zone)) ?? row;
}
