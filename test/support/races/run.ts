import { acceptDebtorEvents } from '../../../db/debtor-events.ts';
import { type Database } from '../../../db/client.ts';
import { acceptEvents } from '../../../db/intake.ts';
import type { DebtorEvent } from '../../../domain/debtor-events.ts';
import type { LoanEvent } from '../../../domain/events.ts';
import type { ContactIntent } from '../../../domain/next-action.ts';
import { inLanes } from '../../../platform/in-lanes.ts';
import { INTAKE, seeded } from '../intake.ts';
import type { Call, Ticks } from './evidence.ts';
import type { Deed, Stop } from './plan.ts';
import type { RaceWorker } from './workers.ts';
import { RACES, type RaceLoan } from './world.ts';

/** Deeds under way at the same time. */
const LANES = 24;
/** How many calls are made twice, on two workers. */
const TWINS = 0.3;
/** More tries than the gateway has faults for one key. */
const TRIES = 8;

export interface Played {
  readonly calls: readonly Call[];
  readonly stops: readonly (Stop & { readonly committedAt: number })[];
}

/**
 * When the second of two equal calls begins. The engine never starts a try before the one before it is over, so `inTurn`
 * is what happens; `atOnce` is what happens when an engine breaks that promise.
 */
export type Twins = 'inTurn' | 'atOnce';

interface Contacts {
  readonly loan: RaceLoan;
  readonly contacts: readonly ContactIntent[];
  readonly attempt: number;
}

/**
 * Plays groups of deeds one after the other, the deeds of a group side by side in their order. What fails or is not
 * settled is tried again with the next group, as the engine would.
 */
export async function play(
  groups: readonly (readonly Deed[])[],
  world: {
    readonly db: Database;
    readonly workers: readonly RaceWorker[];
    readonly ticks: Ticks;
    readonly seed: number;
    readonly twins: Twins;
  },
): Promise<Played> {
  const { db, workers, ticks } = world;
  const random = seeded(world.seed);
  const calls: Call[] = [];
  const stops: (Stop & { committedAt: number })[] = [];
  let again: Contacts[] = [];

  /** @returns whether each contact has an outcome; without one, its case would propose it again. */
  async function call({ loan, contacts, attempt }: Contacts, worker: number): Promise<boolean> {
    const strategy = { id: RACES.id, version: RACES.version };
    const input = { loanRef: loan.loanRef, episode: 1, strategy, contacts, balanceVersion: 1 };
    const begunAt = ticks.next();
    const { facts = [], failure = null } = (await workers[worker % workers.length]?.makeContacts(input, attempt)) ?? {};
    calls.push({ keys: contacts.map(({ key }) => key), begunAt, endedAt: ticks.next(), facts, failure });
    return facts.length === contacts.length;
  }

  async function make(contacts: Contacts): Promise<void> {
    const worker = Math.floor(random() * workers.length);
    const isTwin = random() < TWINS;
    const first = call(contacts, worker);
    if (world.twins === 'inTurn') await first;
    const second = isTwin ? call(contacts, worker + 1) : first;
    if (!(await first) || !(await second)) again.push({ ...contacts, attempt: contacts.attempt + 1 });
  }

  async function perform(deed: Deed | (Contacts & { kind: 'contacts' })): Promise<void> {
    if (deed.kind === 'contacts') return make({ attempt: 1, ...deed });
    await accept(db, deed.event);
    if (deed.kind === 'stop') stops.push({ ...deed.stop, committedAt: ticks.next() });
  }

  const rest = Array.from({ length: TRIES }, () => []);
  for (const group of [...groups, ...rest]) {
    const late = again.map((contacts) => ({ kind: 'contacts' as const, ...contacts }));
    again = [];
    await inLanes(LANES, [...late, ...group], perform);
  }
  if (again.length > 0) throw new Error(`${again.length} calls fail again and again: ${calls.at(-1)?.failure}`);
  return { calls, stops };
}

/** Resolves when the event is committed. */
async function accept(db: Database, event: LoanEvent | DebtorEvent): Promise<void> {
  if ('debtorRef' in event.data) {
    await acceptDebtorEvents(db, [event as DebtorEvent], INTAKE.receivedAt);
    return;
  }
  const [taken] = await acceptEvents(db, [event as LoanEvent], INTAKE);
  if (taken?.status !== 'accepted') throw new Error(`${event.id} is ${taken?.status}.`);
}
