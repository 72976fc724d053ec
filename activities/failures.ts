import { ApplicationFailure } from '@temporalio/common';
import { DomainError, explain } from '../domain/errors.ts';

/** A provider may ask for patience, but not for more than a case has: as long as the longest wait between tries. */
const LONGEST_DELAY_MS = 600_000;

/**
 * Wraps activities so that what they throw is fit for a history: coded, without personal data, and retried only when
 * that can help. Database errors carry the statement with its parameters, so of those only the kind goes on.
 */
export function guarded<A extends object>(activities: A): A {
  return Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [
      name,
      async (...args: unknown[]) => {
        try {
          return await (activity as (...input: unknown[]) => Promise<unknown>)(...args);
        } catch (error) {
          throw toFailure(name, error);
        }
      },
    ]),
  ) as A;
}

function toFailure(activity: string, error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof DomainError) {
    const retryAfterMs = error.details['retryAfterMs'];
    const delayMs = typeof retryAfterMs === 'number' ? Math.min(retryAfterMs, LONGEST_DELAY_MS) : null;
    return ApplicationFailure.create({
      message: explain(error),
      type: error.code,
      nonRetryable: false,
      ...(delayMs === null ? {} : { nextRetryDelay: delayMs }),
    });
  }
  return ApplicationFailure.retryable(`${activity} failed: ${kindOf(error)}.`, 'INTERNAL');
}

/** The innermost error's code or class: `ECONNREFUSED`, `40001`, `TypeError`; never its message. */
function kindOf(error: unknown): string {
  let inner = error;
  for (let depth = 0; depth < 5 && inner instanceof Error && inner.cause instanceof Error; depth += 1)
    inner = inner.cause;
  if (!(inner instanceof Error)) return typeof inner;
  return 'code' in inner && typeof inner.code === 'string' ? inner.code : inner.name;
}
