import { and, eq, inArray, like } from 'drizzle-orm';
import { CAUTIOUS_AGREEMENTS } from '../../domain/agreement-policy.ts';
import type { AgreementSituation } from '../../domain/agreement-refusal.ts';
import { APPROVAL_STEP_PREFIX } from '../../domain/case-state.ts';
import type { DebtorEvent } from '../../domain/debtor-events.ts';
import { DomainError } from '../../domain/errors.ts';
import { type HardshipClaim, hardshipsOf } from '../../domain/hardship.ts';
import type { Zone } from '../../domain/instant.ts';
import type { Database } from '../client.ts';
import { eventOfRow } from '../debtor-events.ts';
import { agreement, debtor, debtorEvent, loan, task } from '../schema.ts';
import { type CaseRow, openCaseOf } from './open-case.ts';
import { pinnedStrategy } from './pinned-strategy.ts';

/**
 * What an agreement about a loan is made of, as the database has it: it may be a moment behind the case, which alone
 * decides.
 */
export interface OpenTerms extends AgreementSituation {
  readonly currency: string;
  /** Where the debtor is. */
  readonly zone: Zone;
}

/** @throws CASE_UNKNOWN when the loan is not known; CASE_CLOSED when it has no open case */
export async function agreementTermsOf(db: Database, loanRef: string): Promise<OpenTerms> {
  const [row] = await db
    .select({ overdueMinor: loan.overdueMinor, currency: loan.currency, zone: debtor.zone })
    .from(loan)
    .innerJoin(debtor, eq(debtor.debtorRef, loan.debtorRef))
    .where(eq(loan.loanRef, loanRef));
  if (!row) throw new DomainError('CASE_UNKNOWN', `Loan ${loanRef} has no case.`);
  const running = await openCaseOf(db, loanRef);
  if (!running) throw new DomainError('CASE_CLOSED', `Loan ${loanRef} has no case that is running.`);
  const strategy = await pinnedStrategy(db, { id: running.strategyId, version: running.strategyVersion });
  const { overdueMinor, currency, zone } = row;
  return {
    currency,
    zone,
    closed: null,
    balance: { overdueMinor },
    agreementPolicy: strategy.agreements ?? CAUTIOUS_AGREEMENTS,
    hardships: await hardshipsOfDebtor(db, running),
    agreements: await agreementsOfCase(db, running),
    proposal: await proposalOf(db, running),
  };
}

const ABOUT_HARDSHIP: DebtorEvent['type'][] = ['hardship.claimed', 'hardship.ended'];

async function hardshipsOfDebtor(db: Database, { debtorRef }: CaseRow): Promise<readonly HardshipClaim[]> {
  const rows = await db
    .select()
    .from(debtorEvent)
    .where(and(eq(debtorEvent.debtorRef, debtorRef), inArray(debtorEvent.type, ABOUT_HARDSHIP)));
  return hardshipsOf(rows.map(eventOfRow));
}

function agreementsOfCase(db: Database, { loanRef, episode }: CaseRow) {
  const { agreementId, kind, status } = agreement;
  return db
    .select({ agreementId, kind, status })
    .from(agreement)
    .where(and(eq(agreement.loanRef, loanRef), eq(agreement.episode, episode)));
}

/** What waits for approval, by the task that asks for it. */
async function proposalOf(db: Database, { loanRef, episode }: CaseRow): Promise<OpenTerms['proposal']> {
  const [asked] = await db
    .select({ step: task.step, goesOnAt: task.goesOnAt })
    .from(task)
    .where(
      and(
        eq(task.loanRef, loanRef),
        eq(task.episode, episode),
        eq(task.status, 'open'),
        like(task.step, `${APPROVAL_STEP_PREFIX}%`),
      ),
    );
  return asked ? { agreementId: asked.step.slice(APPROVAL_STEP_PREFIX.length), expiresAt: asked.goesOnAt } : null;
}
