import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caseRecords } from '../../activities/case-records.ts';
import { loadCalendar } from '../../activities/calendar-file.ts';
import { loadSampling } from '../../activities/sampling-file.ts';
import { loadStrategy } from '../../activities/strategy-file.ts';
import { acceptEvents } from '../../db/intake.ts';
import { collectionCase } from '../../db/schema.ts';
import type { LoanEvent } from '../../domain/events.ts';
import type { CaseOutcome } from '../../domain/run-result.ts';
import { type TestDatabase, freshDatabase } from '../support/database.ts';
import { SEEN_AT, dueSoon, payment, reversal, statementOf } from '../support/loans.ts';

const active = loadStrategy('policy/strategies/unsecured-consumer.yaml');

describe('the opening of a case', () => {
  let database: TestDatabase;
  let activities: ReturnType<typeof caseRecords>;

  beforeAll(async () => {
    database = await freshDatabase();
    const unused = () => {
      throw new Error('The opening of a case sends nothing.');
    };
    const calendarOf = (id: string) => loadCalendar(id);
    activities = caseRecords({
      db: database.db,
      active,
      sampling: loadSampling(),
      calendarOf,
      rulePackOf: unused,
      compose: unused,
      notBefore: () => SEEN_AT,
      providers: {
        sms: { send: unused, lookUp: unused },
        email: { send: unused, lookUp: unused },
        push: { send: unused, lookUp: unused },
        voice: { send: unused, lookUp: unused },
      },
    });
  });
  afterAll(() => database?.close());

  const post = (...events: LoanEvent[]) =>
    acceptEvents(database.db, events, { receivedAt: SEEN_AT, allocation: active.strategy.allocation });
  const open = (loanRef: string, runId: string) => activities.openCase({ loanRef, runId, at: SEEN_AT });
  const close = async (loanRef: string, outcome: Exclude<CaseOutcome, 'open'>, balanceVersion: number) => {
    const state = await open(loanRef, 'run-a');
    if (!state) throw new Error(`Loan ${loanRef} has no case.`);
    return activities.closeCase({ loanRef, episode: 1, outcome, at: SEEN_AT, balanceVersion, state });
  };
  const episodes = async (loanRef: string) =>
    (await database.db.select().from(collectionCase).where(eq(collectionCase.loanRef, loanRef)))
      .map(({ episode, outcome }) => `${episode} ${outcome}`)
      .toSorted();

  test('tried again, or by a run that replaces a lost one, takes up the episode that is open', async () => {
    await post(dueSoon(statementOf('OPEN-1')));
    const first = await open('OPEN-1', 'run-a');
    expect(await open('OPEN-1', 'run-a')).toEqual(first);
    expect(await open('OPEN-1', 'run-b')).toEqual(first);
    expect(await episodes('OPEN-1')).toEqual(['1 open']);
  });

  test('after a payment that was taken back goes on with the same episode: NT$5,000.00', async () => {
    await post(dueSoon(statementOf('OPEN-2')));
    await open('OPEN-2', 'run-a');
    await post(payment('OPEN-2', 'OPEN-2-A', 500_000, '2026-03-29T10:00:00+08:00'));
    expect(await close('OPEN-2', 'cured', 2)).toBeNull();
    await post(reversal('OPEN-2', 'OPEN-2-B', 'OPEN-2-A', '2026-03-29T11:00:00+08:00'));
    // The workflow continues as new, so the run that opens is another one of the same chain.
    expect(await open('OPEN-2', 'run-b')).toMatchObject({
      episode: 1,
      closed: null,
      balance: { overdueMinor: 500_000, version: 3 },
      closures: [{ from: SEEN_AT, to: SEEN_AT }],
    });
    expect(await episodes('OPEN-2')).toEqual(['1 open']);
  });

  test.each(['legalHandoff', 'writtenOff', 'recalled'] as const)(
    'does not happen after %s, whatever is due',
    async (outcome) => {
      const loanRef = `OPEN-${outcome}`;
      await post(dueSoon(statementOf(loanRef)));
      await open(loanRef, 'run-a');
      expect(await close(loanRef, outcome, 1)).toBeNull();
      expect(await open(loanRef, 'run-b')).toBeNull();
      expect(await episodes(loanRef)).toEqual([`1 ${outcome}`]);
    },
  );

  test('is not followed by a closing that does not know the newest balance', async () => {
    await post(dueSoon(statementOf('OPEN-3')));
    await open('OPEN-3', 'run-a');
    await post(payment('OPEN-3', 'OPEN-3-A', 100_000, '2026-03-29T10:00:00+08:00'));
    expect(await close('OPEN-3', 'cured', 1)).toMatchObject({ version: 2, overdueMinor: 400_000 });
    expect(await episodes('OPEN-3')).toEqual(['1 open']);
  });
});
