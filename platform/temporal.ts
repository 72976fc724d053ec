import { Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import type { Logger } from './logger.ts';

let isInstalled = false;

/**
 * Sends the logs of the Temporal SDK, workflows and activities included, through ours. The runtime is one a process
 * and has to be set before its first use, so later calls change nothing.
 */
export function installRuntime(logger: Logger): void {
  if (isInstalled) return;
  isInstalled = true;
  type Meta = Readonly<Record<string | symbol, unknown>>;
  const pass = (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') => (message: string, meta?: Meta) =>
    logger[level](meta ?? {}, message);
  Runtime.install({
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} },
    },
    logger: {
      log: (level, message, meta) => pass(level === 'TRACE' ? 'trace' : (level.toLowerCase() as 'info'))(message, meta),
      trace: pass('trace'),
      debug: pass('debug'),
      info: pass('info'),
      warn: pass('warn'),
      error: pass('error'),
    },
  });
}
