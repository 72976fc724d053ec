import { type Command, InvalidArgumentError } from 'commander';
import { DomainError, type ErrorCode, explain } from '../../domain/errors.ts';
import { isLocalDate } from '../../domain/instant.ts';
import { SENSITIVE_IDS, type SensitiveId } from '../../domain/score/characteristics.ts';
import type { ModelChoice } from './apply-command.ts';

/** A file given has a fault; nothing was written. */
const REFUSED = 2;
/** Faults of what was given, as opposed to failures of the machine, the disk or the network. */
const INPUT_FAULTS: readonly ErrorCode[] = [
  'FILE_UNREADABLE',
  'SCORECARD_INVALID',
  'TRAINING_DATA_INSUFFICIENT',
  'MONEY_CURRENCY_MISMATCH',
];

interface TrainOptions {
  portfolio: string;
  out: string;
  plan?: string;
  report?: string;
  rejects?: string;
  useSensitive: readonly SensitiveId[];
  folds: number;
  source?: string;
  asOf?: string;
}

interface ApplyOptions {
  portfolio: string;
  model?: string;
  url?: string;
  out: string;
  details?: string;
  rejects?: string;
}

/** Adds `kept score` with its subcommands; each loads only what it needs. */
export function addScoreCommands(program: Command, exit: (code: number) => void): void {
  const score = program.command('score').description('how likely overdue loans are to settle: train, apply, show');
  score
    .command('train')
    .description('learn a scorecard from past loans: loans.csv and outcomes.csv of a folder')
    .requiredOption('--portfolio <dir>', 'folder with loans.csv and outcomes.csv')
    .requiredOption('--out <file>', 'where the scorecard goes')
    .option('--plan <file>', 'training plan (default: policy/scorecards/training-plan.yaml)')
    .option('--report <file>', 'where a report as an HTML page goes')
    .option('--use-sensitive <list>', `use ${SENSITIVE_IDS.join(', ')}; commas between`, sensitiveIds, [])
    .option('--folds <n>', 'folds of the measurement', foldCount, 5)
    .option('--source <text>', 'where the loans come from, told in the scorecard (default: the folder)')
    .option('--as-of <date>', 'date told in the scorecard (default: the last due date)', day)
    .option(
      '--rejects <file>',
      'where rows that were left out are listed (default: the name of --out and .rejects.csv)',
    )
    .action(async (options: TrainOptions) => {
      const { DEFAULT_PLAN, trainCommand } = await import('./train/train-command.ts');
      const { portfolio, out, plan, report, rejects, source, asOf, useSensitive, folds } = options;
      const work = trainCommand({
        portfolioDir: portfolio,
        outFile: out,
        planFile: plan ?? DEFAULT_PLAN,
        reportFile: report ?? null,
        rejectsFile: rejects ?? null,
        source: source ?? portfolio,
        asOf: asOf ?? null,
        useSensitive,
        folds,
      });
      exit(await refusing(work));
    });
  score
    .command('apply')
    .description('score the loans of loans.csv of a folder; no other file of it is opened')
    .requiredOption('--portfolio <dir>', 'folder with loans.csv')
    .requiredOption('--out <csv>', 'where loan_id,probability,band,reasons go')
    .option('--model <file>', 'scorecard')
    .option('--url <address>', 'a model over HTTP instead; SCORE_MODEL_TOKEN is its bearer token')
    .option('--details <csv>', 'where scores with quadrant and reasons in both languages go')
    .option(
      '--rejects <file>',
      'where rows that were left out are listed (default: the name of --out and .rejects.csv)',
    )
    .action(async (options: ApplyOptions) => {
      const { applyCommand } = await import('./apply-command.ts');
      const { portfolio, out, details, rejects } = options;
      const files = { outFile: out, detailsFile: details ?? null, rejectsFile: rejects ?? null };
      exit(await refusing(applyCommand({ portfolioDir: portfolio, model: modelChoice(options), ...files })));
    });
  score
    .command('show')
    .description('print a scorecard: bins, points, reasons, measured quality')
    .requiredOption('--model <file>', 'scorecard')
    .action(async ({ model }: { model: string }) => {
      const { showCommand } = await import('./show-command.ts');
      exit(await refusing(Promise.resolve().then(() => showCommand(model))));
    });
}

/** The exit code of the work; a fault of what was given is told in a sentence and is 2. */
async function refusing(work: Promise<number>): Promise<number> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof DomainError) || !INPUT_FAULTS.includes(error.code)) throw error;
    process.stderr.write(`kept: ${explain(error)}\n`);
    return REFUSED;
  }
}

/** @throws CONFIG_INVALID unless one model is named. */
function modelChoice({ model, url }: ApplyOptions): ModelChoice {
  if (model !== undefined && url === undefined) return { file: model };
  if (model === undefined && url !== undefined) return { url, token: process.env['SCORE_MODEL_TOKEN'] ?? '' };
  throw new DomainError('CONFIG_INVALID', 'Name one model: --model FILE or --url ADDRESS.');
}

function sensitiveIds(text: string): readonly SensitiveId[] {
  return SENSITIVE_IDS.filter((id) => namesIn(text).includes(id));
}

/** @throws InvalidArgumentError for a name that is none. */
function namesIn(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  const known: readonly string[] = SENSITIVE_IDS;
  if (names.every((name) => known.includes(name))) return names;
  throw new InvalidArgumentError(`Of ${SENSITIVE_IDS.join(', ')}, with commas between.`);
}

function foldCount(text: string): number {
  if (!/^([2-9]|1\d|20)$/.test(text)) throw new InvalidArgumentError('A whole number from 2 to 20.');
  return Number(text);
}

function day(text: string): string {
  if (!isLocalDate(text)) throw new InvalidArgumentError('An existing day as YYYY-MM-DD.');
  return text;
}
