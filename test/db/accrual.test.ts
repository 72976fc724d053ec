import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCalendar } from '../../activities/calendar-file.ts';
import { loadSampling } from '../../activities/sampling-file.ts';
import { caseRecords } from '../../activities/case-records.ts';
import type { Dependencies } from '../../activities/dependencies.ts';
import { reserveContacts } from '../../activities/ledger.ts';
import { loadRulePack } from '../../activities/rule-pack-file.ts';
import { loadStrategy } from '../../activities/strategy-file.ts';
import { loadTemplates } from '../../activities/templates.ts';
import { acceptDebtorEvents } from '../../db/debtor-events.ts';
import { acceptEvents } from '../../db/intake.ts';
import { loan } from '../../db/schema.ts';
import { balanceOf } from '../../domain/balance.ts';
import type { LoanEvent } from '../../domain/events.ts';
import { type Instant, parseInstant, plusMs } from '../../domain/instant.ts';
import type { ContactIntent } from '../../domain/action.ts';
import { viewOfEvents } from '../../domain/open-case.ts';
import { composeMessage } from '../../worker/compose-message.ts';
import { type TestDatabase, freshDatabase } from '../support/database.ts';
import { inBatches, lifeOf, seeded, shuffled } from '../support/intake.ts';
import { SEEN_AT, dueSoon, payment, reversal, statementOf } from '../support/loans.ts';

const active = loadStrategy('policy/strategies/secured-instalment.yaml');
const { strategy } = active;
const LOANS = 20;

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database?.close());

/** Takes events in, with a server whose active strategy lets interest accrue, or one whose does not. */
async function post(events: readonly LoanEvent[], isAccruing = true): Promise<void> {
  const { allocation, penaltyInterest } = strategy;
  const terms = isAccruing ? { allocation, penaltyInterest } : { allocation };
  for (const result of await acceptEvents(database.db, events, { receivedAt: SEEN_AT, ...terms })) {
    if (result.status === 'refused') throw result.error;
  }
}

async function rowOf(loanRef: string) {
  const [row] = await database.db.select().from(loan).where(eq(loan.loanRef, loanRef));
  if (!row) throw new Error(`Loan ${loanRef} is not there.`);
  return row;
}

const unused = () => {
  throw new Error('Nothing is sent here.');
};
const provider = { send: unused, lookUp: unused };

function dependencies(): Dependencies {
  return {
    db: database.db,
    active,
    sampling: loadSampling(),
    calendarOf: (id) => loadCalendar(id),
    rulePackOf: (id) => loadRulePack(id),
    compose: composeMessage(loadTemplates()),
    notBefore: () => SEEN_AT,
    providers: { sms: provider, email: provider, push: provider, voice: provider },
  };
}

const open = (loanRef: string) => caseRecords(dependencies()).openCase({ loanRef, runId: 'run', at: SEEN_AT });

/** What a text message would say is due, at an instant; null when none may be sent. */
async function messageAt(loanRef: string, at: Instant): Promise<string | null> {
  const intent: ContactIntent = {
    key: `${loanRef}/${at}`,
    step: 'overdue-first',
    stage: 'early',
    channel: 'sms',
    isLastResort: true,
    template: 'overdue-first',
    at,
    validUntil: plusMs(at, 86_400_000),
  };
  const { id, version } = strategy;
  const input = { loanRef, episode: 1, strategy: { id, version }, balanceVersion: 99, contacts: [intent] };
  const deps = dependencies();
  const [reservation] = (await reserveContacts(deps, input)).reserved;
  return reservation ? (deps.compose(intent, { ...reservation, at }).text ?? null) : null;
}

describe('What is due on the server', () => {
  test(`is to the cent what a rehearsal reckons, on ${LOANS} loans whose events come in any order`, async () => {
    const random = seeded(7);
    const lives = new Map(
      Array.from({ length: LOANS }, (_, index) => {
        const loanRef = `ACC-${index}`;
        return [loanRef, lifeOf(loanRef, random)] as const;
      }),
    );
    for (const batch of inBatches(shuffled([...lives.values()].flat(), random), 9, random)) await post(batch);
    let charged = 0;
    for (const [loanRef, events] of lives) {
      const row = await rowOf(loanRef);
      const rehearsed = balanceOf(events, strategy);
      expect(row.due, loanRef).toEqual(rehearsed?.due);
      expect({ overdueMinor: row.overdueMinor, version: row.version }, loanRef).toEqual({
        overdueMinor: viewOfEvents(events, strategy)?.overdueMinor,
        version: events.length,
      });
      if (rehearsed && rehearsed.due.penalty !== balanceOf(events, { allocation: strategy.allocation })?.due.penalty) {
        charged += 1;
      }
    }
    expect(charged, 'loans on which something accrued').toBeGreaterThanOrEqual(10);
  });

  test('is reckoned by the strategy that the case is pinned to, whatever the server runs with by then', async () => {
    await post([dueSoon(statementOf('PIN-1'))]);
    await open('PIN-1');
    await post([payment('PIN-1', 'PIN-1-P', 100_000, '2026-04-11T10:00:00+08:00')], false);
    // Days 4 to 10 at four hundredths of a percent of NT$5,000.00, and the fee of day 10; the payment is principal first.
    expect((await rowOf('PIN-1')).due).toMatchObject({ principal: 400_000, penalty: 14_00, fees: 200_00 });
    await post([dueSoon(statementOf('PIN-2'))], false);
    await post([payment('PIN-2', 'PIN-2-P', 100_000, '2026-04-11T10:00:00+08:00')], false);
    expect((await rowOf('PIN-2')).due).toMatchObject({ principal: 400_000, penalty: 0, fees: 0 });
  });
});

describe('A message', () => {
  const at = (day: string) => parseInstant(`2026-04-${day}T11:00:00+08:00`);

  test('shows the penalty as of its own day, not of the last event', async () => {
    await post([dueSoon(statementOf('MSG-1'))]);
    await open('MSG-1');
    expect((await rowOf('MSG-1')).due).toMatchObject({ penalty: 0 });
    expect(await messageAt('MSG-1', at('02'))).toContain(
      '應繳 NT$5,000.00（本金 NT$5,000.00、利息 NT$0.00、違約金 NT$0.00',
    );
    // The first of the days that cost NT$2.00 is the fourth past due; on the tenth the fee comes.
    expect(await messageAt('MSG-1', at('07'))).toContain(
      '截至 2026-04-07 應繳 NT$5,006.00（本金 NT$5,000.00、利息 NT$0.00、違約金 NT$6.00、費用 NT$0.00',
    );
    expect(await messageAt('MSG-1', at('13'))).toContain(
      '應繳 NT$5,218.00（本金 NT$5,000.00、利息 NT$0.00、違約金 NT$18.00、費用 NT$200.00',
    );
  });

  test('shows what a payment that was taken back had spared', async () => {
    await post([
      dueSoon(statementOf('MSG-2')),
      payment('MSG-2', 'MSG-2-P', 300_000, '2026-04-06T09:00:00+08:00'),
      reversal('MSG-2', 'MSG-2-R', 'MSG-2-P', '2026-04-09T09:00:00+08:00'),
    ]);
    await open('MSG-2');
    expect(await messageAt('MSG-2', at('10'))).toContain('違約金 NT$12.00');
  });

  test('shows nothing of the days of a hold, also when the hold is told later than they were', async () => {
    await post([dueSoon(statementOf('MSG-3'))]);
    await open('MSG-3');
    const data = { debtorRef: 'debtor-MSG-3', source: 'tests' };
    await acceptDebtorEvents(
      database.db,
      [
        {
          id: 'MSG-3-H',
          type: 'hold.placed',
          timestamp: at('06'),
          data: { ...data, reason: 'dispute', until: parseInstant('2026-04-12T00:00:00+08:00') },
        },
      ],
      SEEN_AT,
    );
    // Of the days from the 5th on, the 5th, the 12th and the 13th; the day of the fee was the 11th.
    expect(await messageAt('MSG-3', at('13'))).toContain('違約金 NT$6.00、費用 NT$0.00');
  });
});
