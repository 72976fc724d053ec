import { type Instant, epochMsOf, instantOf } from '../domain/instant.ts';
import type { CaseInput } from './contract.ts';

/** The case's own clock. In production it is the workflow's; in the sandbox it starts at a chosen instant. */
export interface CaseClock {
  readonly offsetMs: number;
  now(): Instant;
}

/** Date.now() in a workflow is the time of its current task, the same on every replay. */
export function caseClock(input: CaseInput): CaseClock {
  const offsetMs =
    input.carried?.clockOffsetMs ?? (input.sandboxStartsAt ? epochMsOf(input.sandboxStartsAt) - Date.now() : 0);
  return { offsetMs, now: () => instantOf(Date.now() + offsetMs) };
}
