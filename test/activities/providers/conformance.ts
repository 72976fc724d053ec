import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelProvider, Delivery, OutgoingMessage } from '../../../activities/ports.ts';
import { DomainError } from '../../../domain/errors.ts';

/** What every adapter of a channel has to hold to, whatever its provider; each adapter's test runs it. */

export interface ProviderUnderTest {
  readonly provider: ChannelProvider;
  /** Makes the other side misbehave for the next hand-over. */
  readonly next: {
    /** Refuses for good, with a text that holds the address. */
    readonly refuseForGood: () => void;
    /** Asks to come back later; nothing is taken. */
    readonly notNow: () => void;
    /** Breaks the connection before anything is taken. */
    readonly dropBeforeTaking: () => void;
    /** Takes the message and breaks the connection instead of answering. */
    readonly takeThenDrop: () => void;
    /** Takes the message and answers after so long. */
    readonly takeThenAnswerAfter: (ms: number) => void;
  };
  /** How many messages the other side took under the key. */
  takenUnder(key: string): number;
  /** Ends the other side, so that nobody listens any more. */
  stopOtherSide(): Promise<void>;
  /** Ends everything. */
  stop(): Promise<void>;
}

export interface Capabilities {
  /** Whether the provider makes one message a key, however often it is handed over. */
  readonly knowsKeys: boolean;
  readonly message: (key: string) => OutgoingMessage;
  readonly start: (options: { readonly timeoutMs: number }) => Promise<ProviderUnderTest>;
}

const CALM_TIMEOUT_MS = 10_000;
const SHORT_TIMEOUT_MS = 1_000;

export function describeConformance(name: string, { knowsKeys, message, start }: Capabilities): void {
  describe(`${name} conforms to the port`, () => {
    let under: ProviderUnderTest;
    const noCancel = () => new AbortController().signal;
    const send = (key: string, signal = noCancel()) => under.provider.send(message(key), signal);

    async function restart(timeoutMs: number): Promise<void> {
      await under.stop();
      under = await start({ timeoutMs });
    }

    beforeEach(async () => {
      under = await start({ timeoutMs: CALM_TIMEOUT_MS });
    });
    afterEach(() => under.stop());

    it('hands a message over once and gets a reference', async () => {
      const delivery = await send('case-L1/s@1/sms-1/1');

      expect(delivery).toEqual({ result: 'accepted', providerRef: expect.stringMatching(/.+/) });
      expect(under.takenUnder('case-L1/s@1/sms-1/1')).toBe(1);
    });

    it('hands over 50 different messages at once, each one once', async () => {
      const keys = Array.from({ length: 50 }, (_, index) => `case-L${index}/s@1/step/1`);

      const deliveries = await Promise.all(keys.map((key) => send(key)));

      expect(new Set(deliveries.map((each) => each.result))).toEqual(new Set(['accepted']));
      expect(keys.map((key) => under.takenUnder(key))).toEqual(keys.map(() => 1));
    });

    it('calls a refusal for good rejected, with a code that does not show the address', async () => {
      under.next.refuseForGood();

      const delivery = await send('refused');

      expect(delivery).toEqual({ result: 'rejected', reason: expect.stringMatching(/^[A-Za-z0-9_.-]{1,64}$/) });
      expect(JSON.stringify(delivery)).not.toContain(message('refused').to);
      expect(under.takenUnder('refused')).toBe(0);
    });

    it('takes "not now" as not taken, and the next try goes through', async () => {
      under.next.notNow();

      const failure = await failureOf(send('later'));

      expect(failure.details).toMatchObject({ taken: 'no', status: expect.any(Number) });
      expect(under.takenUnder('later')).toBe(0);
      expect((await send('later')).result).toBe('accepted');
      expect(under.takenUnder('later')).toBe(1);
    });

    it('can be tried again after a connection that broke before anything was taken', async () => {
      under.next.dropBeforeTaking();

      await failureOf(send('broken'));

      expect(under.takenUnder('broken')).toBe(0);
      expect((await send('broken')).result).toBe('accepted');
      expect(under.takenUnder('broken')).toBe(1);
    });

    it('never sends twice when the answer is lost', async () => {
      under.next.takeThenDrop();

      expectSettled(await send('lost'));

      expect(under.takenUnder('lost')).toBe(1);
    });

    it('never sends twice when the answer comes too late', async () => {
      await restart(SHORT_TIMEOUT_MS);
      under.next.takeThenAnswerAfter(4 * SHORT_TIMEOUT_MS);

      expectSettled(await send('late'));

      expect(under.takenUnder('late')).toBe(1);
    });

    it('says that nobody listens', async () => {
      await under.stopOtherSide();

      const failure = await failureOf(send('nobody'));

      expect(failure.details).toMatchObject({ taken: 'no' });
    });

    it('hands nothing over once it is cancelled', async () => {
      const failure = await failureOf(send('cancelled', AbortSignal.abort()));

      expect(failure.details).toMatchObject({ why: 'cancelled', taken: 'no' });
      expect(under.takenUnder('cancelled')).toBe(0);
    });

    it('is cancelled at once while it waits for an answer', async () => {
      under.next.takeThenAnswerAfter(2 * CALM_TIMEOUT_MS);
      const cancel = new AbortController();
      const sent = send('called-off', cancel.signal).catch((error: unknown) => error);
      await expect.poll(() => under.takenUnder('called-off'), { timeout: CALM_TIMEOUT_MS / 2 }).toBe(1);

      cancel.abort();
      const outcome = await sent;

      // A provider that knows keys may be handed the same message again; one that does not leaves it to a person.
      if (knowsKeys) expect(outcome).toMatchObject({ code: 'PROVIDER_UNREACHABLE', details: { taken: 'perhaps' } });
      else expect(outcome).toEqual({ result: 'unknown', reason: 'cancelled' });
    });

    it('answers a look-up with what it can know', async () => {
      const delivery = await send('asked/after');

      const seen = await under.provider.lookUp('asked/after', noCancel());
      const never = await under.provider.lookUp('never/seen', noCancel());

      expect(seen).toEqual(knowsKeys ? delivery : { result: 'unknown', reason: expect.any(String) });
      expect(never.result).toBe(knowsKeys ? 'absent' : 'unknown');
    });

    it.runIf(knowsKeys)('makes one message of 100 hand-overs at once under one key', async () => {
      const deliveries = await Promise.all(Array.from({ length: 100 }, () => send('one/key')));

      expect(new Set(deliveries.map((each) => JSON.stringify(each))).size).toBe(1);
      expect(deliveries[0]?.result).toBe('accepted');
      expect(under.takenUnder('one/key')).toBe(1);
    });

    it('puts no address, text or parameter into a failure', async () => {
      for (const misbehave of [under.next.notNow, under.next.dropBeforeTaking]) {
        misbehave();
        const { to, text, params } = message('private');
        const failure = await failureOf(send('private'));
        const shown = [failure.message, failure.stack, String(failure.cause), JSON.stringify(failure)].join('\n');
        for (const secret of [to, text, ...Object.values(params)]) expect(shown).not.toContain(secret);
      }
    });

    function expectSettled(delivery: Delivery): void {
      if (knowsKeys) expect(delivery.result).toBe('accepted');
      else expect(delivery).toEqual({ result: 'unknown', reason: expect.any(String) });
    }
  });
}

/** The PROVIDER_UNREACHABLE that a hand-over has to end in. */
export async function failureOf(sent: Promise<unknown>): Promise<DomainError> {
  const outcome = await sent.catch((error: unknown) => error);
  if (!(outcome instanceof DomainError)) throw new Error(`not a DomainError: ${JSON.stringify(outcome)}`);
  expect(outcome.code).toBe('PROVIDER_UNREACHABLE');
  return outcome;
}
