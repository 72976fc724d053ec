import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { main } from '../../cli/main.ts';
import { loadResponses } from '../../cli/responses/responses-file.ts';
import { ALWAYS } from '../../domain/responses/model.ts';

const EXAMPLE = 'examples/responses.yaml';
const TEXT = readFileSync(EXAMPLE, 'utf8');

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'kept-responses-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
});

function written(text: string): string {
  const file = join(dir, 'responses.yaml');
  writeFileSync(file, text);
  return file;
}

/** The faults of the example after a change, without the name of the file. */
function faultsOf(from: string | RegExp, to: string): string[] {
  expect(TEXT).toMatch(from);
  const file = written(TEXT.replace(from, to));
  try {
    loadResponses(file);
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => line.replace(`${file}:`, ''));
  }
  return [];
}

describe('a file of responses', () => {
  test('is read whole: the example that is shipped', () => {
    const { seed, hours, promise, plan, after } = loadResponses(EXAMPLE);
    expect({ seed, hours, promise, plan }).toEqual({
      seed: 1,
      hours: { from: '08:00', to: '22:00' },
      promise: { percent: [20, 100], withinDays: [3, 14], honest: 8_000 },
      plan: { parts: [2, 4], firstWithinDays: [5, 25], honest: 7_000 },
    });
    expect(after.email).toEqual({
      withinDays: 3,
      reached: ALWAYS,
      chances: { promise: 400, plan: 600, call: 100, optOut: 25 },
    });
    expect(after.agentCall).toMatchObject({
      reached: 4_500,
      chances: { promise: 3_500, plan: 3_500, call: 0, optOut: 0 },
    });
    expect(Object.keys(after)).toHaveLength(7);
  });

  test('may have chances of 100 percent in all, to the hundredth', () => {
    expect(
      faultsOf(
        'promisePercent: 8, planPercent: 3, callPercent: 3',
        'promisePercent: 60, planPercent: 39.4, callPercent: 0.1',
      ),
    ).toEqual([]);
  });

  test.each([
    [
      'chances above 100 percent',
      'promisePercent: 8,',
      'promisePercent: 93.51,',
      '25:8: The chances add up to 100.01 percent; 100 at most is possible.',
    ],
    ['a chance above 100 percent', 'promisePercent: 8,', 'promisePercent: 101,', 'is not a percentage'],
    [
      'a key that is none',
      'planPercent: 3, callPercent: 3',
      'planPrecent: 3, callPercent: 3',
      '"planPrecent" is not a key of what follows on sms. Did you mean "planPercent"?',
    ],
    ['a deed that is none', '  sms: {', '  fax: {', '"fax" is nothing that is responded to.'],
    [
      'a person who opts out',
      'reachedPercent: 45,',
      'reachedPercent: 45, optOutPercent: 1,',
      '"optOutPercent" is not a key of what follows on agentCall.',
    ],
    [
      'a call that says not how often it is answered',
      'reachedPercent: 45, ',
      '',
      'What follows on agentCall lacks "reachedPercent"',
    ],
    ['a range that is turned', '[20, 100]', '[100, 20]', 'The least, 100, is above the most, 20.'],
    ['a range of one number', '[20, 100]', '[20]', 'A range has two numbers'],
    ['a plan of one part', '[2, 4]', '[1, 4]', '1 is outside of 2 to 60.'],
    ['hours that end before they begin', 'to: 22:00', 'to: 08:00', 'The hours end at 08:00, not after 08:00.'],
    ['no seed', 'seed: 1', '', 'A file of responses lacks "seed"'],
    ['a seed with a fraction', 'seed: 1', 'seed: 1.5', '1.5 is not a whole number'],
  ])('with %s is refused at its place', (_what, from, to, message) => {
    const faults = faultsOf(from, to);
    expect(faults).toEqual([expect.stringContaining(message)]);
    expect(faults[0]).toMatch(/^\d+:\d+: /);
  });

  test('with several faults is told of all of them, in their order', () => {
    const file = written(
      TEXT.replace('seed: 1', 'seed: one').replace('[3, 14]', '3').replace('to: 22:00', 'to: 26:00'),
    );
    const told =
      /responses\.yaml:\d+:7: "one" is not [^\n]+\n[^\n]+: "26:00" is not [^\n]+\n[^\n]+: 3 is not a list; [^\n]+$/;
    expect(() => loadResponses(file)).toThrow(told);
  });
});

test('a rehearsal by a file with faults ends with code 2 and writes nothing', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const file = written(TEXT.replace('promisePercent: 8', 'promisePercent: 99'));
  await main(['node', 'kept', 'rehearse', '--responses', file, '--out', join(dir, 'out')]);
  expect(process.exitCode).toBe(2);
  expect(said.mock.calls.join('')).toMatch(
    /responses\.yaml:\d+:\d+: The chances add up to 105\.5 percent.*RESPONSES_INVALID/,
  );
  expect(() => readFileSync(join(dir, 'out', 'contacts.csv'))).toThrow(/ENOENT/);
});
