import type { Agreement } from './agreement.ts';
import type { Refusal } from './case-state.ts';
import type { PlacedHold } from './debtor-standing.ts';
import { endOfHold } from './hold-terms.ts';
import type { Instant } from './instant.ts';
import { compareText } from './order.ts';

/** A time in which the ladder stands still; half-open. Null: nobody knows when it ends. */
export interface Pause {
  readonly from: Instant;
  readonly to: Instant | null;
}

/** What a case stands still for. */
interface Pausing {
  readonly loanRef: string;
  readonly openedAt: Instant;
  readonly holds: readonly PlacedHold[];
  readonly agreements: readonly Pick<Agreement, 'madeAt' | 'endedAt'>[];
  readonly closures: readonly Pause[];
  readonly refusals: readonly Refusal[];
}

/** When a hold stops contact about a loan; null when it is about another one. */
export function pauseOfHold(hold: PlacedHold, loanRef: string): Pause | null {
  const { from, debt } = hold;
  return debt === null || debt === loanRef ? { from, to: endOfHold(hold) } : null;
}

/**
 * The times in which a case stood or stands still, in order, none touching another: its holds and agreements, when
 * a debtor who had refused was let be, and when it was closed for a while; those that overlap taken together. What lies before the case began is left out.
 */
export function pausesOf({ loanRef, openedAt, holds, agreements, closures, refusals }: Pausing): readonly Pause[] {
  const single = [
    ...holds.map((hold) => pauseOfHold(hold, loanRef)),
    ...agreements.map(({ madeAt, endedAt }) => ({ from: madeAt, to: endedAt })),
    ...closures,
    ...refusals.map(({ at, until }) => ({ from: at, to: until })),
  ].filter((pause): pause is Pause => pause !== null && (pause.to === null || pause.to > openedAt));
  const merged: Pause[] = [];
  for (const pause of single.toSorted((a, b) => compareText(a.from, b.from))) {
    const from = pause.from < openedAt ? openedAt : pause.from;
    if (pause.to !== null && pause.to <= from) continue;
    const last = merged.at(-1);
    if (!last || (last.to !== null && last.to < from)) merged.push({ from, to: pause.to });
    else merged[merged.length - 1] = { from: last.from, to: later(last.to, pause.to) };
  }
  return merged;
}

/** The pauses that are over. */
export function endedPauses(pauses: readonly Pause[], now: Instant): readonly Pause[] {
  return pauses.filter(({ to }) => to !== null && to <= now);
}

/** The pause that an instant lies in. */
export function pauseAt(pauses: readonly Pause[], now: Instant): Pause | null {
  return pauses.find(({ from, to }) => from <= now && (to === null || now < to)) ?? null;
}

function later(a: Instant | null, b: Instant | null): Instant | null {
  return a === null || b === null ? null : a > b ? a : b;
}

/** Whether two lists of pauses are the same. */
export function isSamePauses(some: readonly Pause[], others: readonly Pause[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ from, to }, index) => from === others[index]?.from && to === others[index]?.to)
  );
}
