import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loadChannels } from '../../activities/channels/channels-file.ts';
import type { OutgoingMessage } from '../../activities/ports.ts';
import { loadTemplates } from '../../activities/templates.ts';
import { contact as contactTable } from '../../db/schema.ts';
import { instantOf } from '../../domain/instant.ts';
import type { Channel } from '../../domain/strategy.ts';
import { readConfig } from '../../platform/config.ts';
import { type Channels, openChannels } from '../../worker/channels.ts';
import { composeMessage } from '../../worker/compose-message.ts';
import { handedOverOf } from '../../worker/handed-over.ts';
import { type TestDatabase, freshDatabase } from '../support/database.ts';
import { dueSoon, payment, statementOf } from '../support/loans.ts';
import { intake } from '../support/intake.ts';
import { contact, strategy, task } from '../support/strategy.ts';
import { ALIBABA, alibabaSide } from '../support/vendors/alibaba-side.ts';
import { type ScriptedVendor, type VendorSide, startVendor } from '../support/vendors/scripted-vendor.ts';
import { SNS, snsSide } from '../support/vendors/sns-side.ts';
import { TENCENT, tencentSide } from '../support/vendors/tencent-side.ts';
import { TWILIO, twilioSide } from '../support/vendors/twilio-side.ts';

const templates = loadTemplates();
const compose = composeMessage(templates);
const signal = new AbortController().signal;
const CONFIG = {
  DATABASE_URL: 'postgres://localhost/kept',
  TEMPORAL_ADDRESS: 'localhost:7233',
  KEPT_CHANNELS: 'channels.yaml',
};
/** Sends no SMS: what the services' terms allow is tested where the file is read. */
const served = strategy({ steps: [contact({ channel: 'email', template: 'overdue-bill' }), task()] });

let database: TestDatabase;
let dir: string;
let running: { stop(): Promise<void> | void }[] = [];
beforeAll(async () => {
  database = await freshDatabase();
  dir = mkdtempSync(join(tmpdir(), 'kept-channels-'));
});
afterAll(async () => {
  await database?.close();
  rmSync(dir, { recursive: true });
});
afterEach(async () => {
  for (const each of running) await each.stop();
  running = [];
});

/** The channels as `kept serve` opens them, from a file whose SMS provider is at a scripted vendor. */
async function channelsOver(
  side: VendorSide,
  yaml: (url: string) => string,
  env: Record<string, string>,
): Promise<Channels & { readonly vendor: ScriptedVendor }> {
  const vendor = await startVendor(side);
  const path = join(dir, 'channels.yaml');
  writeFileSync(path, yaml(vendor.url));
  const settings = loadChannels(path, { env, strategy: served, templates });
  const channels = openChannels(readConfig(CONFIG), settings, {
    inUse: [],
    handedOverOf: handedOverOf(database.db, compose),
  });
  running.push(vendor, { stop: () => channels.close() });
  return { ...channels, vendor };
}

const twilio =
  (more = '') =>
  (url: string) =>
    `sms:
  provider: twilio
  baseUrl: ${url}
  accountSid: ${TWILIO.accountSid}
  secret: { env: TWILIO_AUTH_TOKEN }
  sender: { messagingServiceSid: ${TWILIO.messagingServiceSid} }
${more}`;
const alibaba = (url: string) => `sms:
  provider: alibaba-sms
  baseUrl: ${url}
  accessKeyId: { env: ID }
  accessKeySecret: { env: SECRET }
  signName: ${ALIBABA.signName}
  templates: { KEPT_OVERDUE_FIRST_ZH: { id: SMS_1, params: [total, hotline] } }
`;
const tencent = (url: string) => `sms:
  provider: tencent-sms
  baseUrl: ${url}
  secretId: { env: ID }
  secretKey: { env: SECRET }
  region: ${TENCENT.region}
  sdkAppId: '${TENCENT.sdkAppId}'
  signName: ${TENCENT.signName}
  templates: { KEPT_OVERDUE_FIRST_ZH: { id: '1', params: [total, hotline] } }
`;
const sns = (url: string) => `sms:
  provider: aws-sns
  baseUrl: ${url}
  accessKeyId: { env: ID }
  secretAccessKey: { env: SECRET }
  region: ${SNS.region}
`;
const ALIBABA_ENV = { ID: ALIBABA.credentials.accessKeyId, SECRET: ALIBABA.credentials.accessKeySecret };
const TENCENT_ENV = { ID: TENCENT.credentials.secretId, SECRET: TENCENT.credentials.secretKey };
const SNS_ENV = { ID: SNS.credentials.accessKeyId, SECRET: SNS.credentials.secretAccessKey };
const TWILIO_ENV = { TWILIO_AUTH_TOKEN: TWILIO.secret };

const AT = instantOf(Date.now());
const DUE_ON = AT.slice(0, 10);

/** A loan, and the message of a key on the ledger as `makeContacts` reserves it; what is sent is returned. */
async function reserved(loanRef: string, channel: Channel = 'sms'): Promise<OutgoingMessage> {
  const statement = statementOf(loanRef, { dueOn: DUE_ON });
  await intake(database.db, dueSoon(statement));
  const key = `${loanRef}/1/plain@1/first/1`;
  const to = statement.debtor.phone ?? '';
  await database.db.insert(contactTable).values({
    key,
    debtorRef: statement.debtor.debtorRef,
    loanRef,
    episode: 1,
    channel,
    address: to,
    step: 'first',
    template: 'overdue-first',
    at: AT,
    status: 'reserved',
    balanceVersion: 1,
    decidedAt: AT,
  });
  const facts = { statement, due: statement.due, overdueMinor: 0, at: AT };
  const composed = compose({ template: 'overdue-first', channel }, facts);
  return { key, channel, to, language: statement.debtor.language, ...composed };
}

describe('a message of the file reaches the service it names', () => {
  test.each([
    ['Twilio', twilioSide(), twilio(), TWILIO_ENV],
    ['Alibaba Cloud', alibabaSide(), alibaba, ALIBABA_ENV],
    ['Tencent Cloud', tencentSide(), tencent, TENCENT_ENV],
    ['AWS SNS', snsSide(), sns, SNS_ENV],
  ] as const)('%s', async (name, side, yaml, env) => {
    const { providers, vendor } = await channelsOver(side, yaml, env);
    const message = await reserved(`SEND-${name.slice(0, 3)}`);
    expect(await providers.sms.send(message, signal)).toMatchObject({ result: 'accepted' });
    expect(vendor.taken().map(({ to }) => to.replace('+', ''))).toEqual([message.to.replace('+', '')]);
  });

  test('with its secret from the environment: another one is refused', async () => {
    const { providers, vendor } = await channelsOver(twilioSide(), twilio(), { TWILIO_AUTH_TOKEN: 'another' });
    await expect(providers.sms.send(await reserved('WRONG'), signal)).rejects.toMatchObject({
      code: 'PROVIDER_UNREACHABLE',
      details: { taken: 'no' },
    });
    expect(vendor.taken()).toEqual([]);
  });
});

describe('a message whose sender died before it heard the answer', () => {
  test.each([
    ['Twilio, by the text that is filled in again', twilioSide(), twilio(), TWILIO_ENV],
    ['Alibaba Cloud', alibabaSide(), alibaba, ALIBABA_ENV],
    ['Tencent Cloud', tencentSide(), tencent, TENCENT_ENV],
  ] as const)('is found at %s, by the number and the time on the ledger', async (name, side, yaml, env) => {
    const { providers } = await channelsOver(side, yaml, env);
    const message = await reserved(`DIED-${name.slice(0, 3)}`);
    await providers.sms.send(message, signal);
    expect(await providers.sms.lookUp(message.key, signal)).toMatchObject({ result: 'accepted' });
  });

  test('cannot be told at Twilio once the loan has changed, since its text cannot be filled in again', async () => {
    const { providers } = await channelsOver(twilioSide(), twilio(), TWILIO_ENV);
    const message = await reserved('PAID');
    await providers.sms.send(message, signal);
    await intake(database.db, payment('PAID', 'PAID-P1', 1_000, AT));
    expect(await providers.sms.lookUp(message.key, signal)).toEqual({ result: 'unknown', reason: 'cannotBeTold' });
  });

  test('is unknown when its key is not on the ledger, or its address is erased', async () => {
    const { providers } = await channelsOver(alibabaSide(), alibaba, ALIBABA_ENV);
    const erased = await reserved('ERASED');
    await database.db.update(contactTable).set({ address: null });
    for (const key of ['nobody/1/s@1/a/1', erased.key]) {
      expect(await providers.sms.lookUp(key, signal)).toEqual({ result: 'unknown', reason: 'cannotBeAsked' });
    }
  });
});

describe('channels that the file leaves out', () => {
  const parts = { inUse: [] as Channel[], handedOverOf: () => Promise.resolve(undefined) };

  test('are closed without a gateway, and refused when the strategy uses them', async () => {
    const { providers, close } = openChannels(readConfig(CONFIG), {}, parts);
    await expect(providers.push.lookUp('k', signal)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    close();
    expect(() => openChannels(readConfig(CONFIG), {}, { ...parts, inUse: ['voice', 'email'] })).toThrow(
      'The configuration has 2 faults: SMTP_URL: needed, since the strategy uses email; SMS_GATEWAY_URL: needed, since the strategy uses voice.',
    );
  });

  test('without a file the gateway and the mail server are needed as ever', () => {
    const { KEPT_CHANNELS: _file, ...rest } = CONFIG;
    expect(() => readConfig(rest)).toThrow(
      'SMS_GATEWAY_URL: needed, unless KEPT_CHANNELS names other providers; SMTP_URL: needed, unless KEPT_CHANNELS names other providers.',
    );
    const whole = { ...rest, SMS_GATEWAY_URL: 'http://127.0.0.1:1', SMTP_URL: 'smtp://127.0.0.1:1' };
    const { close } = openChannels(readConfig(whole), {}, { ...parts, inUse: ['sms', 'email', 'push', 'voice'] });
    close();
  });
});
