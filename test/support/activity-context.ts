import { Context, type Info, asyncLocalStorage } from '@temporalio/activity';
import { type Logger, noopMetricMeter } from '@temporalio/common';

const silent = () => {};
const noLogger: Logger = { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent };

/** Runs an activity as the given try, without an engine: nobody cancels it and nobody hears its heartbeats. */
export function inActivity<Result>(attempt: number, work: () => Promise<Result>): Promise<Result> {
  // Activities ask for no more than which try it is.
  const info = { attempt } as Info;
  const never = new Promise<never>(() => {});
  const { signal } = new AbortController();
  return asyncLocalStorage.run(
    new Context(info, never, signal, silent, undefined, noLogger, noopMetricMeter, {}),
    work,
  );
}
