import { setTimeout as delay } from 'node:timers/promises';

export interface PollOptions {
  readonly withinMs: number;
  readonly everyMs: number;
  /** What to throw when time is up. */
  readonly timeUp: () => Error;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks again and again until there is an answer other than `undefined`.
 * @throws what `timeUp` gives after `withinMs`; the reason of `signal` when that is aborted; what `ask` throws
 */
export async function pollUntil<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  options: PollOptions,
): Promise<T> {
  const deadline = performance.now() + options.withinMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() >= deadline) throw options.timeUp();
    await delay(options.everyMs);
  }
}
