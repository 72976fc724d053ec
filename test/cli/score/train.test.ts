import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadScorecard } from '../../../activities/scorecard-file.ts';
import { DEFAULT_PLAN, type TrainRequest, trainCommand } from '../../../cli/score/train/train-command.ts';

const EXAMPLE = join(import.meta.dirname, '../../../examples/portfolio');
/** The whole table that the example is a sample of; not everybody has it. */
const WHOLE = join(import.meta.dirname, '../../../../shared/data/portfolio');

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kept-train-'));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  rmSync(dir, { recursive: true });
  vi.restoreAllMocks();
});

function request(more: Partial<TrainRequest> = {}): TrainRequest {
  return {
    portfolioDir: EXAMPLE,
    planFile: DEFAULT_PLAN,
    outFile: join(dir, 'card.yaml'),
    reportFile: null,
    rejectsFile: null,
    useSensitive: [],
    folds: 5,
    source: 'the example',
    asOf: null,
    ...more,
  };
}

/** A folder with the example, its files changed. */
function changed(change: { loans?: (rows: string[]) => string[]; outcomes?: (rows: string[]) => string[] }): string {
  for (const [name, edit] of [
    ['loans', change.loans],
    ['outcomes', change.outcomes],
  ] as const) {
    const rows = readFileSync(join(EXAMPLE, `${name}.csv`), 'utf8')
      .trimEnd()
      .split('\n');
    writeFileSync(join(dir, `${name}.csv`), `${(edit?.(rows) ?? rows).join('\n')}\n`);
  }
  return dir;
}

describe('a training on 200 loans', () => {
  test('measures itself, and writes what it may be used for', async () => {
    expect(await trainCommand(request())).toBe(0);
    const { training, quality, fairness, intendedUse, limits, characteristics } = loadScorecard(join(dir, 'card.yaml'));
    expect(training).toMatchObject({ loans: 200, borrowers: 174, settled: 84, folds: 5, source: 'the example' });
    expect(quality.auc).toBeGreaterThan(0.78);
    expect(quality.worstDecileGap).toBeLessThan(0.2);
    expect(quality.foldAucs).toHaveLength(5);
    expect(fairness.used).toEqual([]);
    expect(characteristics.map(({ id }) => id)).not.toEqual(expect.arrayContaining(['age']));
    expect(intendedUse.en).toContain('overdue');
    expect(limits.length).toBeGreaterThan(0);
  });

  test('gives the same bytes again, in whatever order the rows stand', async () => {
    await trainCommand(request({ reportFile: join(dir, 'report.html') }));
    const turned = ([header = '', ...rows]: string[]) => [header, ...rows.toReversed()];
    const portfolioDir = changed({ loans: turned, outcomes: turned });
    await trainCommand(
      request({ portfolioDir, outFile: join(dir, 'again.yaml'), reportFile: join(dir, 'again.html') }),
    );
    const [first, again] = ['card.yaml', 'again.yaml'].map((name) => readFileSync(join(dir, name), 'utf8'));
    expect(again).toBe(first);
    expect(readFileSync(join(dir, 'again.html'), 'utf8')).toBe(readFileSync(join(dir, 'report.html'), 'utf8'));
  });

  test('uses what is sensitive only when told to, and tells what that brings', async () => {
    await trainCommand(request({ useSensitive: ['age'] }));
    const { fairness, training, characteristics } = loadScorecard(join(dir, 'card.yaml'));
    expect(fairness.used).toEqual(['age']);
    expect([...characteristics.map(({ id }) => id), ...training.unused]).toContain('age');
    expect([...characteristics.map(({ id }) => id), ...training.unused]).not.toContain('education');
  });

  test('does not read payments: the folder may have none', async () => {
    expect(existsSync(join(changed({}), 'payments.csv'))).toBe(false);
    expect(await trainCommand(request({ portfolioDir: dir }))).toBe(0);
  });

  test('writes a page without scripts or addresses', async () => {
    await trainCommand(request({ reportFile: join(dir, 'report.html') }));
    const page = readFileSync(join(dir, 'report.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/<script|https?:|undefined|NaN|Infinity/);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('rows with faults', () => {
  test('are left out and listed with their lines', async () => {
    const portfolioDir = changed({
      loans: ([header = '', first = '', ...rows]) => [header, first.replace(/,TWD,\d+,/, ',TWD,NaN,'), ...rows],
      outcomes: ([header = '', first = '', second = '', ...rows]) => [
        header,
        first.replace(/settled|open/, 'perhaps'),
        ...rows,
        second,
        'TW99999-9,open,0',
      ],
    });
    expect(await trainCommand(request({ portfolioDir }))).toBe(2);
    const [head, ...rejects] = readFileSync(join(dir, 'card.yaml.rejects.csv'), 'utf8').trimEnd().split('\n');
    expect(head).toBe('file,line,column,code,reason');
    const places = rejects.map((line) => line.split(',').slice(0, 4).join(','));
    expect(places).toContain('loans.csv,2,principal_minor,MONEY_NOT_SAFE_INTEGER');
    expect(places).toContain('outcomes.csv,2,outcome,ROW_INVALID');
    expect(places).toContain('outcomes.csv,202,loan_id,LOAN_UNKNOWN');
    expect(loadScorecard(join(dir, 'card.yaml')).training.loans).toBe(198);
  });

  test.each([
    ['no outcomes', { outcomes: ([header = '']: string[]) => [header] }, 'TRAINING_DATA_INSUFFICIENT'],
    ['an empty file', { outcomes: () => [] }, 'FILE_UNREADABLE'],
    ['no column outcome', { outcomes: () => ['loan_id', 'TW00121-1'] }, 'FILE_UNREADABLE'],
    [
      'no column borrower_id',
      { loans: () => ['loan_id,currency,principal_minor,overdue_minor,due_date'] },
      'FILE_UNREADABLE',
    ],
    [
      'one outcome alone',
      { outcomes: (rows: string[]) => rows.map((row) => row.replace('settled', 'open')) },
      'TRAINING_DATA_INSUFFICIENT',
    ],
    [
      'several currencies',
      { loans: (rows: string[]) => rows.map((row, index) => (index === 1 ? row.replace('TWD', 'CNY') : row)) },
      'MONEY_CURRENCY_MISMATCH',
    ],
  ])('%s: nothing is written', async (_, change, code) => {
    await expect(trainCommand(request({ portfolioDir: changed(change) }))).rejects.toMatchObject({ code });
    expect(existsSync(join(dir, 'card.yaml'))).toBe(false);
  });
});

describe.runIf(existsSync(join(WHOLE, 'outcomes.csv')))('a training on all 4,592 loans', () => {
  test('ranks and calibrates as documented, and gives the scorecard that is shipped', {
    timeout: 280_000,
  }, async () => {
    const shippedFile = join(import.meta.dirname, '../../../policy/scorecards/consumer-card.yaml');
    const shipped = loadScorecard(shippedFile);
    const { source, asOf } = shipped.training;
    expect(await trainCommand(request({ portfolioDir: WHOLE, source, asOf }))).toBe(0);
    const { quality } = loadScorecard(join(dir, 'card.yaml'));
    expect(quality.auc).toBeGreaterThanOrEqual(0.87);
    expect(quality.ks).toBeGreaterThanOrEqual(0.54);
    expect(quality.worstDecileGap).toBeLessThanOrEqual(0.06);
    expect(Math.min(...quality.foldAucs)).toBeGreaterThanOrEqual(0.86);
    expect(readFileSync(join(dir, 'card.yaml'), 'utf8')).toBe(readFileSync(shippedFile, 'utf8'));
  });
});
