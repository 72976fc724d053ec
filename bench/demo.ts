import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runKept } from './measured-process.ts';

/** The whole demo with 200 loans, servers' start included, once. CPU is that of Kept's own process. */
export async function measureDemo({ portfolio }: { portfolio: string }): Promise<string[]> {
  const out = await mkdtemp(join(tmpdir(), 'kept-bench-'));
  const figure = await runKept(['demo', '--portfolio', portfolio, '--loans', '200', '--out', out]);
  await rm(out, { recursive: true, force: true });
  return [
    'demo, 200 loans, one run:',
    `  wall seconds  ${figure.wallSeconds.toFixed(1)}`,
    `  CPU seconds   ${figure.cpuSeconds.toFixed(1)} (Kept's process)`,
    `  peak MB       ${figure.peakMb.toFixed(0)} (Kept's process)`,
  ];
}
