import { inArray } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { agreement, collectionCase, contact, task } from '../../db/schema.ts';
import { paidUntil } from '../../domain/balance.ts';
import { type Instant, epochMsOf, instantOf } from '../../domain/instant.ts';
import { endingOf } from '../../domain/next-action.ts';
import { viewOfEvents } from '../../domain/open-case.ts';
import { type RehearsedLoan, eventsSeen } from '../../domain/rehearsal.ts';
import { type CaseLine, type CaseOutcome, type RunResult, agreementLineOf } from '../../domain/run-result.ts';
import { CHANNELS, type Channel } from '../../domain/strategy.ts';
import type { RunPlan } from '../plan-run.ts';

/** What the server did, read from the database's own tables: the contact ledger, cases, tasks and agreements. */
export async function readResults(db: Database, plan: RunPlan): Promise<RunResult> {
  const rows = await db
    .select()
    .from(contact)
    .where(inArray(contact.status, ['sent', 'suppressed', 'rejected', 'unknown', 'undelivered']));
  // What a step did: calls of agents are not in a run's files.
  const settled = rows.flatMap(({ loanRef, step, channel, ...row }) =>
    loanRef !== null && step !== null && isMessage(channel) ? [{ ...row, loanRef, step, channel }] : [],
  );
  const cases = new Map((await db.select().from(collectionCase)).map((row) => [row.loanRef, row]));
  const sentOf = new Map<string, number>();
  for (const { loanRef, status } of settled) {
    if (status === 'sent') sentOf.set(loanRef, (sentOf.get(loanRef) ?? 0) + 1);
  }
  return {
    contacts: settled.map(({ loanRef, step, channel, at, status, rules, providerReason }) => ({
      loanRef,
      step,
      channel,
      at,
      verdict: status === 'sent' ? 'sent' : 'suppressed',
      reason: status === 'sent' ? '' : rules.length > 0 ? rules.join(';') : `${status}:${providerReason ?? ''}`,
    })),
    cases: plan.debtors.flatMap(({ loans, end }) =>
      loans.map((loan): CaseLine => {
        const { loanRef } = loan.statement;
        const row = cases.get(loanRef);
        const closed = row ? { outcome: row.outcome, at: row.closedAt } : endedBefore(loan, plan.strategy);
        const until = closed.at ?? instantOf(epochMsOf(end) - 1);
        return {
          loanRef,
          outcome: closed.outcome,
          closedAt: closed.at,
          paidMinor: paidUntil(loan.events, until),
          contactsSent: sentOf.get(loanRef) ?? 0,
        };
      }),
    ),
    tasks: (await db.select().from(task)).map(({ loanRef, step, kind, openedAt }) => ({
      loanRef,
      step,
      task: kind,
      at: openedAt,
    })),
    agreements: (await db.select().from(agreement)).map((row) => agreementLineOf(row.loanRef, row)),
  };
}

function isMessage(channel: string): channel is Channel {
  return (CHANNELS as readonly string[]).includes(channel);
}

/** A loan that was clear when it was first seen never had a case. */
function endedBefore(loan: RehearsedLoan, strategy: RunPlan['strategy']): { outcome: CaseOutcome; at: Instant | null } {
  const balance = viewOfEvents(eventsSeen(loan), strategy);
  return (balance && endingOf(balance)) ?? { outcome: 'open', at: null };
}
