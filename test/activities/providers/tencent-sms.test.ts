import { afterEach, describe, expect, it } from 'vitest';
import type { ChannelProvider, OutgoingMessage } from '../../../activities/ports.ts';
import { signTencent } from '../../../activities/providers/tencent-sms-signature.ts';
import { type TencentSmsOptions, createTencentSms } from '../../../activities/providers/tencent-sms.ts';
import { instantOf } from '../../../domain/instant.ts';
import { type ScriptedVendor, startVendor } from '../../support/vendors/scripted-vendor.ts';
import { TENCENT, tencentError, tencentSide, tencentStatus } from '../../support/vendors/tencent-side.ts';
import { vendorUnderTest } from '../../support/vendors/under-test.ts';
import { describeConformance, failureOf } from './conformance.ts';

const TO = '+886912345678';
const TEMPLATES = { OVERDUE_D3_ZH: { id: '1110', params: ['hotline', 'amount'] } };

function message(key: string): OutgoingMessage {
  return {
    key,
    channel: 'sms',
    to: TO,
    language: 'zh',
    templateCode: 'OVERDUE_D3_ZH',
    params: { amount: 'NT$1,234', hotline: '0800-000-000', name: '林小姐' },
    text: '您的帳款已逾期',
  };
}

function tencentAt(baseUrl: string, more: Partial<TencentSmsOptions> = {}): ChannelProvider {
  const calm = { timeoutMs: 10_000, askAgainAfterMs: [10, 20] };
  return createTencentSms({ baseUrl, ...TENCENT, templates: TEMPLATES, ...calm, ...more });
}

const signal = new AbortController().signal;
let running: ScriptedVendor[] = [];
afterEach(async () => {
  for (const each of running) await each.stop();
  running = [];
});

async function start(showsContext = true): Promise<ScriptedVendor> {
  const vendor = await startVendor(tencentSide({ showsContext }));
  running.push(vendor);
  return vendor;
}

describeConformance('Tencent Cloud SMS', {
  knowsKeys: false,
  settlesDoubt: true,
  findsKeys: true,
  tellsWhenItBroke: false,
  message,
  start: async ({ timeoutMs }) => {
    const vendor = await startVendor(tencentSide());
    const recipientOf = async (key: string) =>
      key === 'never/seen' ? undefined : { to: TO, at: instantOf(Date.now()) };
    const wrong = { ...TENCENT.credentials, secretKey: 'another' };
    return vendorUnderTest({
      vendor,
      provider: tencentAt(vendor.url, { timeoutMs, recipientOf }),
      withWrongCredentials: tencentAt(vendor.url, { timeoutMs, credentials: wrong }),
      refusal: tencentStatus('InvalidParameterValue.IncorrectPhoneNumber'),
      notNow: tencentStatus('LimitExceeded.PhoneNumberThirtySecondLimit'),
      failure: tencentError('InternalError.Timeout'),
    });
  },
});

describe('the signature of Tencent Cloud, TC3', () => {
  it('is that of the documented example', () => {
    const headers = signTencent(
      {
        endpoint: new URL('https://cvm.tencentcloudapi.com'),
        service: 'cvm',
        action: 'DescribeInstances',
        version: '2017-03-12',
        region: 'ap-guangzhou',
        body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
        at: new Date(1_551_113_065_000),
      },
      { secretId: `AKID${'*'.repeat(32)}`, secretKey: '*'.repeat(32) },
    );

    expect(headers).toEqual({
      'content-type': 'application/json; charset=utf-8',
      'x-tc-action': 'DescribeInstances',
      'x-tc-timestamp': '1551113065',
      'x-tc-version': '2017-03-12',
      'x-tc-region': 'ap-guangzhou',
      authorization:
        `TC3-HMAC-SHA256 Credential=AKID${'*'.repeat(32)}/2019-02-25/cvm/tc3_request, ` +
        'SignedHeaders=content-type;host;x-tc-action, ' +
        'Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f',
    });
  });
});

describe('the Tencent Cloud SMS adapter', () => {
  it('sends the template with its parameters in the order of the template, and its key as SessionContext', async () => {
    const vendor = await start();

    const delivery = await tencentAt(vendor.url).send(message('case-借款/1'), signal);

    expect(delivery).toEqual({ result: 'accepted', providerRef: '5000:1' });
    expect(vendor.taken()).toMatchObject([
      { key: 'case-借款/1', to: TO, fields: { TemplateId: '1110', TemplateParamSet: '0800-000-000|NT$1,234' } },
    ]);
    expect(vendor.taken()[0]?.fields['SignName']).toBe(TENCENT.signName);
  });

  it('carries a key that is too long as its hash, and finds it by that', async () => {
    const vendor = await start();
    vendor.script({ fault: { do: 'takeThenDrop' } });

    const delivery = await tencentAt(vendor.url).send(message(`case-${'債'.repeat(200)}`), signal);

    expect(vendor.taken()[0]?.key).toMatch(/^[0-9a-f]{64}$/);
    expect(delivery).toEqual({ result: 'accepted', providerRef: '5000:1' });
  });

  it.each([
    ['InvalidParameterValue.IncorrectPhoneNumber', 'addressInvalid'],
    ['FailedOperation.PhoneNumberInBlacklist', 'optedOut'],
    ['FailedOperation.ContainSensitiveWord', 'FailedOperation.ContainSensitiveWord'],
    ['InvalidParameterValue.ContentLengthLimit', 'InvalidParameterValue.ContentLengthLimit'],
  ])('takes %s for a refusal for good', async (code, reason) => {
    const vendor = await start();
    vendor.script({ fault: { do: 'answer', answer: tencentStatus(code) } });

    expect(await tencentAt(vendor.url).send(message('k'), signal)).toEqual({ result: 'rejected', reason });
  });

  it.each([
    { answer: tencentStatus('LimitExceeded.PhoneNumberDailyLimit'), why: 'throttled', status: 200 },
    { answer: tencentError('RequestLimitExceeded'), why: 'throttled', status: 200 },
    { answer: tencentError('AuthFailure.SignatureExpire'), why: 'credentialsRefused', status: 200 },
    {
      answer: tencentStatus('FailedOperation.TemplateIncorrectOrUnapproved'),
      why: 'FailedOperation.TemplateIncorrectOrUnapproved',
      status: 200,
    },
    { answer: tencentError('UnauthorizedOperation'), why: 'UnauthorizedOperation', status: 200 },
    { answer: { status: 404, body: 'nothing here' }, why: 'contractNotMet', status: 404 },
  ])('after $why nothing was taken', async ({ answer, ...details }) => {
    const vendor = await start();
    vendor.script({ fault: { do: 'answer', answer } });

    const failure = await failureOf(tencentAt(vendor.url).send(message('k'), signal));

    expect(failure.details).toEqual({ provider: 'tencent-sms', taken: 'no', ...details });
  });

  it.each([
    { answer: tencentError('InternalError.Timeout'), reason: 'InternalError.Timeout' },
    { answer: tencentError('FailedOperation'), reason: 'FailedOperation' },
    { answer: { status: 502, body: '' }, reason: 'providerFailed' },
    { answer: tencentStatus('Ok'), reason: 'unreadableAnswer' },
  ])('stays in doubt after $reason, and asks', async ({ answer, reason }) => {
    const vendor = await start();
    vendor.script({ fault: { do: 'takeThenAnswer', answer }, times: 1 }, { fault: { do: 'answer', answer } });
    const tencent = tencentAt(vendor.url);

    expect(await tencent.send(message('taken'), signal)).toEqual({ result: 'accepted', providerRef: '5000:1' });
    expect(await tencent.send(message('not-taken'), signal)).toEqual({ result: 'unknown', reason });
  });

  it('finds nothing on an account that does not show SessionContext, and takes no other message for it', async () => {
    const vendor = await start(false);
    const recipientOf = async () => ({ to: TO, at: instantOf(Date.now() - 11 * 60_000) });
    const tencent = tencentAt(vendor.url, { recipientOf });
    vendor.script({ fault: { do: 'takeThenDrop' } });

    expect(await tencent.send(message('k'), signal)).toEqual({ result: 'unknown', reason: 'connectionLost' });
    expect(await tencent.lookUp('k', signal)).toEqual({ result: 'unknown', reason: 'notShown' });
  });

  it('says why a look-up was not heard', async () => {
    const vendor = await start();
    const recipientOf = async () => ({ to: TO, at: instantOf(Date.now()) });
    vendor.scriptQuestions({ fault: { do: 'answer', answer: tencentError('RequestLimitExceeded') } });

    const failure = await failureOf(tencentAt(vendor.url, { recipientOf }).lookUp('k', signal));

    expect(failure.details).toEqual({ provider: 'tencent-sms', why: 'throttled', taken: 'perhaps', status: 200 });
  });
});
