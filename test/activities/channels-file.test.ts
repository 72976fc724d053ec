import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadChannels } from '../../activities/channels/channels-file.ts';
import type { ChannelSettings } from '../../activities/channels/settings.ts';
import { loadTemplates } from '../../activities/templates.ts';
import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import type { Strategy } from '../../domain/strategy.ts';
import { contact, strategy, task } from '../support/strategy.ts';

const templates = loadTemplates();
const ENV = { TWILIO_AUTH_TOKEN: 't0ken-of-twilio', ALI_ID: 'LTAI', ALI_SECRET: 's3cret-of-ali', EMPTY: '' };
const NO_SMS = strategy({ steps: [contact({ channel: 'email', template: 'overdue-bill' }), task()] });
const FIRST = strategy({ steps: [contact(), task()] });
const TWILIO = `sms:
  provider: twilio
  accountSid: AC1
  secret: { env: TWILIO_AUTH_TOKEN }
  sender: { messagingServiceSid: MG1 }
`;

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'kept-channels-'));
  writeFileSync(join(dir, 'token'), 'from-a-file\n');
  writeFileSync(join(dir, 'blank'), ' \n');
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

function load(text: string, served: Strategy = NO_SMS): ChannelSettings {
  const path = join(dir, 'channels.yaml');
  writeFileSync(path, text);
  return loadChannels(path, { env: ENV, strategy: served, templates });
}

/** The lines of the refusal, without the folder. */
function faultsOf(text: string, served: Strategy = NO_SMS, code: ErrorCode = 'CONFIG_INVALID'): string[] {
  try {
    load(text, served);
    return [];
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== code) throw error;
    for (const secret of Object.values(ENV).filter(Boolean)) expect(error.message).not.toContain(secret);
    return error.message.split('\n').map((line) => line.replace(`${join(dir, 'channels.yaml')}:`, ''));
  }
}

describe('a file of channels', () => {
  test('may leave every channel to the environment', () => {
    expect(load('{}')).toEqual({});
    expect(load('push: { provider: gateway }\nemail: { provider: smtp }')).toEqual({
      email: { provider: 'smtp' },
      push: { provider: 'gateway' },
    });
  });

  test('names a gateway and a mail server of its own for a channel', () => {
    const text = `voice: { provider: gateway, baseUrl: 'https://calls.example/v0/', token: { file: token } }
email: { provider: smtp, url: { env: ALI_SECRET }, from: Lender <a@lender.example> }`;
    expect(load(text)).toEqual({
      voice: { provider: 'gateway', baseUrl: 'https://calls.example/v0/', token: 'from-a-file' },
      email: { provider: 'smtp', url: 's3cret-of-ali', from: 'Lender <a@lender.example>' },
    });
  });

  test('sets Twilio up, with secrets from the environment', () => {
    const more = `  baseUrl: https://api.example
  keySid: SK1
  statusCallback: { env: ALI_SECRET }
  templates: { T: { id: HX1, params: [total] } }
  destinations: [US]
  confirmed: [first-party-with-consent]
`;
    expect(load(TWILIO + more)).toEqual({
      sms: {
        provider: 'twilio',
        options: {
          baseUrl: 'https://api.example',
          accountSid: 'AC1',
          keySid: 'SK1',
          secret: 't0ken-of-twilio',
          sender: { messagingServiceSid: 'MG1' },
          statusCallback: 's3cret-of-ali',
          templates: { T: { id: 'HX1', params: ['total'] } },
        },
        terms: { destinations: ['US'], confirmed: ['first-party-with-consent'] },
      },
    });
  });

  test('sets the others up', () => {
    const keys = (id: string, secret: string) => `${id}: { env: ALI_ID }, ${secret}: { env: ALI_SECRET }`;
    const alibaba = `sms: { provider: alibaba-sms, ${keys('accessKeyId', 'accessKeySecret')}, signName: 示例, templates: {} }`;
    const terms = { confirmed: [] };
    expect(load(alibaba).sms).toEqual({
      provider: 'alibaba-sms',
      options: {
        credentials: { accessKeyId: 'LTAI', accessKeySecret: 's3cret-of-ali' },
        signName: '示例',
        templates: {},
      },
      terms,
    });
    const tencent = `sms: { provider: tencent-sms, ${keys('secretId', 'secretKey')}, region: r, sdkAppId: '14', templates: {} }`;
    expect(load(tencent).sms).toEqual({
      provider: 'tencent-sms',
      options: {
        credentials: { secretId: 'LTAI', secretKey: 's3cret-of-ali' },
        region: 'r',
        sdkAppId: '14',
        templates: {},
      },
      terms,
    });
    const aws = `sms: { provider: aws-sns, ${keys('accessKeyId', 'secretAccessKey')}, region: us-east-1, originationNumber: '+15005550006' }`;
    expect(load(aws).sms).toEqual({
      provider: 'aws-sns',
      options: {
        credentials: { accessKeyId: 'LTAI', secretAccessKey: 's3cret-of-ali' },
        region: 'us-east-1',
        originationNumber: '+15005550006',
      },
      terms,
    });
  });
});

describe('faults name line and column, all at once, and no secret', () => {
  test.each<[title: string, text: string, faults: string[]]>([
    [
      'a channel that is none',
      'fax: {}',
      ['1:1: "fax" is not a key of the table of channels. Its keys: sms, email, push, voice.'],
    ],
    ['no provider', 'sms: {}', ['1:6: The provider of sms lacks "provider"; write it such as provider: gateway.']],
    [
      'a provider that does not deliver the channel',
      'push: { provider: twilio }',
      ['1:19: "twilio" is not a provider of push. Choices: gateway.'],
    ],
    [
      'what a provider needs',
      'sms: { provider: twilio }',
      [
        '1:6: A set-up of Twilio lacks "accountSid"; write it such as accountSid: AC00000000000000000000000000000000.',
        '1:6: A set-up of Twilio lacks "secret"; write it such as secret: { env: SMS_SECRET }.',
        '1:6: A set-up of Twilio lacks "sender"; write it such as sender: { from: ... }.',
      ],
    ],
    [
      'two senders',
      TWILIO.replace('MG1', "MG1, from: '+15005550006'"),
      ['5:11: The sender is either a messagingServiceSid or a from.'],
    ],
    [
      'a sender that YAML takes for a sum',
      TWILIO.replace('messagingServiceSid: MG1', 'from: +15005550006'),
      ["5:19: 15005550006 is not a number in E.164, in quotes; write it such as from: '+15005550006'."],
    ],
    [
      'a secret in the file',
      TWILIO.replace('{ env: TWILIO_AUTH_TOKEN }', 'abc'),
      ['4:11: A secret is written as keys with values, such as env: TWILIO_AUTH_TOKEN.'],
    ],
    [
      'a secret that is not set',
      TWILIO.replace('TWILIO_AUTH_TOKEN', 'GONE'),
      ['4:18: The environment variable GONE is not set.'],
    ],
    [
      'a secret that is empty',
      TWILIO.replace('TWILIO_AUTH_TOKEN', 'EMPTY'),
      ['4:18: The environment variable EMPTY is not set.'],
    ],
    [
      'a secret without its file',
      TWILIO.replace('env: TWILIO_AUTH_TOKEN', 'file: gone'),
      ['4:19: The file of the secret cannot be read (ENOENT).'],
    ],
    [
      'a secret in an empty file',
      TWILIO.replace('env: TWILIO_AUTH_TOKEN', 'file: blank'),
      ['4:19: The file of the secret is empty.'],
    ],
    [
      'a secret named twice',
      TWILIO.replace('env: TWILIO_AUTH_TOKEN', 'env: A, file: b'),
      [
        '4:11: A secret is named by its variable or by its file: { env: TWILIO_AUTH_TOKEN } or { file: /run/secrets/twilio }.',
      ],
    ],
    [
      'several',
      `${TWILIO}  baseUrl: ftp://x\n  destinations: [us]\n  confirmed: [agreed]\n`,
      [
        '6:12: "ftp://x" is not an http or https address; write it such as baseUrl: https://sms.example.com.',
        '7:18: "us" is not a country (ISO 3166); write it such as TW.',
        '8:15: "agreed" is not a condition. Choices: first-party-with-consent, no-debt-relief, registered-use-case, provider-agreed.',
      ],
    ],
    [
      'a token of another gateway',
      'sms: { provider: gateway, token: { env: ALI_SECRET } }',
      ['1:34: A token belongs to a baseUrl; without one the gateway of the environment is used.'],
    ],
  ])('%s', (_title, text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  test('a template that the strategy needs and the provider is not told, or with a value that the text lacks', () => {
    const texts = `  confirmed: [provider-agreed, first-party-with-consent]
  templates:
    KEPT_OVERDUE_FIRST_ZH: { id: HX1, params: [total, payBy] }
`;
    expect(faultsOf(TWILIO + texts, FIRST)).toEqual([
      '8:5: The provider\'s template for KEPT_OVERDUE_FIRST_EN of "overdue-first" is missing.',
      expect.stringMatching(
        /^8:55: The text KEPT_OVERDUE_FIRST_ZH of "overdue-first" has no value "payBy"; it has lender, /,
      ),
    ]);
  });
});

test('the example in docs/providers.md is sound and allowed for the messages of a sample', () => {
  const page = readFileSync(new URL('../../docs/providers.md', import.meta.url), 'utf8');
  const [, example = ''] = /```yaml\n(sms:\n.*?)```/s.exec(page) ?? [];
  mkdirSync(join(dir, 'secrets'));
  writeFileSync(join(dir, 'secrets', 'twilio-status-callback'), 'https://kept.lender.example/receipts/s');
  const path = join(dir, 'channels.yaml');
  writeFileSync(path, example);
  const env = { ...ENV, CALLS_TOKEN: 't0ken-of-calls' };
  const { sms, voice, email } = loadChannels(path, { env, strategy: FIRST, templates });
  expect(sms).toMatchObject({
    provider: 'twilio',
    options: { statusCallback: 'https://kept.lender.example/receipts/s' },
  });
  expect(voice).toMatchObject({ provider: 'gateway', token: 't0ken-of-calls' });
  expect(email).toEqual({ provider: 'smtp' });
});

describe('PROVIDER_USE_FORBIDDEN', () => {
  const forbidden = (text: string, served: Strategy) => faultsOf(text, served, 'PROVIDER_USE_FORBIDDEN');
  const confirmed = (...ids: string[]) => `${TWILIO}  destinations: [US]\n  confirmed: [${ids.join(', ')}]\n`;

  test('nothing is asked about a channel that the strategy does not use', () => {
    expect(forbidden(TWILIO, NO_SMS)).toEqual([]);
  });

  test('the terms of every destination count when none is named', () => {
    const faults = forbidden(TWILIO, FIRST);
    expect(faults).toEqual([
      expect.stringMatching(
        /^2:13: Twilio, messages of the kind "overdue" to numbers of US and CA: allowed only when you confirm "first-party-with-consent"/,
      ),
      expect.stringMatching(
        /^2:13: Twilio, messages of the kind "overdue": allowed only when you confirm "provider-agreed"/,
      ),
    ]);
  });

  test('what is confirmed is allowed, by kind', () => {
    expect(forbidden(confirmed('first-party-with-consent'), FIRST)).toEqual([]);
    expect(forbidden(confirmed('provider-agreed'), FIRST)).toHaveLength(1);
    const lesson = strategy({ steps: [contact({ template: 'credit-record-help', fallback: ['sms'] }), task()] });
    const withSms = { ...templates, byName: new Map(templates.byName) };
    const first = templates.byName.get('overdue-first');
    if (first !== undefined) withSms.byName.set('credit-record-help', { ...first, kind: 'education' });
    const path = join(dir, 'channels.yaml');
    writeFileSync(path, confirmed('first-party-with-consent'));
    expect(() => loadChannels(path, { env: ENV, strategy: lesson, templates: withSms })).toThrow(/"no-debt-relief"/);
  });

  test('a fallback to the channel counts as much as a step on it', () => {
    const fallingBack = strategy({ steps: [contact({ channel: 'email', fallback: ['sms'] }), task()] });
    expect(forbidden(TWILIO, fallingBack)).toHaveLength(2);
  });

  test('what is forbidden cannot be confirmed away', () => {
    const text = `sms:
  provider: tencent-sms
  secretId: { env: ALI_ID }
  secretKey: { env: ALI_SECRET }
  region: r
  sdkAppId: '14'
  confirmed: [provider-agreed]
  templates:
    KEPT_OVERDUE_FIRST_ZH: { id: '1', params: [total] }
    KEPT_OVERDUE_FIRST_EN: { id: '2', params: [total] }
`;
    expect(forbidden(text, FIRST)).toEqual([
      expect.stringMatching(
        /^2:13: Tencent Cloud SMS, messages of the kind "overdue": the provider's terms forbid them\./,
      ),
    ]);
  });
});
