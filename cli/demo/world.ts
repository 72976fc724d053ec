import type { ActiveStrategy } from '../../activities/dependencies.ts';
import { DomainError } from '../../domain/errors.ts';
import type { LoanEvent } from '../../domain/events.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Sinks } from '../../local/sinks/index.ts';
import type { Stack } from '../../local/stack.ts';
import { readConfig } from '../../platform/config.ts';
import { createLogger } from '../../platform/logger.ts';
import { type Kept, startKept } from '../../worker/kept.ts';
import type { World } from './drive.ts';
import { hourOfRequest } from './front-desk.ts';

export interface SandboxOptions {
  readonly stack: Pick<Stack, 'databaseUrl' | 'temporalAddress' | 'namespace' | 'uiUrl'>;
  readonly sinks: Pick<Sinks, 'smsGatewayUrl' | 'smtpUrl'>;
  readonly active: ActiveStrategy;
  /** When Kept first sees a loan, on the loan's own clock. */
  readonly seenAt: ReadonlyMap<string, Instant>;
  readonly onMoved: World['onMoved'];
  /** See `CaseInput.sandboxHistoryLimit`. */
  readonly historyLimit?: number;
  /** Segment of the address that the gateway posts receipts and replies to. */
  readonly gatewaySecret?: string;
  /** `warn` unless given. */
  readonly logLevel?: 'warn' | 'silent';
}

/** How long an event may take to reach its case before the run is given up. */
const TOLD_TIMEOUT_MS = 60_000;

/** Kept itself, running on the local stack with cases on clocks of their own, and the handles to drive them. */
export async function startSandbox(options: SandboxOptions): Promise<{ kept: Kept; world: World }> {
  const { stack, sinks, active, seenAt, logLevel = 'warn' } = options;
  const versions = new Map<string, number>();
  const waiters = new Map<string, { version: number; resolve: () => void }[]>();
  const onTold = (loanRef: string, version: number) => {
    versions.set(loanRef, Math.max(version, versions.get(loanRef) ?? 0));
    const waiting = waiters.get(loanRef) ?? [];
    for (const waiter of waiting) if (waiter.version <= version) waiter.resolve();
    waiters.set(
      loanRef,
      waiting.filter((waiter) => waiter.version > version),
    );
  };
  const kept = await startKept({
    config: readConfig({
      DATABASE_URL: stack.databaseUrl,
      TEMPORAL_ADDRESS: stack.temporalAddress,
      TEMPORAL_NAMESPACE: stack.namespace,
      KEPT_PORT: '0',
      SMS_GATEWAY_URL: sinks.smsGatewayUrl,
      SMTP_URL: sinks.smtpUrl,
      KEPT_LOG_LEVEL: logLevel,
      ...(options.gatewaySecret === undefined ? {} : { KEPT_GATEWAY_SECRET: options.gatewaySecret }),
    }),
    active,
    logger: createLogger(logLevel),
    sandbox: {
      startsAt: (loanRef) => {
        const at = seenAt.get(loanRef);
        if (at === undefined) throw new DomainError('LOAN_UNKNOWN', `Loan ${loanRef} is not part of this run.`);
        return at;
      },
      onTold,
      ...(options.historyLimit === undefined ? {} : { historyLimit: options.historyLimit }),
    },
    now: hourOfRequest,
    ...(stack.uiUrl === null ? {} : { temporalUiUrl: `${stack.uiUrl}/namespaces/${stack.namespace}` }),
  });
  const world: World = {
    client: kept.client,
    strategy: active.strategy,
    send: (event) => sendEvent(kept.api.url, event),
    told: (loanRef, version) =>
      (versions.get(loanRef) ?? 0) >= version
        ? Promise.resolve()
        : new Promise((resolve, reject) => {
            const late = () => reject(new Error(`Loan ${loanRef} was not told of balance ${version} in time.`));
            const timer = setTimeout(late, TOLD_TIMEOUT_MS);
            const waiter = { version, resolve: () => resolve(clearTimeout(timer)) };
            waiters.set(loanRef, [...(waiters.get(loanRef) ?? []), waiter]);
          }),
    responses: null,
    onMoved: options.onMoved,
  };
  return { kept, world };
}

/** Sends an event over the API, as a loan system does. */
async function sendEvent(apiUrl: string, event: LoanEvent): Promise<void> {
  const response = await fetch(`${apiUrl}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(event),
    signal: AbortSignal.timeout(TOLD_TIMEOUT_MS),
  });
  const answer = await response.text();
  if (response.status !== 202) throw new Error(`Event ${event.id} was answered ${response.status}: ${answer}`);
}
