import { createHash } from 'node:crypto';
import type { CallResult, MessageBody } from '../../contracts/gateway.ts';
import type { JsonlLog } from './jsonl-log.ts';

/** A message that the gateway took. */
export interface GatewayMessage extends MessageBody {
  /** 1 for the first message. */
  readonly no: number;
  /** When it was taken: ISO 8601 UTC by the machine's clock. */
  readonly at: string;
  readonly providerRef: string;
}

export type KeyStatus = 'accepted' | 'delivered' | 'failed' | 'blocked';

/** What became of one hand-over: `repeated` is a key that is known with the same content, `conflict` with another. */
export type Taken =
  | { readonly outcome: 'accepted' | 'repeated'; readonly message: GatewayMessage }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'rejected'; readonly reason: string };

/** A message with the newest that is known of it; a call has a result once it is over. */
export interface TakenMessage {
  readonly message: GatewayMessage;
  status: KeyStatus;
  result?: CallResult;
}

interface Entry {
  readonly fingerprint: string;
  readonly taken: TakenMessage | { readonly reason: string };
}

/** The gateway's memory: one message a key, in order, each also a line of the log. */
export interface GatewayStore {
  readonly messages: readonly GatewayMessage[];
  /** Takes a message, or refuses it for good when a reason is given. A key that is known keeps its outcome. */
  take(body: MessageBody, rejectReason?: string): Taken;
  find(key: string): Readonly<TakenMessage> | { readonly reason: string } | undefined;
  setStatus(key: string, status: KeyStatus, result?: CallResult): void;
}

export function createGatewayStore(log: JsonlLog): GatewayStore {
  const messages: GatewayMessage[] = [];
  const entries = new Map<string, Entry>();

  function known(entry: Entry, fingerprint: string): Taken {
    if (entry.fingerprint !== fingerprint) return { outcome: 'conflict' };
    const { taken } = entry;
    if ('reason' in taken) return { outcome: 'rejected', reason: taken.reason };
    return { outcome: 'repeated', message: taken.message };
  }

  function take(body: MessageBody, rejectReason?: string): Taken {
    const fingerprint = fingerprintOf(body);
    const entry = entries.get(body.key);
    const at = new Date().toISOString();
    if (entry !== undefined) {
      const taken = known(entry, fingerprint);
      log.append({ event: taken.outcome, at, key: body.key });
      return taken;
    }
    if (rejectReason !== undefined) {
      log.append({ event: 'rejected', at, key: body.key, reason: rejectReason });
      entries.set(body.key, { fingerprint, taken: { reason: rejectReason } });
      return { outcome: 'rejected', reason: rejectReason };
    }
    const message = { ...body, no: messages.length + 1, at, providerRef: providerRefOf(body.key) };
    log.append({ event: 'accepted', ...message });
    messages.push(message);
    entries.set(body.key, { fingerprint, taken: { message, status: 'accepted' } });
    return { outcome: 'accepted', message };
  }

  return {
    messages,
    take,
    find: (key) => entries.get(key)?.taken,
    setStatus: (key, status, result) => {
      const taken = entries.get(key)?.taken;
      if (taken === undefined || !('message' in taken)) return;
      taken.status = status;
      if (result !== undefined) taken.result = result;
    },
  };
}

/** Two bodies are the same content when they differ at most in the order of their fields. */
function fingerprintOf(body: MessageBody): string {
  const { channel, to, language, templateCode } = body;
  const params = Object.entries(body.params).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([channel, to, language, templateCode, params]);
}

/** The reference hangs on the key alone, so it is also the same after a restart. */
function providerRefOf(key: string): string {
  return `gw-${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
}
