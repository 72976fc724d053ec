import type { Receipt } from '../../contracts/gateway.ts';
import type { GatewayMessage } from './gateway-store.ts';

/** A receipt that a plan wants sent; a plan may want none, or several, which are then doubles or corrections. */
export interface PlannedReceipt {
  readonly status: Receipt['status'];
  readonly reason?: string;
  /** What came of a call by voice; for that channel alone. */
  readonly result?: Receipt['result'];
  /** How long after the message was taken it goes out; at once unless given. */
  readonly delayMs?: number;
}

export interface ReceiptOptions {
  /** Where receipts are posted; asked for when the first one is, since who takes them may start after the gateway. */
  readonly url: string | (() => string);
  /** Which receipts a message gets; unless given one `delivered`, of a call one `connected`. */
  readonly plan?: (message: GatewayMessage) => readonly PlannedReceipt[];
  /** Keeps receipts back until `release`, so that a test says when they arrive and in which order. */
  readonly hold?: boolean;
}

export interface ReceiptSender {
  accepted(message: GatewayMessage): void;
  /** Posts what was kept back, as one array, in the order that `arrange` gives; it may also double or drop some. */
  release(arrange?: (held: readonly Receipt[]) => readonly Receipt[]): Promise<void>;
  /** Drops what is not sent yet. */
  stop(): void;
}

const BATCH_LIMIT = 100;
const BATCH_WAIT_MS = 20;
const POST_TIMEOUT_MS = 5_000;
const POST_ATTEMPTS = 5;
const RETRY_PAUSE_MS = 200;

function deliveredTo({ channel }: GatewayMessage): PlannedReceipt {
  return channel === 'voice' ? { status: 'delivered', result: 'connected' } : { status: 'delivered' };
}

/**
 * Posts receipts the way the contract says: arrays, again until a 2xx, five times at most.
 * @param onSent hears of every receipt that the other side has taken.
 */
export function createReceiptSender(options: ReceiptOptions, onSent: (receipt: Receipt) => void): ReceiptSender {
  const stopped = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  let held: Receipt[] = [];
  let batch: Receipt[] = [];

  function later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  }

  async function postOnce(receipts: readonly Receipt[]): Promise<boolean> {
    try {
      const response = await fetch(typeof options.url === 'string' ? options.url : options.url(), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(receipts),
        signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(POST_TIMEOUT_MS)]),
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }

  async function post(receipts: readonly Receipt[]): Promise<void> {
    for (let attempt = 1; attempt <= POST_ATTEMPTS && !stopped.signal.aborted; attempt += 1) {
      if (await postOnce(receipts)) {
        for (const each of receipts) onSent(each);
        return;
      }
      if (attempt < POST_ATTEMPTS) await new Promise<void>((resolve) => later(RETRY_PAUSE_MS * attempt, resolve));
    }
  }

  function flush(): void {
    const receipts = batch;
    batch = [];
    if (receipts.length > 0) void post(receipts);
  }

  function queue(receipt: Receipt): void {
    if (options.hold === true) {
      held.push(receipt);
      return;
    }
    if (batch.push(receipt) === 1) later(BATCH_WAIT_MS, flush);
    if (batch.length >= BATCH_LIMIT) flush();
  }

  return {
    accepted: (message) => {
      const { key, providerRef } = message;
      for (const { status, reason, result, delayMs } of options.plan?.(message) ?? [deliveredTo(message)]) {
        const send = () =>
          queue({
            providerRef,
            key,
            status,
            at: new Date().toISOString(),
            ...(reason === undefined ? {} : { reason }),
            ...(result === undefined ? {} : { result }),
          });
        if (delayMs === undefined) send();
        else later(delayMs, send);
      }
    },
    release: async (arrange) => {
      const receipts = arrange === undefined ? held : arrange(held);
      held = [];
      if (receipts.length > 0) await post(receipts);
    },
    stop: () => {
      stopped.abort();
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
