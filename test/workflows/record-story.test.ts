import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyCase } from '../../db/queries/verified-case.ts';
import { parseInstant } from '../../domain/instant.ts';
import { SEEN_AT, dueSoon, payment, statementOf } from '../support/loans.ts';
import { type TestSandbox, openSandbox } from '../support/sandbox.ts';

const loanRef = 'RECORD-1';

describe('the record of a case', () => {
  let sandbox: TestSandbox;

  beforeAll(async () => {
    sandbox = await openSandbox({ seenAt: { [loanRef]: SEEN_AT } });
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.moveTo(loanRef, parseInstant('2026-04-20T12:00:00+08:00'));
    await sandbox.post(payment(loanRef, 'RECORD-1-PAY', 500_000, '2026-04-21T10:00:00+08:00'));
    await sandbox.ended(loanRef);
  });
  afterAll(() => sandbox?.stop());

  /** Runs statements as somebody would who can switch the trigger off, and undoes them after the look. */
  async function faultAfter(...statements: string[]): Promise<string | null | undefined> {
    let fault: string | null | undefined;
    await sandbox.db
      .transaction(async (tx) => {
        await tx.execute(sql`alter table case_record disable trigger all`);
        for (const statement of statements) await tx.execute(sql.raw(statement));
        fault = (await verifyCase(tx, loanRef))[0]?.fault;
        tx.rollback();
      })
      .catch(() => {});
    return fault;
  }

  test('tells everything that was decided and done, and verifies', async () => {
    const [episode] = await verifyCase(sandbox.db, loanRef);
    expect(episode).toMatchObject({ loanRef, episode: 1, fault: null });
    const kinds = await sandbox.db.execute<{ kind: string }>(sql`select kind from case_record order by seq`);
    expect(kinds[0]?.kind).toBe('caseOpened');
    expect(kinds.at(-1)?.kind).toBe('caseClosed');
    expect(kinds.filter(({ kind }) => kind === 'contactDecided')).toHaveLength(4);
    expect(kinds.filter(({ kind }) => kind === 'contactSettled')).toHaveLength(4);
  });

  test('holds no address of the debtor', async () => {
    const [found] = await sandbox.db.execute<{ count: number }>(
      sql`select count(*)::int as count from case_record where entry like '%886900000001%' or entry like '%debtor@example.com%'`,
    );
    expect(found?.count).toBe(0);
  });

  test('is never changed, taken from or emptied', async () => {
    for (const statement of [
      `update case_record set kind = 'caseOpened'`,
      'delete from case_record',
      'truncate case_record',
    ]) {
      await expect(sandbox.db.execute(sql.raw(statement)), statement).rejects.toMatchObject({
        cause: { message: 'case_record is append-only' },
      });
    }
  });

  test.each([
    [
      'an entry changed',
      [`update case_record set entry = replace(entry, 'allow', 'deny') where seq = 2`],
      'entry 2 is not what was written',
    ],
    ['an entry taken out', ['delete from case_record where seq = 3'], 'entry 3 is missing'],
    ['the end cut off', ['delete from case_record where seq > 4'], /^\d+ entries are missing at the end$/],
    ['the first entry taken out', ['delete from case_record where seq = 1'], 'entry 1 is missing'],
    [
      'two entries swapped',
      [
        'update case_record set seq = 100 where seq = 2',
        'update case_record set seq = 2 where seq = 3',
        'update case_record set seq = 3 where seq = 100',
      ],
      'entry 2 is not what was written',
    ],
    [
      'an outcome changed in the ledger',
      [`update contact set status = 'suppressed' where step = 'overdue-first'`],
      /is suppressed in the ledger and sent on record$/,
    ],
    [
      'a contact taken out of the ledger',
      [`delete from contact where step = 'overdue-first'`],
      /is missing in the ledger$/,
    ],
    [
      'a contact moved in time',
      [`update contact set at = at - interval '1 day' where step = 'overdue-first'`],
      /was moved to 2026-04-06T01:00:00.000Z$/,
    ],
  ])('shows %s', async (_what, statements, fault) => {
    expect(await faultAfter(...statements)).toMatch(fault);
  });
});
