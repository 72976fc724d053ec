import { type Instant, epochMsOf, instantOf } from '../domain/instant.ts';

/** The case's own clock. In production it is the workflow's; in the sandbox it starts at a chosen instant. */
export interface CaseClock {
  readonly offsetMs: number;
  now(): Instant;
}

/** What a clock is set by: the carried offset when a run continues as new, else a sandbox's beginning. */
interface ClockSetting {
  readonly sandboxStartsAt?: Instant;
  readonly carried?: { readonly clockOffsetMs: number };
}

/** Date.now() in a workflow is the time of its current task, the same on every replay. */
export function caseClock(input: ClockSetting): CaseClock {
  const offsetMs =
    input.carried?.clockOffsetMs ?? (input.sandboxStartsAt ? epochMsOf(input.sandboxStartsAt) - Date.now() : 0);
  return { offsetMs, now: () => instantOf(Date.now() + offsetMs) };
}
