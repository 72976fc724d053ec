import { Command, InvalidArgumentError } from 'commander';
import { DomainError, explain } from '../domain/errors.ts';
import { isLocalDate } from '../domain/instant.ts';
import type { RunRequest } from './plan-run.ts';

/** Exit codes: 0 done; 1 failed, with one sentence; 2 done, but rows were left out; 130 stopped by Ctrl-C. */
const FAILED = 1;

interface RunOptions {
  portfolio: string;
  strategy: string;
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

function toRequest(options: RunOptions): RunRequest {
  return {
    portfolioDir: options.portfolio,
    strategyFile: options.strategy,
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
    .option('--strategy <file>', 'strategy file', 'policy/strategies/unsecured-consumer.yaml')
    .option('--out <dir>', 'folder for contacts.csv, cases.csv, rejects.csv and report.html', `out/${name}`)
    .option('--loans <n|all>', 'the first so many loans of the file', loanCount, 'all')
    .option('--from <date>', 'first day on which loans are seen (default: 3 days before the first due date)', day)
    .option('--to <date>', 'last day, included; the example data end then', day, '2026-09-30')
    .option('--strict', 'stop at a bad row before anything is written', false);
}

/** The `kept` command. Each subcommand loads only what it needs, so that a rehearsal starts without the engine. */
export function buildProgram(exit: (code: number) => void): Command {
  const program = new Command('kept')
    .description('Collects overdue loans, lawfully and exactly once.')
    .version('0.1.0');
  runCommand(program, 'rehearse', 'run a portfolio as a simulation').action(async (options: RunOptions) => {
    const { rehearseCommand } = await import('./rehearse.ts');
    exit(await rehearseCommand(toRequest(options)));
  });
  runCommand(program, 'demo', 'run a portfolio on a real server, every loan as its own workflow')
    .option('--keep', 'leave the servers running until Ctrl-C')
    .action(async (options: RunOptions) => {
      const { demoCommand } = await import('./demo/demo.ts');
      exit(await demoCommand(toRequest(options), { isKept: options.keep === true }));
    });
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
    process.exitCode = FAILED;
  }
}
