import { createHash } from 'node:crypto';
import { DomainError } from '../../../domain/errors.ts';
import type { LocalDate } from '../../../domain/instant.ts';
import { SENSITIVE_IDS, type SensitiveId } from '../../../domain/score/characteristics.ts';
import type { Quality, Scorecard } from '../../../domain/score/scorecard.ts';
import { crossValidate } from './cross-validate.ts';
import type { PastLoan } from './past-loan.ts';
import type { TrainingPlan } from './plan.ts';
import { aucOf, type Judged, qualityOf } from './quality.ts';
import { trainPoints } from './train.ts';

export interface TrainingOptions {
  readonly useSensitive: readonly SensitiveId[];
  readonly folds: number;
  /** Where the loans come from, for whoever reads the scorecard. */
  readonly source: string;
  /** Null: the last due date. */
  readonly asOf: LocalDate | null;
}

export interface Trained {
  readonly scorecard: Scorecard;
  /** What was predicted of loans not learned from, by fold. */
  readonly judged: readonly (readonly Judged[])[];
}

const LEAST_LOANS = 100;
const LEAST_OF_AN_OUTCOME = 20;

/**
 * Trains a scorecard on all loans, and measures on folds how well such a one does on borrowers it has not seen. The same
 * loans, in whatever order, give the same scorecard.
 * @throws TRAINING_DATA_INSUFFICIENT; MONEY_CURRENCY_MISMATCH when the loans are in several currencies.
 */
export function buildScorecard(plan: TrainingPlan, loans: readonly PastLoan[], options: TrainingOptions): Trained {
  const currency = oneCurrency(loans);
  assertEnough(loans);
  const { useSensitive, folds } = options;
  const judgedWith = (ids: readonly SensitiveId[]) => crossValidate(withSensitive(plan, ids), loans, folds);
  const judged = judgedWith(useSensitive);
  assertBothOutcomes(judged);
  const auc = aucOf(judged.flat());
  const aucWith = (ids: readonly SensitiveId[]) =>
    ids.length === useSensitive.length ? auc : aucOf(judgedWith(ids).flat());
  const chosen = withSensitive(plan, useSensitive);
  const { id, version, intendedUse, limits } = plan;
  const points = trainPoints(chosen, loans);
  const usedIds = new Set(points.characteristics.map((each) => each.id));
  const scorecard: Scorecard = {
    id,
    version,
    currency,
    intendedUse,
    limits,
    ...points,
    training: {
      source: options.source,
      sha256: hashOf(loans),
      asOf: options.asOf ?? lastDue(loans),
      ...countsOf(loans),
      folds,
      unused: chosen.characteristics.flatMap((each) => (usedIds.has(each.id) ? [] : [each.id])),
    },
    quality: rounded(qualityOf(judged)),
    fairness: {
      used: useSensitive,
      aucWithout: toDigits(aucWith([])),
      aucWithAll: toDigits(aucWith(SENSITIVE_IDS)),
    },
  };
  return { scorecard, judged };
}

function withSensitive(plan: TrainingPlan, ids: readonly SensitiveId[]): TrainingPlan {
  const isLeftOut = (id: string) => SENSITIVE_IDS.some((each) => each === id) && !ids.some((each) => each === id);
  return { ...plan, characteristics: plan.characteristics.filter(({ id }) => !isLeftOut(id)) };
}

function hashOf(loans: readonly PastLoan[]): string {
  const learned = loans.map(({ loanRef, borrowerRef, facts, settled }) => [loanRef, borrowerRef, facts, settled]);
  return createHash('sha256').update(JSON.stringify(learned)).digest('hex');
}

function countsOf(loans: readonly PastLoan[]) {
  return {
    loans: loans.length,
    borrowers: new Set(loans.map(({ borrowerRef }) => borrowerRef)).size,
    settled: loans.filter(({ settled }) => settled).length,
    firstDue: dueDays(loans)[0] ?? '',
    lastDue: lastDue(loans),
  };
}

function dueDays(loans: readonly PastLoan[]): LocalDate[] {
  return loans.map(({ facts }) => facts.dueOn).toSorted();
}

function lastDue(loans: readonly PastLoan[]): LocalDate {
  return dueDays(loans).at(-1) ?? '';
}

function oneCurrency(loans: readonly PastLoan[]): string {
  const [currency = '', ...others] = new Set(loans.map(({ facts }) => facts.currency));
  if (others.length === 0) return currency;
  throw new DomainError('MONEY_CURRENCY_MISMATCH', 'The loans are in several currencies; a scorecard is of one.');
}

function assertEnough(loans: readonly PastLoan[]): void {
  const settled = loans.filter((loan) => loan.settled).length;
  const fewest = Math.min(settled, loans.length - settled);
  if (loans.length >= LEAST_LOANS && fewest >= LEAST_OF_AN_OUTCOME) return;
  throw new DomainError(
    'TRAINING_DATA_INSUFFICIENT',
    `${loans.length} loans, ${settled} of them settled, are too few: a training needs ${LEAST_LOANS}, and ${LEAST_OF_AN_OUTCOME} of each outcome.`,
  );
}

function assertBothOutcomes(judged: readonly (readonly Judged[])[]): void {
  if (judged.every((fold) => new Set(fold.map(({ settled }) => settled)).size === 2)) return;
  const message = 'A fold has loans of one outcome alone, so nothing can be measured on it.';
  throw new DomainError('TRAINING_DATA_INSUFFICIENT', message);
}

function rounded(quality: Quality): Quality {
  const row = <T extends Quality['deciles'][number]>(each: T): T => ({
    ...each,
    predicted: toDigits(each.predicted),
    settled: toDigits(each.settled),
  });
  return {
    auc: toDigits(quality.auc),
    ks: toDigits(quality.ks),
    brier: toDigits(quality.brier),
    worstDecileGap: toDigits(quality.worstDecileGap),
    foldAucs: quality.foldAucs.map(toDigits),
    deciles: quality.deciles.map(row),
    bands: quality.bands.map(row),
  };
}

function toDigits(value: number): number {
  return Number(value.toFixed(4));
}
