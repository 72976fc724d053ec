import { eq } from 'drizzle-orm';
import { type AgreementPolicy, CAUTIOUS_AGREEMENTS } from '../../domain/agreement-policy.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Zone } from '../../domain/instant.ts';
import type { Database } from '../client.ts';
import { debtor, loan } from '../schema.ts';
import { openCaseOf } from './open-case.ts';
import { pinnedStrategy } from './pinned-strategy.ts';

/** What an agreement about a loan is made of: what is due, where the debtor is, and the limits of the case's strategy. */
export interface AgreementTerms {
  readonly overdueMinor: number;
  readonly currency: string;
  readonly zone: Zone;
  readonly policy: AgreementPolicy;
}

/** @throws CASE_UNKNOWN when the loan is not known; CASE_CLOSED when it has no open case */
export async function agreementTermsOf(db: Database, loanRef: string): Promise<AgreementTerms> {
  const [row] = await db
    .select({ overdueMinor: loan.overdueMinor, currency: loan.currency, zone: debtor.zone })
    .from(loan)
    .innerJoin(debtor, eq(debtor.debtorRef, loan.debtorRef))
    .where(eq(loan.loanRef, loanRef));
  if (!row) throw new DomainError('CASE_UNKNOWN', `Loan ${loanRef} has no case.`);
  const running = await openCaseOf(db, loanRef);
  if (!running) throw new DomainError('CASE_CLOSED', `Loan ${loanRef} has no case that is running.`);
  const strategy = await pinnedStrategy(db, { id: running.strategyId, version: running.strategyVersion });
  return { ...row, policy: strategy.agreements ?? CAUTIOUS_AGREEMENTS };
}
