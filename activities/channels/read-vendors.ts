import type { PolicyValue } from '../policy-value.ts';
import { given, readNumber, readTemplates, readTerms, readUrl } from './read-fields.ts';
import { type SecretSources, readSecret } from './secret.ts';

const SECRET = '{ env: SMS_SECRET }';
const TEMPLATES = '{ OVERDUE_FIRST_ZH: { id: ..., params: [...] } }';
const SENDER = { messagingServiceSid: 'MG00000000000000000000000000000000', from: "'+15005550006'" };
const PROVIDER = { provider: 'twilio' };
/** What every cloud service may be given. */
const VENDOR = { baseUrl: 'https://sms.example.com', destinations: '[TW]', confirmed: '[provider-agreed]' };

/** Reads the set-up of Twilio; its texts are sent as they are unless content templates are given. */
export function readTwilio(value: PolicyValue, secrets: SecretSources) {
  const required = { ...PROVIDER, accountSid: `AC${'0'.repeat(32)}`, secret: SECRET, sender: '{ from: ... }' };
  const optional = { ...VENDOR, keySid: `SK${'0'.repeat(32)}`, statusCallback: SECRET, templates: TEMPLATES };
  const fields = value.fields('a set-up of Twilio', required, optional);
  const { messagingServiceSid, from } = fields.sender.fields('the sender', {}, SENDER);
  if (fields.sender.isMap && messagingServiceSid.isGiven === from.isGiven) {
    fields.sender.refuse('The sender is either a messagingServiceSid or a from.');
  }
  return {
    provider: 'twilio' as const,
    options: {
      ...given('baseUrl', readUrl(fields.baseUrl)),
      accountSid: fields.accountSid.text(),
      ...given('keySid', fields.keySid.text()),
      secret: readSecret(fields.secret, secrets),
      sender: from.isGiven ? { from: readNumber(from) } : { messagingServiceSid: messagingServiceSid.text() },
      // The address for reports has a secret in its path.
      ...given('statusCallback', readSecret(fields.statusCallback, secrets)),
      ...(fields.templates.isGiven && { templates: readTemplates(fields.templates) }),
    },
    terms: readTerms(fields),
  };
}

/** Reads the set-up of Alibaba Cloud SMS. */
export function readAlibaba(value: PolicyValue, secrets: SecretSources) {
  const required = { ...PROVIDER, accessKeyId: SECRET, accessKeySecret: SECRET, signName: '...', templates: TEMPLATES };
  const fields = value.fields('a set-up of Alibaba Cloud', required, VENDOR);
  return {
    provider: 'alibaba-sms' as const,
    options: {
      ...given('baseUrl', readUrl(fields.baseUrl)),
      credentials: {
        accessKeyId: readSecret(fields.accessKeyId, secrets),
        accessKeySecret: readSecret(fields.accessKeySecret, secrets),
      },
      signName: fields.signName.text(),
      templates: readTemplates(fields.templates),
    },
    terms: readTerms(fields),
  };
}

/** Reads the set-up of Tencent Cloud SMS. */
export function readTencent(value: PolicyValue, secrets: SecretSources) {
  const required = {
    ...PROVIDER,
    secretId: SECRET,
    secretKey: SECRET,
    region: 'ap-singapore',
    sdkAppId: "'1400006666'",
    templates: TEMPLATES,
  };
  const fields = value.fields('a set-up of Tencent Cloud', required, { ...VENDOR, signName: '...' });
  return {
    provider: 'tencent-sms' as const,
    options: {
      ...given('baseUrl', readUrl(fields.baseUrl)),
      credentials: {
        secretId: readSecret(fields.secretId, secrets),
        secretKey: readSecret(fields.secretKey, secrets),
      },
      region: fields.region.text(),
      sdkAppId: fields.sdkAppId.text(),
      ...given('signName', fields.signName.text()),
      templates: readTemplates(fields.templates),
    },
    terms: readTerms(fields),
  };
}

/** Reads the set-up of AWS SNS, which sends texts and knows no templates. */
export function readAws(value: PolicyValue, secrets: SecretSources) {
  const required = { ...PROVIDER, accessKeyId: SECRET, secretAccessKey: SECRET, region: 'us-east-1' };
  const optional = { ...VENDOR, sessionToken: SECRET, senderId: 'Kept', originationNumber: "'+15005550006'" };
  const fields = value.fields('a set-up of AWS SNS', required, optional);
  return {
    provider: 'aws-sns' as const,
    options: {
      ...given('baseUrl', readUrl(fields.baseUrl)),
      credentials: {
        accessKeyId: readSecret(fields.accessKeyId, secrets),
        secretAccessKey: readSecret(fields.secretAccessKey, secrets),
        ...given('sessionToken', readSecret(fields.sessionToken, secrets)),
      },
      region: fields.region.text(),
      ...given('senderId', fields.senderId.text()),
      ...given('originationNumber', readNumber(fields.originationNumber)),
    },
    terms: readTerms(fields),
  };
}
