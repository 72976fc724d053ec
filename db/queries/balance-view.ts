import type { BalanceView } from '../../domain/case-state.ts';
import type { loan } from '../schema.ts';

type BalanceColumns = Pick<
  typeof loan.$inferSelect,
  'version' | 'effectiveAt' | 'overdueMinor' | 'clearedAt' | 'clearedOutstandingMinor' | 'closedAt' | 'closedReason'
>;

/** The balance of a loan's row as its case sees it. */
export function viewOfLoan(row: BalanceColumns): BalanceView {
  return {
    version: row.version,
    effectiveAt: row.effectiveAt,
    overdueMinor: row.overdueMinor,
    cleared: row.clearedAt === null ? null : { at: row.clearedAt, outstandingMinor: row.clearedOutstandingMinor ?? 0 },
    closed: row.closedAt === null || row.closedReason === null ? null : { at: row.closedAt, reason: row.closedReason },
  };
}
