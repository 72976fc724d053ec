import { SingleBar } from 'cli-progress';
import { DAY_MS, type Instant, epochMsOf } from '../../domain/instant.ts';
import type { DebtorPlan, RunPlan } from '../plan-run.ts';

export interface DemoProgress {
  readonly start: () => void;
  readonly moved: (loanRef: string, at: Instant) => void;
  readonly finished: (debtor: DebtorPlan) => void;
  readonly stop: () => void;
}

interface Life {
  readonly from: number;
  readonly to: number;
  /** Days counted so far. */
  done: number;
}

/** A bar that counts the days that the loans have lived, and names the newest one reached. */
export function demoProgress(plan: RunPlan): DemoProgress {
  const lives = new Map<string, Life>(
    plan.debtors.flatMap(({ loans, end }) =>
      loans.map(
        (loan) => [loan.statement.loanRef, { from: epochMsOf(loan.seenAt), to: epochMsOf(end), done: 0 }] as const,
      ),
    ),
  );
  const daysOf = (ms: number) => Math.max(0, Math.round(ms / DAY_MS));
  const total = [...lives.values()].reduce((sum, { from, to }) => sum + daysOf(to - from), 0);
  const bar = new SingleBar({
    format: '  {bar} {percentage}%  {loans} of {all} loans at their end  loan {loan} is at {day}  {duration_formatted}',
    hideCursor: true,
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 5_000,
    fps: 5,
  });
  let loans = 0;
  const reach = (loanRef: string, atMs: number) => {
    const life = lives.get(loanRef);
    if (!life) return;
    const done = Math.min(daysOf(atMs - life.from), daysOf(life.to - life.from));
    if (done <= life.done) return;
    const gained = done - life.done;
    life.done = done;
    bar.increment(gained, { loans, loan: loanRef, day: new Date(atMs).toISOString().slice(0, 10) });
  };
  return {
    start: () => bar.start(total, 0, { loans, all: lives.size, loan: '-', day: '-' }),
    moved: (loanRef, at) => reach(loanRef, epochMsOf(at)),
    finished: (debtor) => {
      loans += debtor.loans.length;
      for (const loan of debtor.loans) reach(loan.statement.loanRef, epochMsOf(debtor.end));
      bar.update({ loans });
    },
    stop: () => bar.stop(),
  };
}
