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
    /** Fails by itself, such as with a 500, before anything is taken. */
    readonly failBeforeTaking?: () => void;
    /** Takes the message and fails by itself. */
    readonly takeThenFail?: () => void;
    /** Takes the message and breaks the connection in the middle of the answer. */
    readonly takeThenHalf?: () => void;
    /** Takes the message and answers with nonsense. */
    readonly takeThenGarble?: () => void;
    /** Takes the message and breaks the connection instead of answering. */
    readonly takeThenDrop: () => void;
    /** Takes the message and answers after so long. */
    readonly takeThenAnswerAfter: (ms: number) => void;
  };
  /** The same provider with credentials that the other side refuses. */
  readonly withWrongCredentials?: ChannelProvider;
  /** How many messages the other side took under the key. */
  takenUnder(key: string): number;
  /** The keys of all hand-overs that reached the other side, taken or not, in order; absent where none is carried. */
  keysSeen?(): readonly string[];
  /** Ends the other side, so that nobody listens any more. */
  stopOtherSide(): Promise<void>;
  /** Ends everything. */
  stop(): Promise<void>;
}

export interface Capabilities {
  /** Whether the provider makes one message a key, however often it is handed over. */
  readonly knowsKeys: boolean;
  /** Whether `send` finds out by asking what became of a message whose answer was lost; as `knowsKeys` unless given. */
  readonly settlesDoubt?: boolean;
  /** Whether `lookUp` finds what the other side has taken; as `knowsKeys` unless given. */
  readonly findsKeys?: boolean;
  /**
   * Whether a connection that breaks before a message is taken looks different from one that breaks after it, or need
   * not, since keys are known. True unless given; HTTP without keys has to say false.
   */
  readonly tellsWhenItBroke?: boolean;
  readonly message: (key: string) => OutgoingMessage;
  readonly start: (options: { readonly timeoutMs: number }) => Promise<ProviderUnderTest>;
}

const CALM_TIMEOUT_MS = 10_000;
const SHORT_TIMEOUT_MS = 1_000;
/** A reason or cause that cannot hold an address or a text. */
const CODE = /^[A-Za-z0-9_.-]{1,64}$/;

export function describeConformance(name: string, capabilities: Capabilities): void {
  const { knowsKeys, message, start } = capabilities;
  const { settlesDoubt = knowsKeys, findsKeys = knowsKeys, tellsWhenItBroke = true } = capabilities;
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

      expect(delivery).toEqual({ result: 'rejected', reason: expect.stringMatching(CODE) });
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

    it.runIf(tellsWhenItBroke)(
      'can be tried again after a connection that broke before anything was taken',
      async () => {
        under.next.dropBeforeTaking();

        await failureOf(send('broken'));

        expect(under.takenUnder('broken')).toBe(0);
        expect((await send('broken')).result).toBe('accepted');
        expect(under.takenUnder('broken')).toBe(1);
      },
    );

    it.runIf(!tellsWhenItBroke)('leaves a broken connection to a person when nobody can tell', async () => {
      under.next.dropBeforeTaking();

      expect(await send('broken')).toEqual({ result: 'unknown', reason: expect.stringMatching(CODE) });
      expect(under.takenUnder('broken')).toBe(0);
    });

    it('does not take a failure of the other side for a refusal', async ({ skip }) => {
      const misbehave = under.next.failBeforeTaking ?? skip();
      misbehave();

      const outcome = await outcomeOf(send('failed'));

      expect(under.takenUnder('failed')).toBe(0);
      if (!knowsKeys) return expect(outcome).toEqual({ result: 'unknown', reason: expect.stringMatching(CODE) });
      expect(outcome).toMatchObject({ code: 'PROVIDER_UNREACHABLE', details: { taken: 'perhaps' } });
      expect((await send('failed')).result).toBe('accepted');
      expect(under.takenUnder('failed')).toBe(1);
    });

    it('says that its credentials are refused, and does not show them', async ({ skip }) => {
      const provider = under.withWrongCredentials ?? skip();

      const failure = await failureOf(provider.send(message('forbidden'), noCancel()));

      expect(failure.details).toMatchObject({ taken: 'no', why: expect.stringMatching(/refused/i) });
      expect(under.takenUnder('forbidden')).toBe(0);
    });

    it('carries the same key in each try, and another one for another message', async ({ skip }) => {
      const keysSeen = under.keysSeen ?? skip();
      under.next.notNow();
      await failureOf(send('tried/twice'));
      await send('tried/twice');
      await send('another');

      expect(keysSeen()).toEqual(['tried/twice', 'tried/twice', 'another']);
    });

    it('never sends twice when the answer is lost', async () => {
      under.next.takeThenDrop();

      expectSettled(await send('lost'));

      expect(under.takenUnder('lost')).toBe(1);
    });

    it.for(['takeThenFail', 'takeThenHalf', 'takeThenGarble'] as const)(
      'never sends twice when it is taken and the answer is no good (%s)',
      async (fault, { skip }) => {
        const misbehave = under.next[fault] ?? skip();
        misbehave();

        expectSettled(await send('no/good'));

        expect(under.takenUnder('no/good')).toBe(1);
      },
    );

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

      if (knowsKeys) expect(seen).toEqual(delivery);
      else if (findsKeys) expect(seen).toEqual({ result: 'accepted', providerRef: expect.stringMatching(/.+/) });
      else expect(seen).toEqual({ result: 'unknown', reason: expect.any(String) });
      expect(never.result).toBe(knowsKeys ? 'absent' : 'unknown');
    });

    it('does not take a look-up that nobody hears for an answer', async () => {
      await send('asked/in-vain');
      await under.stopOtherSide();

      const outcome = await outcomeOf(under.provider.lookUp('asked/in-vain', noCancel()));

      if (findsKeys) expect(outcome).toMatchObject({ code: 'PROVIDER_UNREACHABLE', details: { taken: 'perhaps' } });
      else expect(outcome).toEqual({ result: 'unknown', reason: expect.stringMatching(CODE) });
    });

    it.runIf(knowsKeys)('makes one message of 100 hand-overs at once under one key', async () => {
      const deliveries = await Promise.all(Array.from({ length: 100 }, () => send('one/key')));

      expect(new Set(deliveries.map((each) => JSON.stringify(each))).size).toBe(1);
      expect(deliveries[0]?.result).toBe('accepted');
      expect(under.takenUnder('one/key')).toBe(1);
    });

    it('puts no address, text or parameter into what it says', async () => {
      const { refuseForGood, notNow, dropBeforeTaking, failBeforeTaking, takeThenGarble } = under.next;
      for (const misbehave of [refuseForGood, notNow, dropBeforeTaking, failBeforeTaking, takeThenGarble]) {
        misbehave?.();
        const { to, text, params } = message('private');
        const outcome = await outcomeOf(send('private'));
        const shown = [JSON.stringify(outcome)];
        if (outcome instanceof Error) shown.push(outcome.message, outcome.stack ?? '', String(outcome.cause));
        for (const secret of [to, to.slice(-9), text, ...Object.values(params)]) {
          expect(shown.join('\n')).not.toContain(secret);
        }
      }
    });

    function expectSettled(delivery: Delivery): void {
      if (settlesDoubt) expect(delivery.result).toBe('accepted');
      else expect(delivery).toEqual({ result: 'unknown', reason: expect.any(String) });
    }
  });
}

/** What a call comes to: its result, or its error. */
async function outcomeOf(called: Promise<unknown>): Promise<unknown> {
  return called.catch((error: unknown) => error);
}

/** The PROVIDER_UNREACHABLE that a hand-over has to end in. */
export async function failureOf(sent: Promise<unknown>): Promise<DomainError> {
  const outcome = await outcomeOf(sent);
  if (!(outcome instanceof DomainError)) throw new Error(`not a DomainError: ${JSON.stringify(outcome)}`);
  expect(outcome.code).toBe('PROVIDER_UNREACHABLE');
  return outcome;
}
