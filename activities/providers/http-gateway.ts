import { DomainError } from '../../domain/errors.ts';
import type { Channel } from '../../domain/strategy.ts';
import type { ChannelProvider, Delivery, OutgoingMessage } from '../ports.ts';
import {
  BODY_LIMIT_BYTES,
  LOOK_UP_PATH,
  MESSAGES_PATH,
  acceptedBody,
  keyHeader,
  lookUpBody,
  rejectedBody,
} from '../../contracts/gateway.ts';
import { type Answer, exchange, jsonOf } from './http-exchange.ts';
import { reasonCode, unreachable } from './unreachable.ts';

export interface HttpGatewayOptions {
  /** Where the contract's paths start; may have a path of its own. */
  readonly baseUrl: string;
  readonly token: string;
  /** The longest one exchange may take; `send` makes at most two, so it takes at most twice as long. */
  readonly timeoutMs: number;
  readonly channels: readonly Channel[];
}

type LookedUp = Exclude<Delivery, { result: 'unknown' }> | { readonly result: 'absent' };

const UNREADABLE: Answer = { kind: 'inDoubt', why: 'unreadableAnswer' };

/**
 * A provider over the generic HTTP gateway contract (docs/gateway.md).
 *
 * What `send` makes of an answer, in this order:
 * 1. 2xx with a `providerRef`: `accepted`. 422: `rejected`. 409, the key was used for other content: `unknown`, for
 *    something went out under this key that is not this message.
 * 2. No connection, 429, 503, 3xx and every other 4xx: nothing was taken. PROVIDER_UNREACHABLE, `taken` is `no`.
 * 3. Anything else after the request was written (timeout, broken or unreadable answer, other 5xx) is in doubt: the
 *    gateway is asked for the key once, and its answer counts. If it has not seen the key, or does not say,
 *    PROVIDER_UNREACHABLE with `taken` `perhaps`.
 *
 * Sending again is safe after every PROVIDER_UNREACHABLE, since the gateway makes one message a key. Only when the
 * caller gives up does `perhaps` become an unknown outcome. `lookUp` never answers `unknown`: a gateway can always
 * say, so a failure to hear it is PROVIDER_UNREACHABLE and worth another try.
 *
 * @throws DomainError CONFIG_INVALID when the base URL is not http or https.
 */
export function createHttpGateway(options: HttpGatewayOptions): ChannelProvider {
  const base = baseUrlOf(options.baseUrl);
  const messagesUrl = new URL(MESSAGES_PATH, base);
  const authorization = `Bearer ${options.token}`;
  const bounds = { timeoutMs: options.timeoutMs, answerLimitCharacters: BODY_LIMIT_BYTES };

  async function ask(key: string, signal: AbortSignal): Promise<Answer> {
    const url = new URL(LOOK_UP_PATH + encodeURIComponent(key), base);
    return exchange({ url, method: 'GET', headers: { authorization }, signal, ...bounds });
  }

  async function lookUp(key: string, signal: AbortSignal): Promise<LookedUp> {
    const answer = await ask(key, signal);
    const found = lookedUp(answer);
    if (found === undefined) throw failureOf(isOk(answer) ? UNREADABLE : answer, 'perhaps');
    return found;
  }

  async function settleDoubt(key: string, doubt: Answer, signal: AbortSignal): Promise<Delivery> {
    const found = signal.aborted ? undefined : lookedUp(await ask(key, signal));
    if (found === undefined || found.result === 'absent') throw failureOf(doubt, 'perhaps');
    return found;
  }

  async function send(message: OutgoingMessage, signal: AbortSignal): Promise<Delivery> {
    const { key, channel, to, language, templateCode, params } = message;
    if (!options.channels.includes(channel)) {
      throw new DomainError('CONFIG_INVALID', `The gateway is not set up for the channel ${channel}.`, { channel });
    }
    const answer = await exchange({
      url: messagesUrl,
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', 'idempotency-key': keyHeader(key) },
      body: JSON.stringify({ key, channel, to, language, templateCode, params }),
      signal,
      ...bounds,
    });
    if (answer.kind === 'notSent') throw failureOf(answer, 'no');
    if (answer.kind === 'inDoubt') return settleDoubt(key, answer, signal);
    const { status } = answer;
    const json = jsonOf(answer);
    if (status === 409) return { result: 'unknown', reason: 'keyUsedForOtherContent' };
    if (status === 422) return { result: 'rejected', reason: reasonOf(json) };
    if (status === 503 || (status >= 300 && status < 500)) throw failureOf(answer, 'no');
    if (status >= 500) return settleDoubt(key, answer, signal);
    const accepted = acceptedBody.safeParse(json);
    if (!accepted.success) return settleDoubt(key, UNREADABLE, signal);
    return { result: 'accepted', providerRef: accepted.data.providerRef };
  }

  return { send, lookUp };
}

/** What the gateway says about a key; undefined when it did not say. */
function lookedUp(answer: Answer): LookedUp | undefined {
  if (answer.kind !== 'answered') return undefined;
  if (answer.status === 404) return { result: 'absent' };
  const found = answer.status === 200 ? lookUpBody.safeParse(jsonOf(answer)) : undefined;
  if (!found?.success) return undefined;
  if (found.data.status === 'rejected') return { result: 'rejected', reason: reasonOf(found.data) };
  const { providerRef, status, result } = found.data;
  return {
    result: 'accepted',
    providerRef,
    ...(status === 'accepted' ? {} : { delivery: status }),
    ...(result === undefined ? {} : { callResult: result }),
  };
}

function isOk(answer: Answer): boolean {
  return answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;
}

function reasonOf(json: unknown): string {
  const body = rejectedBody.safeParse(json);
  return reasonCode(body.success ? body.data.reason : undefined, 'refused');
}

function failureOf(answer: Answer, taken: 'no' | 'perhaps'): DomainError {
  if (answer.kind !== 'answered') return unreachable({ provider: 'gateway', why: answer.why, taken });
  const { status, retryAfterMs } = answer;
  return unreachable({ provider: 'gateway', why: whyOf(status), taken, status, retryAfterMs });
}

function whyOf(status: number): string {
  if (status === 429) return 'throttled';
  if (status === 401 || status === 403) return 'tokenRefused';
  return status >= 500 ? 'gatewayFailed' : 'contractNotMet';
}

function baseUrlOf(baseUrl: string): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new DomainError('CONFIG_INVALID', 'The base URL of the message gateway is not an http or https address.');
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}
