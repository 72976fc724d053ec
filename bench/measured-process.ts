import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ProcessFigures {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

const KEPT = fileURLToPath(new URL('../bin/kept', import.meta.url));
const REPORTER = fileURLToPath(new URL('report-usage.mjs', import.meta.url));

/** Runs the `kept` command as a process of its own, start-up included, and reads what it used from the system. */
export async function runKept(args: readonly string[]): Promise<ProcessFigures> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['--import', REPORTER, KEPT, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const chunks: Buffer[] = [];
  child.stdio[3]?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`kept ${args.join(' ')} ended with ${code}.`);
  const usage = JSON.parse(Buffer.concat(chunks).toString()) as { cpuMicros: number; peakKb: number };
  return {
    wallSeconds: (performance.now() - startedMs) / 1_000,
    cpuSeconds: usage.cpuMicros / 1e6,
    peakMb: usage.peakKb / 1_024,
  };
}

/** The median with its range: `2.10 (1.98–2.31)`. */
export function spread(values: readonly number[], digits = 2): string {
  const sorted = values.toSorted((a, b) => a - b);
  const show = (value: number | undefined) => (value ?? Number.NaN).toFixed(digits);
  return `${show(sorted[Math.floor(sorted.length / 2)])} (${show(sorted[0])}–${show(sorted.at(-1))})`;
}
