import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { demoCommand } from '../../cli/demo/demo.ts';
import type { RunRequest } from '../../cli/plan-run.ts';
import { rehearseCommand } from '../../cli/rehearse.ts';
import { type TestDatabase, freshDatabase } from '../support/database.ts';

const FILES = ['contacts.csv', 'cases.csv', 'agreements.csv', 'rejects.csv'] as const;
const RESPONSES = 'examples/responses.yaml';

let dir: string;
let database: TestDatabase;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kept-equal-'));
  database = await freshDatabase();
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('TEMPORAL_ADDRESS', inject('stackTemporalAddress'));
  vi.stubEnv('TEMPORAL_NAMESPACE', `equal-${randomUUID()}`);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await database.close();
  await rm(dir, { recursive: true, force: true });
});

interface Played {
  readonly strategyFile: string;
  readonly responsesFile: string | null;
  readonly loans: number;
}

const request = (out: string, played: Played): RunRequest => ({
  ...played,
  portfolioDir: 'examples/portfolio',
  outDir: join(dir, out),
  from: null,
  to: '2026-09-30',
  isStrict: false,
});
const read = (out: string, file: string) => readFile(join(dir, out, file), 'utf8');

/** Plays a strategy on the server and twice as a rehearsal; every file has to be the same. @returns those of the server. */
async function filesOfBoth(played: Played): Promise<Record<(typeof FILES)[number], string>> {
  expect(await demoCommand(request('demo', played), { isKept: false })).toBe(0);
  expect(await rehearseCommand(request('rehearsal', played))).toBe(0);
  expect(await rehearseCommand(request('again', played))).toBe(0);
  for (const file of FILES) {
    expect(await read('demo', file), `${file} on the server`).toBe(await read('rehearsal', file));
    expect(await read('again', file), `${file} rehearsed again`).toBe(await read('rehearsal', file));
  }
  const files = await Promise.all(FILES.map(async (file) => [file, await read('demo', file)] as const));
  return Object.fromEntries(files) as Record<(typeof FILES)[number], string>;
}

test('40 real loans have the same contacts and ends on the server as in a rehearsal, byte for byte', async () => {
  // Spread over an hour, so that the jitter has to agree as well.
  const strategyFile = join(dir, 'spread.yaml');
  const shipped = await readFile('policy/strategies/unsecured-consumer.yaml', 'utf8');
  await writeFile(strategyFile, shipped.replace('spreadMinutes: 0', 'spreadMinutes: 60'));
  const files = await filesOfBoth({ strategyFile, responsesFile: null, loans: 40 });
  expect(files['contacts.csv'].split('\n').length, 'contacts of 40 loans').toBeGreaterThan(200);
}, 300_000);

test('so do they under a strategy by which being overdue costs something, and what is left of it keeps cases open', async () => {
  const costly = 'policy/strategies/secured-instalment.yaml';
  const free = join(dir, 'free.yaml');
  const text = await readFile(costly, 'utf8');
  await writeFile(free, text.replace(/penaltyInterest:\n(?: .*\n)+/, ''));
  const { 'cases.csv': cases } = await filesOfBoth({ strategyFile: costly, responsesFile: null, loans: 40 });
  expect(await rehearseCommand(request('free', { strategyFile: free, responsesFile: null, loans: 40 }))).toBe(0);
  const openIn = (csv: string) => csv.split('\n').filter((line) => line.includes(',open,')).length;
  expect(openIn(cases)).toBeGreaterThan(openIn(await read('free', 'cases.csv')));
}, 300_000);

test('and when debtors answer, promise, ask for plans and opt out: what they agreed on comes to the same as well', async () => {
  const strategyFile = 'policy/strategies/unsecured-consumer.yaml';
  const { 'agreements.csv': agreements } = await filesOfBoth({ strategyFile, responsesFile: RESPONSES, loans: 40 });
  for (const line of ['promise,.*,kept', 'promise,.*,broken', 'plan,']) expect(agreements).toMatch(new RegExp(line));
}, 300_000);
