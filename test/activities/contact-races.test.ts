import { describe, expect, test } from 'vitest';
import { type Race, runRace } from '../support/races/arena.ts';
import { faultsOf } from '../support/races/check.ts';
import type { Evidence } from '../support/races/evidence.ts';

// `npm run races` runs them at full size.
const SEED = Number(process.env['KEPT_RACE_SEED'] ?? 20_260_401);
const DEBTORS = Number(process.env['KEPT_RACE_DEBTORS'] ?? 80);
const TIMEOUT_MS = 600_000;

const RACE = { debtors: DEBTORS, days: 3, workers: 3, seed: SEED } as const satisfies Partial<Race>;

describe(`contacts of ${DEBTORS} debtors that three workers make, with a gateway that fails in every way`, () => {
  test(
    'race with payments, opt-outs and holds: none is made after one of them, over a cap, or twice',
    async () => {
      const evidence = await runRace({ ...RACE, loansPerDebtor: 3, hasStops: true, twins: 'atOnce' });
      tell(evidence);
      expectNoFaults(evidence);
      for (const why of ['payment', 'optOut', 'hold']) expect(evidence.stops.map((stop) => stop.why)).toContain(why);
    },
    TIMEOUT_MS,
  );

  test(
    'given to two workers at once: each is made once, and both are told the same',
    async () => {
      const evidence = await runRace({ ...RACE, loansPerDebtor: 1, hasStops: false, twins: 'atOnce' });
      tell(evidence);
      expectNoFaults(evidence);
      expect(evidence.messages).toHaveLength(evidence.planned.length);
    },
    TIMEOUT_MS,
  );
});

function expectNoFaults(evidence: Evidence): void {
  const faults = faultsOf(evidence);
  expect(faults.slice(0, 20), `seed ${SEED}: ${faults.length} faults`).toEqual([]);
  const failures = new Set(evidence.calls.flatMap(({ failure }) => failure ?? []));
  // Nothing but what the gateway does: no deadlock, no lock that was waited for in vain.
  expect([...failures], `seed ${SEED}`).toEqual(['PROVIDER_UNREACHABLE']);
}

/** The figures of docs/proof.md. */
function tell({ planned, calls, stops, messages, rows }: Evidence): void {
  const count = (status: string) => rows.filter((row) => row.status === status).length;
  const stopped = (why: string) => stops.filter((stop) => stop.why === why).length;
  console.log(
    [
      `seed ${SEED}: ${planned.length} contacts in ${calls.length} calls, ${messages.length} messages at the gateway`,
      `ledger: ${count('sent')} sent, ${count('suppressed')} suppressed, ${count('deferred')} deferred`,
      `in between: ${stopped('payment')} payments, ${stopped('optOut')} opt-outs, ${stopped('hold')} holds`,
      `failed calls: ${calls.filter(({ failure }) => failure !== null).length}`,
    ].join('\n'),
  );
}
