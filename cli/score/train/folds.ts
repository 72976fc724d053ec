import { createHash } from 'node:crypto';
import { compareText } from '../../../domain/order.ts';
import type { PastLoan } from './past-loan.ts';

/**
 * Deals loans into folds, all loans of a borrower into the same: a model must not be measured on people whom it has
 * seen. Borrowers are dealt in the order of a hash, so that neither the order of the file nor chance plays a part.
 * @param salt gives another deal of the same borrowers.
 */
export function foldsOf(loans: readonly PastLoan[], count: number, salt: string): PastLoan[][] {
  const byBorrower = new Map<string, PastLoan[]>();
  for (const loan of loans) byBorrower.set(loan.borrowerRef, [...(byBorrower.get(loan.borrowerRef) ?? []), loan]);
  const dealt = [...byBorrower]
    .map(([borrowerRef, those]) => ({ hash: hashOf(`${salt} ${borrowerRef}`), those }))
    .toSorted((a, b) => compareText(a.hash, b.hash));
  const folds = Array.from({ length: count }, (): PastLoan[] => []);
  for (const { those } of dealt) {
    const smallest = folds.reduce((least, fold) => (fold.length < least.length ? fold : least));
    smallest.push(...those);
  }
  return folds;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
