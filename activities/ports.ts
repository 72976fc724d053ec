import type { DeliveryStatus } from '../domain/contact-ledger.ts';
import type { Language } from '../domain/events.ts';
import type { Result } from '../domain/rules/facts.ts';
import type { Channel } from '../domain/strategy.ts';

/** One message, ready for a provider. `key` is the intent's: the provider and Kept know the message by it for ever. */
export interface OutgoingMessage {
  readonly key: string;
  readonly channel: Channel;
  /** E.164 number, e-mail address or app address. */
  readonly to: string;
  readonly language: Language;
  /** The provider's approved template, sent instead of free text where the provider wants it so. */
  readonly templateCode: string;
  readonly params: Readonly<Record<string, string>>;
  readonly text: string;
  /** E-mail only. */
  readonly subject?: string;
  readonly html?: string;
}

/**
 * What became of a message. `accepted`: the provider has it. `rejected`: it will never go out, and sending again
 * is pointless. `unknown`: it may or may not have gone out; a person decides, never a second try.
 */
export type Delivery =
  | {
      readonly result: 'accepted';
      readonly providerRef: string;
      /** What the provider reports of it by now; absent as long as it reports nothing. */
      readonly delivery?: DeliveryStatus;
      /** How a call by voice went. */
      readonly callResult?: Result;
    }
  | { readonly result: 'rejected'; readonly reason: string }
  | { readonly result: 'unknown'; readonly reason: string };

/** A provider of one or more channels. */
export interface ChannelProvider {
  /**
   * Hands a message over.
   * @throws DomainError PROVIDER_UNREACHABLE when it was certainly not taken, so that trying again is safe.
   */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<Delivery>;
  /**
   * Asks after a message whose sender died before it heard the answer, or of which no receipt has come.
   * `absent`: the provider has never seen the key, so sending is safe. `unknown`: it cannot say.
   */
  lookUp(key: string, signal: AbortSignal): Promise<Delivery | { readonly result: 'absent' }>;
}

export type ChannelProviders = Readonly<Record<Channel, ChannelProvider>>;
