import { afterEach, describe, expect, it } from 'vitest';
import type { ChannelProvider, OutgoingMessage } from '../../../activities/ports.ts';
import { type TwilioOptions, createTwilio } from '../../../activities/providers/twilio.ts';
import { instantOf } from '../../../domain/instant.ts';
import { type ScriptedVendor, json, startVendor } from '../../support/vendors/scripted-vendor.ts';
import { TWILIO, twilioError, twilioSide } from '../../support/vendors/twilio-side.ts';
import { vendorUnderTest } from '../../support/vendors/under-test.ts';
import { describeConformance, failureOf } from './conformance.ts';

const TO = '+886912345678';

function message(key: string): OutgoingMessage {
  return {
    key,
    channel: 'sms',
    to: TO,
    language: 'zh',
    templateCode: 'OVERDUE_D3_ZH',
    params: { amount: 'NT$1,234', hotline: '0800-000-000' },
    text: '您的帳款 NT$1,234 已逾期 100% & more',
  };
}

function twilioAt(baseUrl: string, more: Partial<TwilioOptions> = {}): ChannelProvider {
  const { accountSid, secret, messagingServiceSid } = TWILIO;
  return createTwilio({
    baseUrl,
    accountSid,
    secret,
    sender: { messagingServiceSid },
    statusCallback: 'https://kept.lender.example/receipts/s3cret',
    timeoutMs: 10_000,
    askAgainAfterMs: [10, 20],
    ...more,
  });
}

const signal = new AbortController().signal;
let running: ScriptedVendor[] = [];
afterEach(async () => {
  for (const each of running) await each.stop();
  running = [];
});

async function start(bodyOf?: (contentSid: string) => string): Promise<ScriptedVendor> {
  const vendor = await startVendor(twilioSide(bodyOf));
  running.push(vendor);
  return vendor;
}

describeConformance('Twilio', {
  knowsKeys: false,
  settlesDoubt: true,
  findsKeys: true,
  tellsWhenItBroke: false,
  message,
  start: async ({ timeoutMs }) => {
    const vendor = await startVendor(twilioSide());
    const recipientOf = async (key: string) =>
      key === 'never/seen' ? undefined : { to: TO, at: instantOf(Date.now()), text: message(key).text };
    return vendorUnderTest({
      vendor,
      provider: twilioAt(vendor.url, { timeoutMs, recipientOf }),
      withWrongCredentials: twilioAt(vendor.url, { timeoutMs, secret: 'another' }),
      refusal: twilioError(400, 21610),
      notNow: twilioError(429, 20429),
      failure: twilioError(500, 20500),
    });
  },
});

describe('the Twilio adapter', () => {
  it('sends the text, by a Messaging Service or from a number, with its key in the address for reports', async () => {
    const vendor = await start();
    const key = 'case-借款/s@1/sms 1?&#/1';

    const delivery = await twilioAt(vendor.url).send(message(key), signal);
    await twilioAt(vendor.url, { sender: { from: '+15005550006' } }).send(message('other'), signal);

    const [first, second] = vendor.taken();
    expect(delivery).toEqual({ result: 'accepted', providerRef: first?.ref });
    expect(first).toMatchObject({ key, to: TO, fields: { To: TO, Body: message(key).text } });
    expect(first?.fields['MessagingServiceSid']).toBe(TWILIO.messagingServiceSid);
    expect(second?.fields).toMatchObject({ From: '+15005550006' });
  });

  it('sends a content template and its variables in order instead of the text', async () => {
    const vendor = await start();
    const id = `HX${'a'.repeat(32)}`;
    const templates = { OVERDUE_D3_ZH: { id, params: ['hotline', 'amount'] }, EMPTY: { id, params: [] } };
    const twilio = twilioAt(vendor.url, { templates });

    await twilio.send(message('k'), signal);
    await twilio.send({ ...message('k2'), templateCode: 'EMPTY' }, signal);

    const [first, second] = vendor.taken().map(({ fields }) => fields);
    expect(first).toMatchObject({ ContentSid: id, ContentVariables: '{"1":"0800-000-000","2":"NT$1,234"}' });
    expect(Object.keys({ ...first, ...second })).not.toContain('Body');
    expect(second).not.toHaveProperty('ContentVariables');
  });

  it('hands over nothing of a template that it is not told, or that lacks a value', async () => {
    const vendor = await start();
    const templates = { OTHER: { id: 'HX1', params: [] }, OVERDUE_D3_ZH: { id: 'HX2', params: ['name'] } };
    const twilio = twilioAt(vendor.url, { templates });

    await expect(twilio.send(message('k'), signal)).rejects.toMatchObject({ code: 'TEMPLATE_PARAM_MISSING' });
    await expect(twilio.send({ ...message('k'), templateCode: 'toString' }, signal)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
    expect(vendor.requests()).toHaveLength(0);
  });

  it.each([
    { answer: twilioError(400, 21610), reason: 'optedOut' },
    { answer: twilioError(400, 21211), reason: 'addressInvalid' },
    { answer: twilioError(400, 21614), reason: 'twilio-21614' },
    { answer: twilioError(400, 21635), reason: 'twilio-21635' },
  ])('records $reason as a refusal for good', async ({ answer, reason }) => {
    const vendor = await start();
    vendor.script({ fault: { do: 'answer', answer } });

    expect(await twilioAt(vendor.url).send(message('k'), signal)).toEqual({ result: 'rejected', reason });
  });

  it.each([
    { answer: twilioError(429, 20429, { 'retry-after': '7' }), why: 'throttled', status: 429, retryAfterMs: 7_000 },
    { answer: { status: 429, body: 'slow down' }, why: 'throttled', status: 429 },
    { answer: twilioError(401, 20003), why: 'credentialsRefused', status: 401 },
    { answer: twilioError(400, 21408), why: '21408', status: 400 },
    { answer: { status: 403, body: '<html>proxy</html>' }, why: 'contractNotMet', status: 403 },
    { answer: { status: 302, body: '' }, why: 'contractNotMet', status: 302 },
  ])('after $status $why nothing was taken', async ({ answer, ...details }) => {
    const vendor = await start();
    vendor.script({ fault: { do: 'answer', answer } });

    const failure = await failureOf(twilioAt(vendor.url).send(message('k'), signal));

    expect(failure.details).toEqual({ provider: 'twilio', taken: 'no', ...details });
  });

  it.each([500, 502, 503])('after a %d asks, and asks again, before it leaves it to a person', async (status) => {
    const vendor = await start();
    vendor.script({ fault: { do: 'takeThenAnswer', answer: { status, body: '' } } });
    vendor.hideFromQuestions(2);
    const twilio = twilioAt(vendor.url);

    expect(await twilio.send(message('k1'), signal)).toEqual({
      result: 'accepted',
      providerRef: vendor.taken()[0]?.ref,
    });
    vendor.hideFromQuestions(3);
    expect(await twilio.send({ ...message('k2'), text: 'another' }, signal)).toEqual({
      result: 'unknown',
      reason: 'providerFailed',
    });
    expect(vendor.taken()).toHaveLength(2);
  });

  it('does not read an answer without end', async () => {
    const vendor = await start();
    vendor.script({ fault: { do: 'answer', answer: { status: 201, body: ' '.repeat(1024 * 1024) } } });

    expect(await twilioAt(vendor.url).send(message('k'), signal)).toEqual({
      result: 'unknown',
      reason: 'unreadableAnswer',
    });
  });

  it('takes no other message to the number for the one in doubt', async () => {
    const vendor = await start();
    const twilio = twilioAt(vendor.url);
    await twilio.send({ ...message('other'), text: 'another text' }, signal);
    await twilioAt(vendor.url, { sender: { from: '+15005550006' } }).send(message('other-sender'), signal);
    await twilio.send({ ...message('other-number'), to: '+886900000000' }, signal);
    vendor.script({ fault: { do: 'drop' } });

    expect(await twilio.send(message('k'), signal)).toEqual({ result: 'unknown', reason: 'connectionLost' });
  });

  it('does not tell two messages of the same text apart', async () => {
    const vendor = await start();
    const twilio = twilioAt(vendor.url);
    await twilio.send(message('first'), signal);
    vendor.script({ fault: { do: 'takeThenDrop' } });

    expect(await twilio.send(message('second'), signal)).toEqual({ result: 'unknown', reason: 'connectionLost' });
  });

  it('cannot look up a message whose text nobody kept', async () => {
    const vendor = await start();
    const recipientOf = async () => ({ to: TO, at: instantOf(Date.now()) });

    expect(await twilioAt(vendor.url).lookUp('k', signal)).toEqual({ result: 'unknown', reason: 'cannotBeAsked' });
    expect(await twilioAt(vendor.url, { recipientOf }).lookUp('k', signal)).toEqual({
      result: 'unknown',
      reason: 'cannotBeTold',
    });
  });

  it('asks for ten minutes after what does not show yet, then leaves it to a person', async () => {
    const vendor = await start();
    const sentAgo = (ms: number) => async () => ({ to: TO, at: instantOf(Date.now() - ms), text: 'text' });

    const failure = await failureOf(twilioAt(vendor.url, { recipientOf: sentAgo(9 * 60_000) }).lookUp('k', signal));

    expect(failure.details).toEqual({ provider: 'twilio', why: 'notShownYet', taken: 'perhaps' });
    expect(await twilioAt(vendor.url, { recipientOf: sentAgo(11 * 60_000) }).lookUp('k', signal)).toEqual({
      result: 'unknown',
      reason: 'notShown',
    });
  });

  it.each([
    { answer: twilioError(429, 20429), why: 'throttled', status: 429 },
    { answer: twilioError(401, 20003), why: 'credentialsRefused', status: 401 },
    { answer: json(200, { messages: 'none' }), why: 'unreadableAnswer' },
    { answer: twilioError(500, 20500), why: '20500' },
  ])('a look-up that ends in $why is worth another try', async ({ answer, ...details }) => {
    const vendor = await start();
    vendor.scriptQuestions({ fault: { do: 'answer', answer } });
    const recipientOf = async () => ({ to: TO, at: instantOf(0), text: 'text' });

    const failure = await failureOf(twilioAt(vendor.url, { recipientOf }).lookUp('k', signal));

    expect(failure.details).toEqual({ provider: 'twilio', taken: 'perhaps', ...details });
  });

  it('refuses what is no number, another channel and a set-up that cannot work', async () => {
    const vendor = await start();
    const twilio = twilioAt(vendor.url);

    expect(await twilio.send({ ...message('k'), to: '0912345678' }, signal)).toEqual({
      result: 'rejected',
      reason: 'addressInvalid',
    });
    await expect(twilio.send({ ...message('k'), channel: 'push' }, signal)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
    expect(vendor.requests()).toHaveLength(0);
    expect(() => twilioAt('ftp://x')).toThrow(/base URL/);
    expect(() => twilioAt('https://x/path')).toThrow(/base URL/);
    expect(() => twilioAt('x')).toThrow(/base URL/);
    await expect(twilioAt(vendor.url, { statusCallback: 'x' }).send(message('k'), signal)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });

  it('opens a connection a hand-over, so that none breaks for having been kept', async () => {
    const vendor = await start();
    const twilio = twilioAt(vendor.url);
    for (const key of ['k1', 'k2', 'k3']) await twilio.send(message(key), signal);

    expect(vendor.connections()).toBe(3);
  });
});
