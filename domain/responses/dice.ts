import type { Range } from './model.ts';

/** What a draw is about: no two draws of a run have the same, so none depends on another or on their order. */
export interface DrawKey {
  readonly seed: number;
  readonly loanRef: string;
  /** What is responded to; see `Deed.key`. */
  readonly deed: string;
  /** What the draw decides, such as `day`. */
  readonly purpose: string;
}

/** A whole number of a range, each as likely as the other; the same for a key on every machine. */
export function drawn(key: DrawKey, [least, most]: Range): number {
  return least + (hashOf(key) % (most - least + 1));
}

/**
 * FNV-1a, 32 bits. Its last step is one multiplication, which keys that differ only at their end hardly differ after;
 * the shifts and multiplications of MurmurHash3 at the end spread them.
 */
function hashOf({ seed, loanRef, deed, purpose }: DrawKey): number {
  let hash = 0x811c9dc5;
  for (const char of `${seed}/${loanRef}/${deed}/${purpose}`) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
