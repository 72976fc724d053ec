import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { demoCommand } from '../../cli/demo/demo.ts';
import type { RunRequest } from '../../cli/plan-run.ts';
import { rehearseCommand } from '../../cli/rehearse.ts';
import { type TestDatabase, freshDatabase } from '../support/database.ts';

const FILES = ['contacts.csv', 'cases.csv', 'rejects.csv'] as const;

let dir: string;
let database: TestDatabase;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kept-equal-'));
  database = await freshDatabase();
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('TEMPORAL_ADDRESS', inject('stackTemporalAddress'));
  vi.stubEnv('TEMPORAL_NAMESPACE', `equal-${randomUUID()}`);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await database.close();
  await rm(dir, { recursive: true, force: true });
});

const request = (out: string, strategyFile: string): RunRequest => ({
  portfolioDir: 'examples/portfolio',
  strategyFile,
  outDir: join(dir, out),
  loans: 40,
  from: null,
  to: '2026-09-30',
  isStrict: false,
});
const read = (out: string, file: string) => readFile(join(dir, out, file), 'utf8');

test('40 real loans have the same contacts and ends on the server as in a rehearsal, byte for byte', async () => {
  // Spread over an hour, so that the jitter has to agree as well.
  const strategyFile = join(dir, 'spread.yaml');
  const shipped = await readFile('policy/strategies/unsecured-consumer.yaml', 'utf8');
  await writeFile(strategyFile, shipped.replace('spreadMinutes: 0', 'spreadMinutes: 60'));

  expect(await demoCommand(request('demo', strategyFile), { isKept: false })).toBe(0);
  expect(await rehearseCommand(request('rehearsal', strategyFile))).toBe(0);
  expect(await rehearseCommand(request('again', strategyFile))).toBe(0);

  for (const file of FILES) {
    expect(await read('demo', file), `${file} on the server`).toBe(await read('rehearsal', file));
    expect(await read('again', file), `${file} rehearsed again`).toBe(await read('rehearsal', file));
  }
  const contacts = await read('demo', 'contacts.csv');
  expect(contacts.split('\n').length, 'contacts of 40 loans').toBeGreaterThan(200);
}, 300_000);
