import type { GatewayFault } from '../../local/sinks/gateway-faults.ts';
import { oneOf } from '../random.ts';
import type { LedgerChange } from './ledger-watch.ts';

/** The points of a contact at which a process is killed, in the order in which a contact passes them. */
export const KILL_POINTS = {
  anyMoment: 'at any moment',
  reserved: 'a contact was reserved',
  dropped: 'the gateway is handed a message and takes nothing',
  arriving: 'the gateway is handed a message and takes it a little later',
  taken: 'the gateway has taken a message and has not answered',
  answered: 'the gateway has answered',
  settled: 'a contact was settled',
} as const;
export type KillPoint = keyof typeof KILL_POINTS;

/** Where the next kill is to fall. */
export interface Aim {
  readonly point: KillPoint;
  /** The first contact that passes the point is let through, or the first two. */
  readonly nth: number;
  /** How long after the point, or after the start for `anyMoment`. */
  readonly afterMs: number;
}

const TAKES_LATER_MS = 60;
const ANSWERS_LATER_MS = 150;
const ANY_MOMENT_WITHIN_MS = 600;

/** More often at any moment, which is most of the time; and at a reservation, where the gap is the narrowest. */
const DRAWN: readonly KillPoint[] = [
  ...(Object.keys(KILL_POINTS) as KillPoint[]),
  'anyMoment',
  'anyMoment',
  'reserved',
];

export function aimOf(random: () => number): Aim {
  const point = oneOf(DRAWN, random);
  const withinMs = point === 'anyMoment' ? ANY_MOMENT_WITHIN_MS : ANSWERS_LATER_MS / 2;
  return { point, nth: 1 + Math.floor(random() * 3), afterMs: random() * withinMs };
}

/** Watches for the point of an aim and strikes the process that has come to it. */
export interface Trap {
  /** @param strike kills the process that has a contact under way, at once; false when it does not serve. */
  arm(aim: Aim, strike: Strike): void;
  disarm(): void;
  readonly onLedgerChange: (change: LedgerChange) => void;
  /** What the gateway does with a hand-over: `none` when it has to behave, undefined when it is none of the trap's. */
  readonly onHandOver: (key: string, process: string | undefined) => GatewayFault | 'none' | undefined;
}

export type Strike = (process: string, key: string) => boolean;

export function createTrap(): Trap {
  let armed: { readonly aim: Aim; readonly strike: Strike; passed: number } | undefined;

  /** The aim when a process comes to its point as the one to be killed. */
  function caught(points: readonly KillPoint[]): Aim | undefined {
    if (!armed || !points.includes(armed.aim.point)) return undefined;
    armed.passed += 1;
    return armed.passed >= armed.aim.nth ? armed.aim : undefined;
  }

  function strike(process: string, key: string): void {
    if (armed?.strike(process, key)) armed = undefined;
  }

  return {
    arm: (aim, struck) => {
      armed = { aim, strike: struck, passed: 0 };
    },
    disarm: () => {
      armed = undefined;
    },
    onLedgerChange: ({ process, key, status }) => {
      const point = { reserved: 'reserved', sent: 'settled' }[status] as KillPoint | undefined;
      if (point && caught([point])) strike(process, key);
    },
    onHandOver: (key, process) => {
      const aim = process === undefined ? undefined : caught(['dropped', 'arriving', 'taken', 'answered']);
      if (process === undefined || !aim) return undefined;
      switch (aim.point) {
        case 'dropped':
          strike(process, key);
          return { do: 'drop' };
        case 'arriving':
          strike(process, key);
          return { do: 'delay', ms: TAKES_LATER_MS };
        case 'taken':
          setTimeout(() => strike(process, key), aim.afterMs);
          return { do: 'acceptThenDelay', ms: ANSWERS_LATER_MS };
        default:
          // The answer is written before the next turn of the loop.
          setImmediate(() => strike(process, key));
          return 'none';
      }
    },
  };
}
