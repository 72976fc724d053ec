import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPortfolio } from '../../cli/portfolio/read.ts';
import { DomainError } from '../../domain/errors.ts';
import { LOAN_HEADER, PAYMENT_HEADER, fileOf, loanRow, paymentRow, withPortfolio } from '../support/portfolio-rows.ts';

const SEED = 20_260_401;
const RUNS = 150;

/** Bytes in which commas, quotes and line ends are common. */
const bytes = fc.array(fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('",;\r\n\0+-.0123456789:TZ@'))), {
  maxLength: 400,
});

/** Good rows, rows with one cell spoilt, and noise. */
const row = (header: string, good: (id: string) => string) =>
  fc.oneof(
    fc.nat(5).map((id) => good(String(id))),
    fc
      .tuple(fc.nat(5), fc.nat(header.split(',').length - 1), fc.string({ unit: 'binary', maxLength: 12 }))
      .map(([id, at, cell]) =>
        good(String(id))
          .split(',')
          .map((each, index) => (index === at ? cell : each))
          .join(','),
      ),
    fc.string({ unit: 'grapheme', maxLength: 80 }),
  );

const loanRows = fc.array(
  row(LOAN_HEADER, (id) => loanRow({ loan_id: `L${id}` })),
  { maxLength: 12 },
);
const paymentRows = fc.array(
  row(PAYMENT_HEADER, (id) => paymentRow({ event_id: `P${id}`, loan_id: `L${id}` })),
  { maxLength: 12 },
);

describe('whatever the files hold', () => {
  it('arbitrary bytes are read, rejected, or refused with one sentence', async () => {
    const property = fc.asyncProperty(bytes, bytes, fc.boolean(), async (loans, payments, isHeaded) => {
      const file = (header: string, content: readonly number[]) =>
        Buffer.concat([Buffer.from(isHeaded ? `${header}\n` : ''), Buffer.from(content)]);
      const files = { loans: file(LOAN_HEADER, loans), payments: file(PAYMENT_HEADER, payments) };
      const outcome = await withPortfolio(files, (dir) => readPortfolio(dir, { loans: 'all' })).catch(
        (error: unknown) => error,
      );
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(DomainError);
        expect(outcome).toMatchObject({ code: 'FILE_UNREADABLE' });
        expect(isHeaded).toBe(false);
      }
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });

  it('every row that is not blank is taken, repeated or rejected, and only once', async () => {
    const property = fc.asyncProperty(loanRows, paymentRows, async (loanLines, paymentLines) => {
      const files = { loans: fileOf(LOAN_HEADER, loanLines), payments: fileOf(PAYMENT_HEADER, paymentLines) };
      const { loans, payments, rejects, repeatedRows } = await withPortfolio(files, (dir) =>
        readPortfolio(dir, { loans: 'all' }),
      );
      const rows = [files.loans, files.payments].flatMap((file) =>
        file
          .split('\n')
          .slice(1)
          .filter((line) => line.trim() !== ''),
      );
      expect(loans.length + payments.length + repeatedRows + rejects.length).toBe(rows.length);
      const places = rejects.map(({ file, line }) => `${file}:${line}`);
      expect(new Set(places).size).toBe(places.length);
      expect(new Set(loans.map((loan) => loan.statement.loanRef)).size).toBe(loans.length);
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });

  it('a file appended to itself adds nothing but repeated rows', async () => {
    const rows = [loanRow(), loanRow({ loan_id: 'L2' })];
    const payments = [paymentRow(), paymentRow({ event_id: 'P2', loan_id: 'L2' })];
    const read = (times: number) =>
      withPortfolio(
        {
          loans: fileOf(LOAN_HEADER, Array(times).fill(rows).flat()),
          payments: fileOf(PAYMENT_HEADER, Array(times).fill(payments).flat()),
        },
        (dir) => readPortfolio(dir, { loans: 'all' }),
      );
    const [once, twice] = [await read(1), await read(2)];
    expect(twice).toEqual({ ...once, repeatedRows: 4 });
  });
});
