import { drawOf } from '../../domain/stable-hash.ts';

/**
 * What a sink is told to do wrong. The first rule that fits and is not used up decides; none means: behave.
 * A function decides by itself, such as `seededFaults`.
 */
export type ScriptEntry<Seen, Fault> = Rule<Seen, Fault> | ((seen: Seen) => Fault | undefined);

export interface Rule<Seen, Fault> {
  readonly fault: Fault;
  /** Which requests it is for; all unless given. */
  readonly when?: (seen: Seen) => boolean;
  /** For how many requests it holds; for ever unless given. */
  readonly times?: number;
}

export interface Script<Seen, Fault> {
  add(entries: readonly ScriptEntry<Seen, Fault>[]): void;
  /** Forgets every rule. */
  clear(): void;
  /** The fault for a request, counted as used. */
  next(seen: Seen): Fault | undefined;
}

export function createScript<Seen, Fault>(first: readonly ScriptEntry<Seen, Fault>[] = []): Script<Seen, Fault> {
  let entries: { readonly decide: (seen: Seen) => Fault | undefined; left: number }[] = [];

  function add(more: readonly ScriptEntry<Seen, Fault>[]): void {
    for (const entry of more) {
      if (typeof entry === 'function') entries.push({ decide: entry, left: Number.POSITIVE_INFINITY });
      else {
        const { fault, when, times } = entry;
        const decide = (seen: Seen) => (when === undefined || when(seen) ? fault : undefined);
        entries.push({ decide, left: times ?? Number.POSITIVE_INFINITY });
      }
    }
  }

  add(first);
  return {
    add,
    clear: () => {
      entries = [];
    },
    next: (seen) => {
      for (const entry of entries) {
        const fault = entry.decide(seen);
        if (fault === undefined) continue;
        entry.left -= 1;
        if (entry.left <= 0) entries = entries.filter((each) => each !== entry);
        return fault;
      }
      return undefined;
    },
  };
}

export interface SeededFaults<Fault> {
  readonly seed: number;
  /** Each fault with its share of requests, between 0 and 1; the shares add up to 1 at most. */
  readonly shares: readonly (readonly [share: number, fault: Fault])[];
  /** From this attempt of a key on it behaves, so that bounded retries get through; never unless given. */
  readonly behaveFromAttempt?: number;
}

/**
 * Faults at random, but the same ones in every run: they hang on the seed, the key and the attempt, not on the order
 * in which concurrent requests happen to arrive.
 */
export function seededFaults<Fault>(
  options: SeededFaults<Fault>,
): (seen: { readonly key: string; readonly attempt: number }) => Fault | undefined {
  return ({ key, attempt }) => {
    if (options.behaveFromAttempt !== undefined && attempt >= options.behaveFromAttempt) return undefined;
    let rest = drawOf(`${options.seed}/${attempt}/${key}`) / 0x1_0000_0000;
    for (const [share, fault] of options.shares) {
      if (rest < share) return fault;
      rest -= share;
    }
    return undefined;
  };
}
