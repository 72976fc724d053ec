import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadStrategy } from '../../activities/strategy-file.ts';
import { verifyCase } from '../../db/queries/verified-case.ts';
import { contact } from '../../db/schema.ts';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import type { ContactStep, Strategy } from '../../domain/strategy.ts';
import { pollUntil } from '../../local/poll.ts';
import { SEEN_AT, dueSoon, statementOf } from '../support/loans.ts';
import { type TestSandbox, openSandbox } from '../support/sandbox.ts';

const taipei = (local: string) => parseInstant(`${local}+08:00`);
const LOANS = ['ARRIVE-1', 'ARRIVE-2'] as const;

/** By text message, and by the app when that does not arrive; on days 2, 6 and 9 at 10:00. */
function withFallback(): Strategy {
  const { strategy } = loadStrategy('policy/strategies/unsecured-consumer.yaml');
  const step = (id: string, day: number): ContactStep => ({
    id,
    stage: 'early',
    do: 'contact',
    channel: 'sms',
    fallback: ['push'],
    template: 'overdue-second',
    day: { small: day, medium: day, large: day },
    sendAt: '10:00',
    validDays: 3,
    catchUp: false,
  });
  const window = { ...strategy.window, restDays: [], restOnHolidays: false };
  return { ...strategy, id: 'with-fallback', window, steps: [step('first', 2), step('second', 6), step('third', 9)] };
}

describe('messages that do not arrive', () => {
  let sandbox: TestSandbox;

  beforeAll(async () => {
    sandbox = await openSandbox({
      seenAt: Object.fromEntries(LOANS.map((loanRef) => [loanRef, SEEN_AT])),
      strategy: withFallback(),
      // Telephones of the first loan are off, and of the second on a list of refusals; the app always delivers.
      receipts: ({ channel, key }) => {
        if (channel === 'push') return [{ status: 'delivered' }];
        return [key.startsWith('ARRIVE-1') ? { status: 'failed', reason: 'handsetOff' } : { status: 'blocked' }];
      },
    });
  });
  afterAll(async () => {
    await sandbox?.record({ 'fallback-after-receipt-v1': 'ARRIVE-1' });
    await sandbox?.stop();
  });

  const ledger = (loanRef: string) =>
    sandbox.db.select().from(contact).where(eq(contact.loanRef, loanRef)).orderBy(contact.at, contact.key);
  const madeFor = async (loanRef: string) =>
    (await ledger(loanRef)).map(({ step, channel, status, delivery, rules }) =>
      [step, channel, status, delivery, ...rules].join(' '),
    );

  /** The gateway posts what it has kept back, as of an instant of the case, and the case hears of it. */
  async function receiptsArrive(loanRef: string, at: Instant): Promise<void> {
    await sandbox.sinks.gateway.releaseReceipts((held) => held.map((each) => ({ ...each, at })));
    await pollUntil(
      async () => {
        const rows = await sandbox.db.execute('select 1 from outbox');
        return rows.length === 0 ? true : undefined;
      },
      { withinMs: 20_000, everyMs: 20, timeUp: () => new Error(`Case ${loanRef} is not told.`) },
    );
    await sandbox.settled(loanRef);
  }

  test('A7 C2: a text message that did not arrive is followed by the app at once; after two failures the app comes first', async () => {
    const loanRef = 'ARRIVE-1';
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.moveTo(loanRef, taipei('2026-04-03T10:05:00'));
    expect(await madeFor(loanRef)).toEqual(['first sms sent ']);

    await receiptsArrive(loanRef, taipei('2026-04-03T10:06:00'));
    expect(await madeFor(loanRef)).toEqual(['first sms sent failed', 'first push sent ']);

    await sandbox.moveTo(loanRef, taipei('2026-04-07T10:05:00'));
    await receiptsArrive(loanRef, taipei('2026-04-07T10:06:00'));
    await receiptsArrive(loanRef, taipei('2026-04-07T10:07:00'));
    expect(await madeFor(loanRef)).toEqual([
      'first sms sent failed',
      'first push sent delivered',
      'second sms sent failed',
      'second push sent delivered',
    ]);

    // The number has failed twice in a row: the third step does not try it.
    await sandbox.moveTo(loanRef, taipei('2026-04-10T10:05:00'));
    const made = await madeFor(loanRef);
    expect(made.slice(4).toSorted()).toEqual(['third push sent ', 'third sms suppressed  addressDead']);
    expect(await verifyCase(sandbox.db, loanRef)).toMatchObject([{ fault: null }]);
  });

  test('A7: a number on a list of refusals is dead at once', async () => {
    const loanRef = 'ARRIVE-2';
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.moveTo(loanRef, taipei('2026-04-03T10:05:00'));
    await receiptsArrive(loanRef, taipei('2026-04-03T10:06:00'));
    await sandbox.moveTo(loanRef, taipei('2026-04-07T10:05:00'));
    expect((await madeFor(loanRef)).toSorted()).toEqual([
      'first push sent ',
      'first sms sent blocked',
      'second push sent ',
      'second sms suppressed  addressDead',
    ]);
  });
});
