import { afterEach, describe, expect, it } from 'vitest';
import type { ChannelProvider, OutgoingMessage } from '../../../activities/ports.ts';
import { signAlibaba } from '../../../activities/providers/alibaba-sms-signature.ts';
import { type AlibabaSmsOptions, createAlibabaSms } from '../../../activities/providers/alibaba-sms.ts';
import { instantOf } from '../../../domain/instant.ts';
import { ALIBABA, alibabaError, alibabaSide } from '../../support/vendors/alibaba-side.ts';
import { type ScriptedVendor, json, startVendor } from '../../support/vendors/scripted-vendor.ts';
import { vendorUnderTest } from '../../support/vendors/under-test.ts';
import { describeConformance, failureOf } from './conformance.ts';

const TO = '+886912345678';
const TEMPLATES = { OVERDUE_D3_ZH: { id: 'SMS_154950909', params: ['amount', 'hotline'] } };

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

function alibabaAt(baseUrl: string, more: Partial<AlibabaSmsOptions> = {}): ChannelProvider {
  const { credentials, signName } = ALIBABA;
  const calm = { timeoutMs: 10_000, askAgainAfterMs: [10, 20] };
  return createAlibabaSms({ baseUrl, credentials, signName, templates: TEMPLATES, ...calm, ...more });
}

const signal = new AbortController().signal;
let running: ScriptedVendor[] = [];
afterEach(async () => {
  for (const each of running) await each.stop();
  running = [];
});

async function start(): Promise<ScriptedVendor> {
  const vendor = await startVendor(alibabaSide());
  running.push(vendor);
  return vendor;
}

describeConformance('Alibaba Cloud SMS', {
  knowsKeys: false,
  settlesDoubt: true,
  findsKeys: true,
  tellsWhenItBroke: false,
  message,
  start: async ({ timeoutMs }) => {
    const vendor = await startVendor(alibabaSide());
    const recipientOf = async (key: string) =>
      key === 'never/seen' ? undefined : { to: TO, at: instantOf(Date.now()) };
    const wrong = { ...ALIBABA.credentials, accessKeySecret: 'another' };
    return vendorUnderTest({
      vendor,
      provider: alibabaAt(vendor.url, { timeoutMs, recipientOf }),
      withWrongCredentials: alibabaAt(vendor.url, { timeoutMs, credentials: wrong }),
      refusal: alibabaError(200, 'isv.MOBILE_NUMBER_ILLEGAL'),
      notNow: alibabaError(200, 'isv.BUSINESS_LIMIT_CONTROL'),
      failure: alibabaError(500, 'InternalError'),
    });
  },
});

describe('the signature of Alibaba Cloud, V3', () => {
  it('is that of the documented example with fixed parameters', () => {
    const { url, headers } = signAlibaba(
      {
        endpoint: new URL('https://ecs.cn-shanghai.aliyuncs.com'),
        action: 'RunInstances',
        version: '2014-05-26',
        query: { RegionId: 'cn-shanghai', ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd' },
        at: new Date('2023-10-26T10:22:32Z'),
        nonce: '3156853299f313e23d1673dc12e1703d',
      },
      { accessKeyId: 'YourAccessKeyId', accessKeySecret: 'YourAccessKeySecret' },
    );

    expect(headers['authorization']).toBe(
      'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;' +
        'x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    );
    expect(headers['x-acs-content-sha256']).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(url.search).toBe('?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai');
  });
});

describe('the Alibaba Cloud SMS adapter', () => {
  it('sends template, its parameters alone as JSON, and its key as OutId, whatever characters they have', async () => {
    const vendor = await start();
    const odd = { amount: `*~'()!&=+ %2B 元"\\`, hotline: '' };

    const delivery = await alibabaAt(vendor.url).send({ ...message('借款/1*~ +'), params: odd }, signal);

    const [taken] = vendor.taken();
    expect(delivery).toEqual({ result: 'accepted', providerRef: '1^0' });
    expect(taken?.fields).toEqual({
      PhoneNumbers: '886912345678',
      SignName: ALIBABA.signName,
      TemplateCode: 'SMS_154950909',
      TemplateParam: JSON.stringify(odd),
      OutId: '借款/1*~ +',
    });
  });

  it.each([
    { to: '+8613900001234', number: '13900001234' },
    { to: '+85251234567', number: '85251234567' },
    { to: '+14155550123', number: '14155550123' },
  ])('writes $to as $number, and finds it again', async ({ to, number }) => {
    const vendor = await start();
    vendor.script({ fault: { do: 'takeThenDrop' } });

    const delivery = await alibabaAt(vendor.url).send({ ...message('k'), to }, signal);

    expect(delivery).toEqual({ result: 'accepted', providerRef: 'outId:k' });
    expect(vendor.taken()[0]?.to).toBe(number);
  });

  it('carries a key that is too long as its hash, and finds it by that', async () => {
    const vendor = await start();
    const key = `case-${'債'.repeat(100)}/1`;
    vendor.script({ fault: { do: 'takeThenDrop' } });

    const delivery = await alibabaAt(vendor.url).send(message(key), signal);

    expect(vendor.taken()[0]?.key).toMatch(/^[0-9a-f]{64}$/);
    expect(delivery.result).toBe('accepted');
  });

  it.each([
    ['isv.MOBILE_NUMBER_ILLEGAL', 'addressInvalid'],
    ['isv.BLACK_KEY_CONTROL_LIMIT', 'isv.BLACK_KEY_CONTROL_LIMIT'],
    ['isv.PARAM_LENGTH_LIMIT', 'isv.PARAM_LENGTH_LIMIT'],
    ['isv.SMS_CONTENT_ILLEGAL', 'isv.SMS_CONTENT_ILLEGAL'],
  ])('takes %s for a refusal for good', async (code, reason) => {
    const vendor = await start();
    vendor.script({ fault: { do: 'answer', answer: alibabaError(200, code) } });

    expect(await alibabaAt(vendor.url).send(message('k'), signal)).toEqual({ result: 'rejected', reason });
  });

  it.each([
    { answer: alibabaError(200, 'isv.DAY_LIMIT_CONTROL'), why: 'throttled', status: 200 },
    { answer: alibabaError(400, 'Throttling.User'), why: 'throttled', status: 400 },
    { answer: alibabaError(503, 'Throttling'), why: 'throttled', status: 503 },
    { answer: alibabaError(200, 'isv.OUT_OF_SERVICE'), why: 'isv.OUT_OF_SERVICE', status: 200 },
    { answer: alibabaError(200, 'isv.SMS_TEMPLATE_ILLEGAL'), why: 'isv.SMS_TEMPLATE_ILLEGAL', status: 200 },
    { answer: alibabaError(200, 'isp.RAM_PERMISSION_DENY'), why: 'credentialsRefused', status: 200 },
    { answer: alibabaError(400, 'InvalidTimeStamp.Expired'), why: 'credentialsRefused', status: 400 },
    { answer: alibabaError(200, '一個號碼 912345678'), why: 'refused', status: 200 },
  ])('after $why ($status) nothing was taken', async ({ answer, ...details }) => {
    const vendor = await start();
    vendor.script({ fault: { do: 'answer', answer } });

    const failure = await failureOf(alibabaAt(vendor.url).send(message('k'), signal));

    expect(failure.details).toEqual({ provider: 'alibaba-sms', taken: 'no', ...details });
  });

  it.each(['isp.SYSTEM_ERROR', 'SignatureNonceUsed'])('stays in doubt after %s, and asks', async (code) => {
    const vendor = await start();
    vendor.script({ fault: { do: 'takeThenAnswer', answer: alibabaError(200, code) }, times: 1 });
    vendor.script({ fault: { do: 'answer', answer: alibabaError(200, code) } });
    const alibaba = alibabaAt(vendor.url);

    expect((await alibaba.send(message('taken'), signal)).result).toBe('accepted');
    expect(await alibaba.send(message('not-taken'), signal)).toEqual({ result: 'unknown', reason: code });
  });

  it('takes an OK without a BizId for no answer', async () => {
    const vendor = await start();
    vendor.script({ fault: { do: 'answer', answer: json(200, { Code: 'OK', Message: 'OK' }) } });

    expect(await alibabaAt(vendor.url).send(message('k'), signal)).toEqual({
      result: 'unknown',
      reason: 'unreadableAnswer',
    });
  });

  it('looks on the day of China that the hand-over was on, and on the next when that has begun', async () => {
    const vendor = await start();
    const atOf = (at: string) => ({ recipientOf: async () => ({ to: '+8613900001234', at }) });
    const daysAsked = () => vendor.requests().map(({ url }) => url.searchParams.get('SendDate'));

    await alibabaAt(vendor.url, atOf('2026-07-04T15:59:59Z')).lookUp('k', signal);
    await alibabaAt(vendor.url, atOf('2026-07-04T16:00:00Z')).lookUp('k', signal);

    expect(daysAsked()).toEqual(['20260704', '20260705', '20260705', '20260706']);
  });

  it.each([{}, { SmsSendDetailDTOs: {} }, { SmsSendDetailDTOs: { SmsSendDetailDTO: [{ OutId: null }, {}] } }])(
    'takes %j for a day without the message',
    async (body) => {
      const vendor = await start();
      vendor.scriptQuestions({ fault: { do: 'answer', answer: json(200, { Code: 'OK', Message: 'OK', ...body }) } });
      const recipientOf = async () => ({ to: TO, at: '2026-07-04T00:00:00Z' });

      expect(await alibabaAt(vendor.url, { recipientOf }).lookUp('k', signal)).toEqual({
        result: 'unknown',
        reason: 'notShown',
      });
    },
  );

  it('does not take its own key for that of another message to the same number', async () => {
    const vendor = await start();
    const recipientOf = async () => ({ to: TO, at: instantOf(Date.now() - 11 * 60_000) });
    const alibaba = alibabaAt(vendor.url, { recipientOf });
    await alibaba.send(message('one'), signal);

    expect(await alibaba.lookUp('another', signal)).toEqual({ result: 'unknown', reason: 'notShown' });
    expect(await alibaba.lookUp('one', signal)).toEqual({ result: 'accepted', providerRef: 'outId:one' });
  });
});
