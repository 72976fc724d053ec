import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { POLICY_DIR } from '../../../activities/policy-file.ts';
import { type ApplyRequest, applyCommand } from '../../../cli/score/apply-command.ts';
import { main } from '../../../cli/main.ts';
import { LOAN_HEADER, fileOf, loanRow } from '../../support/portfolio-rows.ts';

const CARD = join(POLICY_DIR, 'scorecards', 'consumer-card.yaml');

let dir: string;
let errors: string;
let output: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kept-apply-'));
  [errors, output] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => (output += String(text)).length > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => (errors += String(text)).length > 0);
});
afterEach(() => {
  rmSync(dir, { recursive: true });
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

function apply(loans: string, more: Partial<ApplyRequest> = {}): Promise<number> {
  writeFileSync(join(dir, 'loans.csv'), loans);
  const files = { outFile: join(dir, 'scores.csv'), detailsFile: null, rejectsFile: null };
  return applyCommand({ portfolioDir: dir, model: { file: CARD }, ...files, ...more });
}

function table(name = 'scores.csv'): Record<string, string>[] {
  return parse(readFileSync(join(dir, name), 'utf8'), { columns: true });
}

const rows = Array.from({ length: 8 }, (_, index) =>
  loanRow({ loan_id: `L${index}`, borrower_id: `B${index % 5}`, principal_minor: String(90_000 * (index + 1)) }),
);

describe('the table of scores', () => {
  test('has a probability, a band and reasons for every loan, by loan id', async () => {
    expect(await apply(fileOf(LOAN_HEADER, rows.toReversed()))).toBe(0);
    expect(readFileSync(join(dir, 'scores.csv'), 'utf8')).toMatch(/^loan_id,probability,band,reasons\n/);
    const scores = table();
    expect(scores.map((score) => score['loan_id'])).toEqual(rows.map((_, index) => `L${index}`));
    for (const score of scores) {
      expect(score['probability']).toMatch(/^0\.\d{6}$/);
      expect(score['band']).toMatch(/^[A-E]$/);
      for (const part of (score['reasons'] ?? '').split('; ')) expect(part).toMatch(/^R\d{2} [A-Z]/);
    }
  });

  test('is the same, byte for byte, whatever the order of rows and columns', async () => {
    await apply(fileOf(LOAN_HEADER, rows));
    const first = readFileSync(join(dir, 'scores.csv'), 'utf8');
    const turned = [LOAN_HEADER, ...rows.toReversed()].map((row) => row.split(',').toReversed().join(','));
    await apply(fileOf(turned[0] ?? '', turned.slice(1)));
    expect(readFileSync(join(dir, 'scores.csv'), 'utf8')).toBe(first);
  });

  test('needs loans.csv alone: broken outcomes and payments are never opened', async () => {
    writeFileSync(join(dir, 'outcomes.csv'), '\0 not a table');
    rmSync(join(dir, 'payments.csv'), { force: true });
    expect(await apply(fileOf(LOAN_HEADER, rows))).toBe(0);
  });

  test('does not depend on age, education or region, even when they are broken', async () => {
    await apply(fileOf(LOAN_HEADER, [loanRow()]));
    const first = table();
    expect(await apply(fileOf(LOAN_HEADER, [loanRow({ age: 'old', education: '', region: '\u0007' })]))).toBe(0);
    expect(table()).toEqual(first);
  });

  test('may have a second one with quadrant and Chinese reasons', async () => {
    await apply(fileOf(LOAN_HEADER, rows), { detailsFile: join(dir, 'deep', 'details.csv') });
    const [first] = table('deep/details.csv');
    expect(first?.['quadrant']).toMatch(/^(can|cannot)Pay(Will|Wont)Pay$/);
    expect(first?.['reasons_zh']).toMatch(/^R\d{2} \p{Script=Han}/u);
  });
});

describe('other portfolios', () => {
  test('may lack every column that can be lacked', async () => {
    const header = 'loan_id,currency,principal_minor,overdue_minor,due_date';
    expect(await apply(fileOf(header, ['L1,TWD,100000,5000,2026-08-01', 'L2,TWD,0,0,2026-08-01']))).toBe(0);
    expect(table()).toHaveLength(2);
  });

  test('may have extreme values, short and uneven histories', async () => {
    const most = String(Number.MAX_SAFE_INTEGER);
    const extremes = [
      loanRow({ loan_id: 'L1', principal_minor: most, overdue_minor: most, credit_limit_minor: '1' }),
      loanRow({ loan_id: 'L2', principal_minor: '0', overdue_minor: '0', credit_limit_minor: '0' }),
      loanRow({
        loan_id: 'L3',
        status_history: '99',
        bill_history_minor: '',
        payment_history_minor: '-999999999999999',
      }),
      loanRow({ loan_id: 'L4', status_history: '', bill_history_minor: '0;0;0;0;0;0;0', payment_history_minor: '1' }),
      loanRow({ loan_id: 'L5', product: 'moon mortgage' }),
    ];
    expect(await apply(fileOf(LOAN_HEADER, extremes))).toBe(0);
    for (const score of table()) {
      expect(Number(score['probability'])).toBeGreaterThanOrEqual(0);
      expect(Number(score['probability'])).toBeLessThanOrEqual(1);
    }
  });

  test('a loan counts those of its borrower that fell due earlier, not later', async () => {
    const { readScorableLoans } = await import('../../../cli/score/read-loans.ts');
    const due = (loan_id: string, due_date: string, borrower_id = 'B1') => loanRow({ loan_id, due_date, borrower_id });
    const loans = [
      due('L1', '2026-06-01'),
      due('L2', '2026-07-01'),
      due('L3', '2026-07-01'),
      due('L4', '2026-08-01', 'B2'),
    ];
    writeFileSync(join(dir, 'loans.csv'), fileOf(LOAN_HEADER, loans));
    const read = await readScorableLoans(dir, { columns: [], sensitive: [] });
    expect(read.loans.map(({ facts }) => facts.earlierLoans)).toEqual([0, 1, 1, 0]);
  });
});

describe('faults', () => {
  test('rows that cannot be scored are listed, the others are scored, and the exit code says so', async () => {
    const loans = [
      loanRow({ loan_id: 'L1' }),
      loanRow({ loan_id: 'L2', principal_minor: 'NaN' }),
      loanRow({ loan_id: 'L3', bill_history_minor: '1;;2' }),
      loanRow({ loan_id: 'L4', currency: 'CNY' }),
      loanRow({ loan_id: 'L1', principal_minor: '7' }),
      loanRow({ loan_id: 'L1' }),
      'L9,too,short',
    ];
    expect(await apply(fileOf(LOAN_HEADER, loans))).toBe(2);
    expect(table().map((score) => score['loan_id'])).toEqual(['L1']);
    const rejects = table('scores.csv.rejects.csv').map((each) => `${each['line']} ${each['column']} ${each['code']}`);
    expect(rejects.toSorted()).toEqual([
      '3 principal_minor MONEY_NOT_SAFE_INTEGER',
      '4 bill_history_minor ROW_INVALID',
      '5 currency MONEY_CURRENCY_MISMATCH',
      '6 loan_id LOAN_CONFLICT',
      '8  ROW_INVALID',
    ]);
    expect(errors).toContain('5 rows were left out');
  });

  test.each([
    ['an empty file', '', 'FILE_UNREADABLE'],
    ['no column', 'loan_id,currency\n', 'no column principal_minor, overdue_minor, due_date'],
  ])('%s is told in one sentence, with exit code 2', async (_, loans, words) => {
    writeFileSync(join(dir, 'loans.csv'), loans);
    await main(['node', 'kept', 'score', 'apply', '--portfolio', dir, '--model', CARD, '--out', join(dir, 's.csv')]);
    expect(process.exitCode).toBe(2);
    expect(errors).toContain(words);
  });

  test('a broken scorecard is told with line and column, with exit code 2', async () => {
    const broken = readFileSync(CARD, 'utf8').replace(/basePoints: \d+/, 'basePoints: .nan');
    writeFileSync(join(dir, 'card.yaml'), broken);
    await main(['node', 'kept', 'score', 'show', '--model', join(dir, 'card.yaml')]);
    expect(process.exitCode).toBe(2);
    expect(errors).toMatch(/card\.yaml:\d+:\d+: .*whole number.*\[SCORECARD_INVALID\]/s);
  });

  test('one model has to be named', async () => {
    const args = ['node', 'kept', 'score', 'apply', '--portfolio', dir, '--out', join(dir, 's.csv')];
    await main(args);
    expect(process.exitCode).toBe(1);
    expect(errors).toContain('CONFIG_INVALID');
  });
});

test('a scorecard is shown with its bins, points, reasons and figures', async () => {
  await main(['node', 'kept', 'score', 'show', '--model', CARD]);
  expect(output).toContain('consumer-card@1, TWD.');
  expect(output).toMatch(/AUC 0\.87/);
  expect(output).toMatch(/below NT\$\S+ +\d+ {2}\d+ loans, \d+\.\d% settled/);
  expect(output).toContain('R10 The balance has hardly fallen since the last bill');
});

test('a model over HTTP scores instead', async () => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { loans } = JSON.parse(Buffer.concat(chunks).toString()) as { loans: { loanRef: string }[] };
      const scores = loans.map(({ loanRef }) => ({ loanRef, probability: 0.25, band: 'C', reasons: [] }));
      response.end(JSON.stringify({ scores }));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  try {
    const model = { url: `http://127.0.0.1:${port}/scores`, token: '' };
    expect(await apply(fileOf(LOAN_HEADER, rows), { model })).toBe(0);
    expect(table()).toHaveLength(8);
    expect(table()[0]).toEqual({ loan_id: 'L0', probability: '0.250000', band: 'C', reasons: '' });
  } finally {
    server.close();
  }
});
