import { join } from 'node:path';
import { POLICY_DIR } from '../../../activities/policy-file.ts';
import type { LocalDate } from '../../../domain/instant.ts';
import { SENSITIVE_IDS, type SensitiveId } from '../../../domain/score/characteristics.ts';
import type { Scorecard } from '../../../domain/score/scorecard.ts';
import { leaveRejects } from '../leave-rejects.ts';
import { share } from '../figures.ts';
import { readScorableLoans } from '../read-loans.ts';
import { renderScorecardReport } from '../report/report.ts';
import { writeOutput } from '../../output-files.ts';
import { buildScorecard } from './build-scorecard.ts';
import { loadTrainingPlan } from './plan-file.ts';
import { readOutcomes } from './read-outcomes.ts';
import { scorecardText } from './scorecard-text.ts';

export const DEFAULT_PLAN = join(POLICY_DIR, 'scorecards', 'training-plan.yaml');

export interface TrainRequest {
  readonly portfolioDir: string;
  readonly planFile: string;
  readonly outFile: string;
  /** Null: no report. */
  readonly reportFile: string | null;
  readonly rejectsFile: string | null;
  readonly useSensitive: readonly SensitiveId[];
  readonly folds: number;
  readonly source: string;
  readonly asOf: LocalDate | null;
}

/**
 * `kept score train`: learns a scorecard from the loans and outcomes of a folder. `payments.csv` is not read: what was
 * paid after the due date is what is to be predicted.
 * @returns the exit code: 2 when rows were left out.
 * @throws FILE_UNREADABLE, SCORECARD_INVALID, TRAINING_DATA_INSUFFICIENT, MONEY_CURRENCY_MISMATCH, OUTPUT_UNWRITABLE
 */
export async function trainCommand(request: TrainRequest): Promise<number> {
  const plan = loadTrainingPlan(request.planFile);
  const columns = ['borrower_id'];
  const scorable = await readScorableLoans(request.portfolioDir, { columns, sensitive: SENSITIVE_IDS });
  const { loans, rejects } = await readOutcomes(request.portfolioDir, scorable);
  const trained = buildScorecard(plan, loans, request);
  await writeOutput(request.outFile, scorecardText(trained.scorecard));
  if (request.reportFile !== null) await writeOutput(request.reportFile, renderScorecardReport(trained));
  process.stdout.write(summaryOf(trained.scorecard, request.outFile));
  return leaveRejects(rejects, request.outFile, request.rejectsFile);
}

function summaryOf({ training, quality, fairness }: Scorecard, outFile: string): string {
  const worst = share(quality.worstDecileGap);
  const cost = ((fairness.aucWithAll - fairness.aucWithout) * 100).toFixed(2);
  return [
    `Trained on ${training.loans} loans of ${training.borrowers} borrowers, ${training.settled} of them settled.`,
    `Measured on borrowers not learned from, ${training.folds} folds:`,
    `  AUC ${quality.auc.toFixed(4)}, from ${Math.min(...quality.foldAucs).toFixed(4)} to ${Math.max(...quality.foldAucs).toFixed(4)} by fold`,
    `  KS ${quality.ks.toFixed(4)}, Brier score ${quality.brier.toFixed(4)}, calibration within ${worst} in every decile`,
    `  leaving out age, education and region costs ${cost} points of AUC in 100` +
      ` (${fairness.aucWithout.toFixed(4)} without, ${fairness.aucWithAll.toFixed(4)} with)`,
    `Wrote ${outFile}.`,
    '',
  ].join('\n');
}
