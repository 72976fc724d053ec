import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Reject, writeRejects } from '../../cli/portfolio/rejects.ts';

const dir = mkdtempSync(join(tmpdir(), 'kept-rejects-'));
afterAll(() => rmSync(dir, { recursive: true }));

const REJECT: Reject = {
  file: 'loans.csv',
  line: 7,
  column: 'due_date',
  code: 'DATE_INVALID',
  reason: 'due_date must be an existing day, "YYYY-MM-DD".',
};

describe('rejects.csv', () => {
  it('has a line for each reject, quoted where CSV needs it', async () => {
    const path = join(dir, 'rejects.csv');
    await writeRejects(path, [REJECT, { ...REJECT, column: '', reason: 'A quote is not closed.' }]);
    expect(readFileSync(path, 'utf8').split('\n')).toEqual([
      'file,line,column,code,reason',
      'loans.csv,7,due_date,DATE_INVALID,"due_date must be an existing day, ""YYYY-MM-DD""."',
      'loans.csv,7,,DATE_INVALID,A quote is not closed.',
      '',
    ]);
  });

  it('has its header alone when every row was good, so that no older file is mistaken for this one', async () => {
    const path = join(dir, 'none.csv');
    await writeRejects(path, []);
    expect(readFileSync(path, 'utf8')).toBe('file,line,column,code,reason\n');
  });

  it('that cannot be written is one sentence', async () => {
    await expect(writeRejects(join(dir, 'nowhere', 'rejects.csv'), [])).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
      message: expect.stringMatching(/rejects\.csv cannot be written: ENOENT\.$/),
    });
  });
});
