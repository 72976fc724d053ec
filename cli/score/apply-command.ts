import { type ModelScore, type Scorer, createScorecardScorer } from '../../activities/scorer.ts';
import { loadScorecard } from '../../activities/scorecard-file.ts';
import { createHttpScorer } from '../../activities/providers/http-score.ts';
import type { Currency } from '../../domain/money.ts';
import { SENSITIVE_IDS, type SensitiveId } from '../../domain/score/characteristics.ts';
import { LOANS_FILE } from '../portfolio/read.ts';
import type { Reject } from '../portfolio/rejects.ts';
import { leaveRejects } from './leave-rejects.ts';
import { type ScorableLoans, readScorableLoans } from './read-loans.ts';
import { detailsCsv, scoresCsv } from './scores-csv.ts';
import { writeOutput } from '../output-files.ts';

/** Which model scores: a scorecard file, or an address. */
export type ModelChoice = { readonly file: string } | { readonly url: string; readonly token: string };

export interface ApplyRequest {
  readonly portfolioDir: string;
  readonly model: ModelChoice;
  readonly outFile: string;
  /** Null: none. */
  readonly detailsFile: string | null;
  readonly rejectsFile: string | null;
}

const MODEL_TIMEOUT_MS = 30_000;

/**
 * `kept score apply`: scores the loans of a folder by what was known when they fell overdue. Of the folder it opens
 * `loans.csv` alone.
 * @returns the exit code: 2 when rows were left out.
 * @throws FILE_UNREADABLE, SCORECARD_INVALID, SCORE_MODEL_UNREACHABLE, CONFIG_INVALID, OUTPUT_UNWRITABLE
 */
export async function applyCommand(request: ApplyRequest): Promise<number> {
  const { scorer, currency, sensitive } = modelOf(request.model);
  const read = await readScorableLoans(request.portfolioDir, { columns: [], sensitive });
  const { loans, rejects } = currency === null ? read : inCurrency(read, currency);
  const scores = await scorer.score(loans, new AbortController().signal);
  await writeOutput(request.outFile, scoresCsv(scores));
  if (request.detailsFile !== null) await writeOutput(request.detailsFile, detailsCsv(scores));
  process.stdout.write(`Scored ${loans.length} loans${bandsOf(scores)}. Wrote ${request.outFile}.\n`);
  return leaveRejects(rejects, request.outFile, request.rejectsFile);
}

interface Model {
  readonly scorer: Scorer;
  /** The only one that it can score; null: any. */
  readonly currency: Currency | null;
  readonly sensitive: readonly SensitiveId[];
}

function modelOf(choice: ModelChoice): Model {
  if ('url' in choice) {
    const scorer = createHttpScorer({ ...choice, timeoutMs: MODEL_TIMEOUT_MS });
    return { scorer, currency: null, sensitive: [] };
  }
  const scorecard = loadScorecard(choice.file);
  const sensitive = SENSITIVE_IDS.filter((id) => scorecard.characteristics.some((each) => each.id === id));
  return { scorer: createScorecardScorer(scorecard), currency: scorecard.currency, sensitive };
}

/** Points for amounts are points for amounts of one currency. */
function inCurrency({ loans, rejects }: ScorableLoans, currency: Currency): ScorableLoans {
  const others = loans.filter((loan) => loan.facts.currency !== currency);
  const reason = `The scorecard is for loans in ${currency}.`;
  const foreign = others.map(
    ({ line }): Reject => ({ file: LOANS_FILE, line, column: 'currency', code: 'MONEY_CURRENCY_MISMATCH', reason }),
  );
  return { loans: loans.filter((loan) => loan.facts.currency === currency), rejects: [...rejects, ...foreign] };
}

/** `: 5 in band A, 7 in band B`. */
function bandsOf(scores: readonly ModelScore[]): string {
  const bands = [...new Set(scores.map(({ band }) => band))].toSorted();
  const counted = bands.map((band) => `${scores.filter((score) => score.band === band).length} in band ${band}`);
  return counted.length === 0 ? '' : `: ${counted.join(', ')}`;
}
