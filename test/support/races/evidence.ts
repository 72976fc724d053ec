import type { Fact } from '../../../domain/case-state.ts';
import type { Channel } from '../../../domain/strategy.ts';
import type { Stop } from './plan.ts';

/** Counts what this process saw, one after the other: its only clock. */
export interface Ticks {
  next(): number;
}

export function createTicks(): Ticks {
  let last = 0;
  return { next: () => (last += 1) };
}

/** One call of the activity, by the ticks around it. */
export interface Call {
  readonly keys: readonly string[];
  readonly begunAt: number;
  readonly endedAt: number;
  readonly facts: readonly Fact[];
  readonly failure: string | null;
}

/** What was to be sent, as the plan had it. */
export interface Planned {
  readonly key: string;
  readonly step: string;
  readonly loanRef: string;
  readonly debtorRef: string;
  readonly channel: Channel;
  /** Local day. */
  readonly day: string;
}

/** One line of the gateway's log about a message that it took. */
export interface TakenMessage {
  readonly key: string;
  readonly to: string;
  readonly channel: string;
  readonly providerRef: string;
}

/** A row of the ledger. */
export interface LedgerRow {
  readonly key: string;
  readonly status: string;
  readonly providerRef: string | null;
  readonly balanceVersion: number | null;
}

/** Everything a run is judged by: what the gateway has, in which order this process saw things, and the tables. */
export interface Evidence {
  readonly planned: readonly Planned[];
  readonly messages: readonly TakenMessage[];
  /** When the gateway took the message of a key. */
  readonly takenAt: ReadonlyMap<string, number>;
  readonly calls: readonly Call[];
  readonly stops: readonly (Stop & { readonly committedAt: number })[];
  readonly rows: readonly LedgerRow[];
  /** The version of the balance with which a loan was cleared. */
  readonly clearedBy: ReadonlyMap<string, number>;
  /** Messages to one debtor on one local day, by channel. */
  readonly caps: Readonly<Record<string, number>>;
}
