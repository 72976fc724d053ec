import type { CaseState, StandingView } from './case-state.ts';
import { evolve } from './evolve.ts';
import type { Instant } from './instant.ts';
import type { CaseOutcome } from './run-result.ts';

/** The ends after which a payment that is taken back lets a case go on. */
export const ENDED_BY_MONEY: ReadonlySet<CaseOutcome> = new Set(['cured', 'paidInFull', 'settled']);

/**
 * A case that was closed by money that has been taken back, as it goes on: what it has done stays done, what was agreed is
 * looked at again, and the time in which it was closed is made up for.
 */
export function reopenedCase(
  closing: CaseState,
  {
    closedAt,
    at,
    balance,
    standing,
  }: Pick<CaseState, 'balance'> & {
    readonly closedAt: Instant;
    readonly at: Instant;
    readonly standing: StandingView;
  },
): CaseState {
  const { version: standingVersion, holds, hardships } = standing;
  const reopened = evolve(closing, { type: 'balanceChanged', balance, at });
  return {
    ...reopened,
    closed: null,
    openTasks: [],
    holds,
    standingVersion,
    ...(hardships && { hardships }),
    closures: [...closing.closures, { from: closedAt, to: at }],
  };
}
