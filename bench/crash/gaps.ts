import type { GatewaySink } from '../../local/sinks/gateway-sink.ts';
import type { Aim } from './trap.ts';

/** How far a contact was when its process was killed. */
export const GAPS = {
  reserved: 'reserved, not handed over',
  onItsWay: 'handed over, the gateway had not taken it',
  taken: 'taken by the gateway, not settled',
  settled: 'settled, the engine perhaps not told',
} as const;
export type Gap = keyof typeof GAPS;

/** A kill as the ledger and the gateway tell it right after. */
export interface Kill {
  readonly aim: Aim;
  /** Whether a contact came to the point of the aim; if none did, the kill fell on either process. */
  readonly hasHit: boolean;
  /** The gap of the contact that came to the point, or of the one under way that was furthest; null: none was. */
  readonly gap: Gap | null;
  /** The gaps of all contacts that the process had reserved and not settled. */
  readonly leftInDoubt: readonly Gap[];
}

const FURTHEST_FIRST: readonly Gap[] = ['taken', 'onItsWay', 'reserved'];

/**
 * @param options.key the contact that came to the point of the aim
 * @param options.held contacts that the killed process had reserved and not settled
 * @param options.seen keys that the gateway was handed
 */
export function gapsOf(options: {
  readonly key: string | null;
  readonly held: readonly string[];
  readonly seen: ReadonlySet<string>;
  readonly gateway: GatewaySink;
}): Pick<Kill, 'gap' | 'leftInDoubt'> {
  const { key, held, seen, gateway } = options;
  const taken = new Set(gateway.handOvers().map((handOver) => handOver.key));
  const gapOf = (each: string): Gap => {
    if (!held.includes(each)) return 'settled';
    if (taken.has(each)) return 'taken';
    return seen.has(each) ? 'onItsWay' : 'reserved';
  };
  const leftInDoubt = held.map(gapOf);
  const furthest = FURTHEST_FIRST.find((gap) => leftInDoubt.includes(gap)) ?? null;
  return { gap: key === null ? furthest : gapOf(key), leftInDoubt };
}
