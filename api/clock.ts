import { type Instant, instantOf } from '../domain/instant.ts';

/** The clock that contacts are judged by: the system's unless another is given. */
export function clockOf({ now }: { readonly now?: () => Instant }): () => Instant {
  return now ?? (() => instantOf(Date.now()));
}
