import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '../../domain/errors.ts';
import { type Instant, MINUTE_MS, epochMsOf } from '../../domain/instant.ts';
import type { ChannelProvider, Delivery, OutgoingMessage } from '../ports.ts';
import { type NotTaken, type Verdict, type VendorName, notReached } from './sms-verdict.ts';

/** What our own ledger knows of a hand-over whose answer nobody heard. */
export interface HandedOver {
  /** E.164. */
  readonly to: string;
  /** When it was reserved, by the real clock. */
  readonly at: Instant;
  /** The exact text that was sent, where it is kept; Twilio can be asked for nothing else. */
  readonly text?: string;
}

/** What all adapters of cloud SMS services are given. */
export interface SmsVendorOptions {
  /** The provider's public endpoint unless given. */
  readonly baseUrl?: string;
  /** The longest one call may take; `send` takes at most twice as long, the questions after a doubt included. */
  readonly timeoutMs: number;
  /**
   * Where the message of a key went, from the ledger; undefined when it is not on record. These providers are asked
   * by number and day, not by key: without it `lookUp` has nothing to ask and says `unknown`.
   */
  readonly recipientOf?: (key: string) => Promise<HandedOver | undefined>;
  /** Pauses before `send` asks again after a doubt, since records take a moment to show; 1 s and 3 s unless given. */
  readonly askAgainAfterMs?: readonly number[];
}

/** A message that is looked for among those that the provider shows. */
export interface Sought extends Omit<HandedOver, 'at'> {
  readonly key: string;
  readonly atMs: number;
}

/** `unclear`: several messages fit, or what is known does not suffice to tell. `unheard`: the question failed. */
export type Finding =
  | { readonly shown: 'yes'; readonly providerRef: string }
  | { readonly shown: 'no' | 'unclear' }
  | ({ readonly shown: 'unheard' } & Omit<NotTaken, 'result'>);

/** What is particular to one provider. */
export interface SmsVendor {
  readonly name: VendorName;
  handOver(message: OutgoingMessage, signal: AbortSignal): Promise<Verdict>;
  /** Absent where the provider cannot be asked. */
  readonly find?: (sought: Sought, signal: AbortSignal) => Promise<Finding>;
}

const E164 = /^\+[1-9]\d{6,14}$/;
const ASK_AGAIN_AFTER_MS = [1_000, 3_000];
/** What a provider has taken shows within so long, or a person looks after it. */
const SHOWN_WITHIN_MS = 10 * MINUTE_MS;

/**
 * A provider of SMS over a service that knows no keys: two hand-overs are two messages.
 *
 * 1. `send` throws PROVIDER_UNREACHABLE with `taken` `no` only when the answer says, or the lack of a connection
 *    shows, that nothing was taken. Trying again is safe then.
 * 2. After any other doubt (timeout, broken or unreadable answer, 5xx) it asks for the message by its number, at once
 *    and after each pause, within one more `timeoutMs`. Found: `accepted`. Otherwise `unknown`, never a second try:
 *    that the provider does not show it yet does not mean that it has not taken it.
 * 3. `lookUp` never says `absent`, for the same reason. What is not shown ten minutes after its hand-over is `unknown`;
 *    before that, and when the provider cannot be heard, it is PROVIDER_UNREACHABLE and worth asking again.
 */
export function createSmsProvider(vendor: SmsVendor, options: SmsVendorOptions): ChannelProvider {
  const { timeoutMs, recipientOf, askAgainAfterMs = ASK_AGAIN_AFTER_MS } = options;

  async function settleDoubt(sought: Sought, why: string, signal: AbortSignal): Promise<Delivery> {
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const unknown = { result: 'unknown', reason: why } as const;
    if (vendor.find === undefined) return unknown;
    for (const pauseMs of [0, ...askAgainAfterMs]) {
      await pause(pauseMs, undefined, { signal: inTime }).catch(() => undefined);
      if (inTime.aborted) return unknown;
      const finding = await vendor.find(sought, inTime);
      if (finding.shown === 'yes') return { result: 'accepted', providerRef: finding.providerRef };
      if (finding.shown === 'unclear') return unknown;
    }
    return unknown;
  }

  async function send(message: OutgoingMessage, signal: AbortSignal): Promise<Delivery> {
    const { key, channel, to, text } = message;
    if (channel !== 'sms') {
      throw new DomainError('CONFIG_INVALID', `The provider ${vendor.name} sends SMS only, not ${channel}.`, {
        channel,
      });
    }
    if (!E164.test(to)) return { result: 'rejected', reason: 'addressInvalid' };
    const atMs = Date.now();
    const verdict = await vendor.handOver(message, signal);
    if (verdict.result === 'notTaken') throw notReached(vendor.name, verdict, 'no');
    if (verdict.result === 'inDoubt') return settleDoubt({ key, to, text, atMs }, verdict.why, signal);
    return verdict;
  }

  async function lookUp(key: string, signal: AbortSignal): Promise<Delivery> {
    const handedOver = vendor.find && (await recipientOf?.(key));
    if (vendor.find === undefined || handedOver === undefined) return { result: 'unknown', reason: 'cannotBeAsked' };
    const { at, ...where } = handedOver;
    const finding = await vendor.find({ key, ...where, atMs: epochMsOf(at) }, signal);
    if (finding.shown === 'yes') return { result: 'accepted', providerRef: finding.providerRef };
    if (finding.shown === 'unheard') throw notReached(vendor.name, finding, 'perhaps');
    if (finding.shown === 'unclear') return { result: 'unknown', reason: 'cannotBeTold' };
    if (Date.now() - epochMsOf(at) < SHOWN_WITHIN_MS) throw notReached(vendor.name, { why: 'notShownYet' }, 'perhaps');
    return { result: 'unknown', reason: 'notShown' };
  }

  return { send, lookUp };
}

/** What a failed question comes to; undefined for an answer that is to be read. */
export function unheardOf(verdict: Verdict): Finding {
  if (verdict.result !== 'notTaken')
    return { shown: 'unheard', why: 'why' in verdict ? verdict.why : 'unreadableAnswer' };
  const { result: _result, ...details } = verdict;
  return { shown: 'unheard', ...details };
}

/** A key as a provider carries it: itself, or its SHA-256 in hex when it is longer than the provider's field. */
export function keyTag(key: string, limitBytes: number): string {
  return Buffer.byteLength(key) <= limitBytes ? key : createHash('sha256').update(key).digest('hex');
}

/**
 * The endpoint of a provider.
 * @throws DomainError CONFIG_INVALID when it is not http or https, or has a path, which the signatures leave no room for.
 */
export function endpointOf(baseUrl: string, name: VendorName): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '') {
    throw new DomainError('CONFIG_INVALID', `The base URL of ${name} is not an http or https address without a path.`);
  }
  return url;
}
