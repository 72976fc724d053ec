import type { LoanFacts } from '../domain/score/loan-facts.ts';
import { scoreOf } from '../domain/score/score.ts';
import type { Quadrant } from '../domain/score/quadrant.ts';
import type { Reason, Scorecard } from '../domain/score/scorecard.ts';

export interface LoanToScore {
  readonly loanRef: string;
  readonly facts: LoanFacts;
}

/** What a model says of a loan, whichever model it is. */
export interface ModelScore {
  readonly loanRef: string;
  /** Between 0 and 1. */
  readonly probabilityOfSettlement: number;
  readonly band: string;
  readonly reasons: readonly Reason[];
  /** Null when the model does not speak of ability and willingness. */
  readonly quadrant: Quadrant | null;
}

/** Whatever scores loans: a scorecard of ours, or a model elsewhere. */
export interface Scorer {
  /**
   * @returns one score a loan, in the order of the loans.
   * @throws DomainError SCORE_MODEL_UNREACHABLE when the model does not answer, or not as it should.
   */
  score(loans: readonly LoanToScore[], signal: AbortSignal): Promise<readonly ModelScore[]>;
}

export function createScorecardScorer(scorecard: Scorecard): Scorer {
  const score = async (loans: readonly LoanToScore[]) =>
    loans.map(({ loanRef, facts }) => {
      const { probabilityOfSettlement, band, reasons, quadrant } = scoreOf(scorecard, facts);
      return { loanRef, probabilityOfSettlement, band, reasons, quadrant };
    });
  return { score };
}
