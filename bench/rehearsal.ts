import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPortfolio } from '../cli/portfolio/read.ts';
import { type ProcessFigures, runKept, spread } from './measured-process.ts';

/** The whole command: start-up, reading, simulation, report and files. */
export async function measureRehearsal(options: { portfolio: string; runs: number }): Promise<string[]> {
  const out = await mkdtemp(join(tmpdir(), 'kept-bench-'));
  const { loans } = await readPortfolio(options.portfolio, { loans: 'all' });
  const figures: ProcessFigures[] = [];
  for (let run = 0; run <= options.runs; run += 1) {
    const figure = await runKept(['rehearse', '--portfolio', options.portfolio, '--out', out]);
    // The first run warms the loader's cache.
    if (run > 0) figures.push(figure);
  }
  await rm(out, { recursive: true, force: true });
  return [
    `rehearse, ${loans.length} loans, ${options.runs} runs:`,
    `  wall seconds  ${spread(figures.map((figure) => figure.wallSeconds))}`,
    `  CPU seconds   ${spread(figures.map((figure) => figure.cpuSeconds))}`,
    `  peak MB       ${spread(
      figures.map((figure) => figure.peakMb),
      0,
    )}`,
  ];
}
