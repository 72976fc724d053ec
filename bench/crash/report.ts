import type { Effects } from './effects.ts';
import { GAPS, type Gap, type Kill } from './gaps.ts';
import { KILL_POINTS, type KillPoint } from './trap.ts';

/** What a run prints. */
export function reportOf(kills: readonly Kill[], effects: Effects): string[] {
  const points = Object.entries(KILL_POINTS) as [KillPoint, string][];
  const gaps = Object.entries(GAPS) as [Gap, string][];
  const count = (matches: (kill: Kill) => boolean) => kills.filter(matches).length;
  return [
    'kills by what set them off:',
    ...points.map(([point, title]) =>
      line(
        title,
        count(({ aim, hasHit }) => hasHit && aim.point === point),
      ),
    ),
    line(
      'nothing came to the point in time: at that moment',
      count(({ hasHit }) => !hasHit),
    ),
    `${'how far the contact was, as the ledger and the gateway said right after:'.padEnd(72)}   kills  contacts`,
    line(
      'none was under way: before a reservation, or idle',
      count(({ gap }) => gap === null),
    ),
    ...gaps.map(
      ([gap, title]) =>
        line(
          title,
          count((kill) => kill.gap === gap),
        ) + column(kills.flatMap(({ leftInDoubt }) => leftInDoubt).filter((each) => each === gap).length),
    ),
    "at the end, by the gateway's log and the ledger:",
    line('messages at the gateway', effects.messages),
    line('people who got more than one', effects.doubled),
    line('people who got none', effects.lost),
    line('hand-overs that were repeats of a key', effects.repeats),
    line('hand-overs of a key with other content', effects.conflicts),
    line('messages that the ledger does not say are sent', effects.notOnLedger),
    line('sent by the ledger, not at the gateway', effects.notAtGateway),
    line('contacts in doubt', effects.inDoubt),
  ];
}

function line(title: string, value: number): string {
  return `  ${title.padEnd(70)}${column(value)}`;
}

function column(value: number): string {
  return String(value).padStart(10);
}
