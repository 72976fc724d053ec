import type { ChannelProvider, ChannelProviders } from '../activities/ports.ts';
import type { Database } from '../db/client.ts';
import { type DeliveryReceipt, recordReceipts, takeWithoutReceipt } from '../db/receipts.ts';
import { type Instant, instantOf } from '../domain/instant.ts';
import { CHANNELS } from '../domain/strategy.ts';
import { inLanes } from '../platform/in-lanes.ts';
import type { Logger } from '../platform/logger.ts';

export interface ReceiptPollOptions {
  readonly db: Database;
  readonly providers: ChannelProviders;
  readonly logger: Logger;
  /** A minute unless given. */
  readonly everyMs?: number;
  /** What time it is; the system's clock unless given. */
  readonly now?: () => Instant;
}

export interface ReceiptPoll {
  /** Gives up what is under way. */
  stop(): Promise<void>;
}

const EVERY_MS = 60_000;
/** Messages taken at once, and asked after at the same time; and how many such batches one look takes at most. */
const BATCH = 100;
const PARALLEL = 10;
const BATCHES = 20;

type Answer = Awaited<ReturnType<ChannelProvider['lookUp']>>;

/**
 * Asks providers after messages of which no receipt has come, since receipts get lost, and records what they say. Any
 * number of processes may do so: they share the messages, and a receipt that comes twice counts once.
 */
export function startReceiptPoll(options: ReceiptPollOptions): ReceiptPoll {
  const { logger, everyMs = EVERY_MS } = options;
  const stopped = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  function lookLater(): void {
    if (stopped.signal.aborted) return;
    timer = setTimeout(() => {
      looking = look(options, stopped.signal)
        .catch((error: unknown) => {
          logger.warn({ error: nameOf(error) }, 'receipts that did not come could not be asked for');
        })
        .then(lookLater);
    }, everyMs);
  }

  lookLater();
  return {
    stop: async () => {
      stopped.abort();
      clearTimeout(timer);
      await looking;
    },
  };
}

async function look(options: ReceiptPollOptions, signal: AbortSignal): Promise<void> {
  const { db, logger, now = () => instantOf(Date.now()) } = options;
  const failures = new Map<string, number>();
  for (let batch = 0; batch < BATCHES && !signal.aborted; batch += 1) {
    const taken = await takeWithoutReceipt(db, { now: now(), limit: BATCH });
    const receipts: DeliveryReceipt[] = [];
    await inLanes(PARALLEL, taken, async ({ key, channel }) => {
      const asked = CHANNELS.find((each) => each === channel);
      if (asked === undefined || signal.aborted) return;
      try {
        const receipt = receiptOf(key, await options.providers[asked].lookUp(key, signal), now());
        if (receipt) receipts.push(receipt);
      } catch (error) {
        failures.set(nameOf(error), (failures.get(nameOf(error)) ?? 0) + 1);
      }
    });
    await recordReceipts(db, receipts, now());
    if (taken.length < BATCH) break;
  }
  if (failures.size > 0 && !signal.aborted) {
    logger.warn({ failures: Object.fromEntries(failures) }, 'some messages could not be asked after');
  }
}

/** Null: the provider does not know more than Kept. One that refused a message after all has not delivered it. */
function receiptOf(key: string, answer: Answer, at: Instant): DeliveryReceipt | null {
  if (answer.result === 'rejected') return { key, status: 'failed', at, reason: answer.reason, result: null };
  if (answer.result !== 'accepted' || answer.delivery === undefined) return null;
  return { key, status: answer.delivery, at, reason: null, result: answer.callResult ?? null };
}

/** Never the message: that of a database error holds the statement with its parameters. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
