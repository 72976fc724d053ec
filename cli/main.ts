import { Command, InvalidArgumentError } from 'commander';
import { DomainError, explain } from '../domain/errors.ts';
import { isLocalDate } from '../domain/instant.ts';
import { WORDING_USES, type WordingUse } from '../domain/wording-list.ts';
import type { RunRequest } from './plan-run.ts';
import { addScoreCommands } from './score/commands.ts';

/** Exit codes: 0 done; 1 failed, with one sentence; 2 left out what has faults; 130 stopped by Ctrl-C. */
const FAILED = 1;
const REFUSED = 2;

const DEFAULT_STRATEGY = 'policy/strategies/unsecured-consumer.yaml';

interface RunOptions {
  portfolio: string;
  strategy: string;
  responses?: string;
  out: string;
  loans: number | 'all';
  from?: string;
  to: string;
  strict: boolean;
  keep?: boolean;
}

function loanCount(text: string): number | 'all' {
  if (text === 'all') return 'all';
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('A whole number from 1, or "all".');
  return Number(text);
}

function day(text: string): string {
  if (!isLocalDate(text)) throw new InvalidArgumentError('An existing day as YYYY-MM-DD.');
  return text;
}

/** @throws CONFIG_INVALID */
function requiredDatabaseUrl(): string {
  const url = process.env['DATABASE_URL'];
  if (!url) throw new DomainError('CONFIG_INVALID', 'DATABASE_URL is not set.');
  return url;
}

function toRequest(options: RunOptions): RunRequest {
  return {
    portfolioDir: options.portfolio,
    strategyFile: options.strategy,
    responsesFile: options.responses ?? null,
    outDir: options.out,
    loans: options.loans,
    from: options.from ?? null,
    to: options.to,
    isStrict: options.strict,
  };
}

function runCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--portfolio <dir>', 'folder with loans.csv and payments.csv', 'examples/portfolio')
    .option('--strategy <file>', 'strategy file', DEFAULT_STRATEGY)
    .option('--responses <file>', 'file that says how debtors respond (default: all they do is pay)')
    .option('--out <dir>', 'folder for contacts, cases, agreements and rejects as CSV, and report.html', `out/${name}`)
    .option('--loans <n|all>', 'the first so many loans of the file', loanCount, 'all')
    .option('--from <date>', 'first day on which loans are seen (default: 3 days before the first due date)', day)
    .option('--to <date>', 'last day, included; the example data end then', day, '2026-09-30')
    .option('--strict', 'stop at a bad row before anything is written', false);
}

function wordingUse(text: string): WordingUse {
  const use = WORDING_USES.find((each) => each === text);
  if (use === undefined) throw new InvalidArgumentError(`One of ${WORDING_USES.join(', ')}.`);
  return use;
}

/** The `kept` command. Each subcommand loads only what it needs, so that a rehearsal starts without the engine. */
export function buildProgram(exit: (code: number) => void): Command {
  const program = new Command('kept').description('Collects overdue consumer loans.').version('0.1.0');
  runCommand(program, 'rehearse', 'run a portfolio as a simulation').action(async (options: RunOptions) => {
    const { rehearseCommand } = await import('./rehearse.ts');
    exit(await rehearseCommand(toRequest(options)));
  });
  runCommand(program, 'demo', 'run a portfolio on a real server, every loan as its own workflow')
    .option('--keep', 'leave the servers running until Ctrl-C')
    .action(async (options: RunOptions) => {
      const { demoCommand } = await import('./demo/demo.ts');
      exit(await demoCommand(toRequest(options), { isKept: options.keep === true }));
      // What an interrupted run has left open is of no use any more.
      if (process.exitCode === 130) process.exit();
    });
  program
    .command('import')
    .description('take a portfolio in as events; DATABASE_URL says where')
    .requiredOption('--portfolio <dir>', 'folder with loans.csv and payments.csv')
    .option('--strategy <file>', 'strategy file', DEFAULT_STRATEGY)
    .option('--rejects <file>', 'where rows that were left out are listed', 'rejects.csv')
    .option('--loans <n|all>', 'the first so many loans of the file', loanCount, 'all')
    .option('--strict', 'stop at a bad row before anything is written', false)
    .action(async (options: RunOptions & { rejects: string }) => {
      const databaseUrl = requiredDatabaseUrl();
      const { importCommand } = await import('./import/import.ts');
      const { portfolioDir, strategyFile, loans, isStrict } = toRequest(options);
      const rejectsFile = options.rejects;
      exit(await importCommand({ portfolioDir, strategyFile, loans, isStrict, rejectsFile, databaseUrl }));
    });
  program
    .command('verify <loan>')
    .description("check that the record of a loan's cases is as it was written")
    .action(async (loanRef: string) => {
      const { verifyCommand } = await import('./case/verify.ts');
      exit(await verifyCommand(loanRef, requiredDatabaseUrl()));
    });
  program
    .command('explain <loan>')
    .description('tell every contact of a case, made or not, and why')
    .action(async (loanRef: string) => {
      const { explainCommand } = await import('./case/explain.ts');
      exit(await explainCommand(loanRef, requiredDatabaseUrl()));
    });
  program
    .command('bootstrap')
    .description('prepare the database and the Temporal namespace; safe to repeat')
    .action(async () => {
      const { bootstrapCommand } = await import('./serve.ts');
      exit(await bootstrapCommand(process.env));
    });
  program
    .command('serve')
    .description('run API, relay and worker until Ctrl-C; the environment says where')
    .action(async () => {
      const { serveCommand } = await import('./serve.ts');
      exit(await serveCommand(process.env));
    });
  program
    .command('judge')
    .description('say whether contacts are lawful, by the rule packs that each case names')
    .argument('<file>', 'JSON file with one case or a list of cases')
    .action(async (file: string) => {
      const { judgeCommand } = await import('./judge/judge.ts');
      exit(judgeCommand(file));
    });
  program
    .command('wording')
    .description('check all messages, or notes in text files, for forbidden wording')
    .argument('[files...]', 'text files with notes, YAML files with messages, "-" for standard input')
    .option('--as <use>', 'what a text file is: note or message', wordingUse, 'note')
    .action(async (files: string[], options: { as: WordingUse }) => {
      const { wordingCommand } = await import('./wording/wording.ts');
      exit(wordingCommand({ files, use: options.as }));
    });
  addScoreCommands(program, exit);
  return program;
}

/** Runs the command line; every expected failure is one sentence and never a stack trace. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await buildProgram((code) => {
      process.exitCode = code;
    }).parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    process.stderr.write(`kept: ${explain(error)}\n`);
    process.exitCode = error.code === 'RESPONSES_INVALID' ? REFUSED : FAILED;
  }
}
