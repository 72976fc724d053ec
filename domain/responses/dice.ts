import { drawOf } from '../stable-hash.ts';
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
export function drawn({ seed, loanRef, deed, purpose }: DrawKey, [least, most]: Range): number {
  return least + (drawOf(`${seed}/${loanRef}/${deed}/${purpose}`) % (most - least + 1));
}
