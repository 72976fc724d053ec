import { type Logger, pino } from 'pino';

export type { Logger };

/** Structured logs on standard error, so that results on standard output stay clean. Ids only, never addresses. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      redact: { paths: ['*.phone', '*.email', '*.to', '*.text', 'headers.authorization', 'taskToken'], remove: true },
    },
    pino.destination(2),
  );
}
