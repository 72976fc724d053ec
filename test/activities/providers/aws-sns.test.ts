import { afterEach, describe, expect, it } from 'vitest';
import type { ChannelProvider, OutgoingMessage } from '../../../activities/ports.ts';
import { type AwsRequest, signAws } from '../../../activities/providers/aws-sns-signature.ts';
import { type AwsSnsOptions, createAwsSns } from '../../../activities/providers/aws-sns.ts';
import { type ScriptedVendor, startVendor } from '../../support/vendors/scripted-vendor.ts';
import { SNS, snsError, snsSide, xml } from '../../support/vendors/sns-side.ts';
import { vendorUnderTest } from '../../support/vendors/under-test.ts';
import { describeConformance, failureOf } from './conformance.ts';

const TO = '+886912345678';

/** SNS carries no key, so the text does. */
function textOf(key: string): string {
  return `您的帳款已逾期 & more + ${key}`;
}

function message(key: string): OutgoingMessage {
  return {
    key,
    channel: 'sms',
    to: TO,
    language: 'zh',
    templateCode: 'OVERDUE_D3_ZH',
    params: { amount: 'NT$1,234' },
    text: textOf(key),
  };
}

function snsAt(baseUrl: string, more: Partial<AwsSnsOptions> = {}): ChannelProvider {
  return createAwsSns({ baseUrl, ...SNS, timeoutMs: 10_000, ...more });
}

const signal = new AbortController().signal;
let running: ScriptedVendor[] = [];
afterEach(async () => {
  for (const each of running) await each.stop();
  running = [];
});

async function start(): Promise<ScriptedVendor> {
  const vendor = await startVendor(snsSide());
  running.push(vendor);
  return vendor;
}

describeConformance('AWS SNS', {
  knowsKeys: false,
  tellsWhenItBroke: false,
  message,
  start: async ({ timeoutMs }) => {
    const vendor = await startVendor(snsSide());
    const wrong = { ...SNS.credentials, secretAccessKey: 'another' };
    return vendorUnderTest({
      vendor,
      provider: snsAt(vendor.url, { timeoutMs }),
      withWrongCredentials: snsAt(vendor.url, { timeoutMs, credentials: wrong }),
      refusal: snsError(
        400,
        'InvalidParameter',
        `Invalid parameter: PhoneNumber Reason: ${TO} is not valid to publish to`,
      ),
      notNow: snsError(400, 'Throttling'),
      failure: snsError(500, 'InternalError'),
      keyOf: ({ fields }) => (fields['Message'] ?? '').replace(textOf(''), ''),
    });
  },
});

describe('the signature of AWS, version 4', () => {
  const request: Omit<AwsRequest, 'method'> = {
    endpoint: new URL('https://example.amazonaws.com'),
    service: 'service',
    region: 'us-east-1',
    body: '',
    at: new Date('2015-08-30T12:36:00Z'),
  };
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
  const sessionToken = '6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267';

  it.each([
    {
      vector: 'get-vanilla',
      more: { method: 'GET' },
      names: 'host;x-amz-date',
      signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    },
    {
      vector: 'post-vanilla',
      more: { method: 'POST' },
      names: 'host;x-amz-date',
      signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    },
    {
      vector: 'post-x-www-form-urlencoded',
      more: { method: 'POST', contentType: 'application/x-www-form-urlencoded', body: 'Param1=value1' },
      names: 'content-type;host;x-amz-date',
      signature: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    },
    {
      vector: 'get-vanilla-with-session-token',
      more: { method: 'GET' },
      token: { sessionToken },
      names: 'host;x-amz-date;x-amz-security-token',
      signature: '07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8',
    },
  ] as const)('is that of the test suite for $vector', ({ more, names, signature, ...rest }) => {
    const headers = signAws({ ...request, ...more }, { ...credentials, ...('token' in rest ? rest.token : {}) });

    expect(headers['x-amz-date']).toBe('20150830T123600Z');
    expect(headers['authorization']).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, ' +
        `SignedHeaders=${names}, Signature=${signature}`,
    );
  });
});

describe('the AWS SNS adapter', () => {
  it('publishes the text as a transactional message, from the sender that it is given', async () => {
    const vendor = await start();
    const sns = snsAt(vendor.url, { senderId: 'Lender', originationNumber: '+18005550123' });

    const delivery = await sns.send(message('k'), signal);

    expect(delivery).toEqual({ result: 'accepted', providerRef: vendor.taken()[0]?.ref });
    expect(vendor.taken()[0]?.fields).toMatchObject({
      PhoneNumber: TO,
      Message: textOf('k'),
      'MessageAttributes.entry.1.Name': 'AWS.SNS.SMS.SMSType',
      'MessageAttributes.entry.1.Value.StringValue': 'Transactional',
      'MessageAttributes.entry.2.Name': 'AWS.SNS.SMS.SenderID',
      'MessageAttributes.entry.2.Value.StringValue': 'Lender',
      'MessageAttributes.entry.3.Name': 'AWS.MM.SMS.OriginationNumber',
      'MessageAttributes.entry.3.Value.StringValue': '+18005550123',
    });
  });

  it('sends with temporary credentials too', async () => {
    const vendor = await start();
    const sns = snsAt(vendor.url, { credentials: { ...SNS.credentials, sessionToken: 'a-session' } });

    expect((await sns.send(message('k'), signal)).result).toBe('accepted');
    expect(vendor.requests()[0]?.headers).toMatchObject({ 'x-amz-security-token': 'a-session' });
  });

  it('does not hand over a text that is too long for one Publish', async () => {
    const vendor = await start();

    expect(await snsAt(vendor.url).send({ ...message('k'), text: 'x'.repeat(1_601) }, signal)).toEqual({
      result: 'rejected',
      reason: 'textTooLong',
    });
    expect(vendor.requests()).toHaveLength(0);
  });

  it('records an opt-out as a refusal for good', async () => {
    const vendor = await start();
    vendor.script({ fault: { do: 'answer', answer: snsError(400, 'OptedOut') } });

    expect(await snsAt(vendor.url).send(message('k'), signal)).toEqual({ result: 'rejected', reason: 'optedOut' });
  });

  it.each([
    { answer: snsError(400, 'Throttling'), why: 'throttled', status: 400 },
    { answer: snsError(429, 'Throttled'), why: 'throttled', status: 429 },
    { answer: snsError(403, 'AuthorizationError'), why: 'credentialsRefused', status: 403 },
    { answer: snsError(400, 'InvalidParameter', 'Invalid parameter: Message'), why: 'InvalidParameter', status: 400 },
    { answer: { status: 403, body: '<html>proxy</html>' }, why: 'contractNotMet', status: 403 },
  ])('after $why ($status) nothing was taken', async ({ answer, ...details }) => {
    const vendor = await start();
    vendor.script({ fault: { do: 'answer', answer } });

    const failure = await failureOf(snsAt(vendor.url).send(message('k'), signal));

    expect(failure.details).toEqual({ provider: 'aws-sns', taken: 'no', ...details });
  });

  it.each([
    { answer: snsError(503, 'ServiceUnavailable'), reason: 'ServiceUnavailable' },
    { answer: snsError(400, 'RequestAbortedException'), reason: 'RequestAbortedException' },
    { answer: xml(200, '<PublishResponse><PublishResult><MessageId>00000000'), reason: 'unreadableAnswer' },
  ])('leaves $reason to a person, since SNS cannot be asked', async ({ answer, reason }) => {
    const vendor = await start();
    vendor.script({ fault: { do: 'takeThenAnswer', answer } });

    expect(await snsAt(vendor.url).send(message('k'), signal)).toEqual({ result: 'unknown', reason });
    expect(vendor.requests()).toHaveLength(1);
  });

  it('goes to the endpoint of its region', () => {
    expect(() => createAwsSns({ ...SNS, timeoutMs: 1 })).not.toThrow();
    expect(() => createAwsSns({ ...SNS, region: 'us east/1', timeoutMs: 1 })).toThrow(/base URL/);
  });
});
