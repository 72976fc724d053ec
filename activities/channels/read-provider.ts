import type { Channel } from '../../domain/strategy.ts';
import type { Draft } from '../../domain/strategy-fault.ts';
import type { PolicyValue } from '../policy-value.ts';
import { given, readUrl } from './read-fields.ts';
import { readAlibaba, readAws, readTencent, readTwilio } from './read-vendors.ts';
import { type SecretSources, readSecret } from './secret.ts';
import type { ProviderSettings } from './settings.ts';

type ProviderName = ProviderSettings['provider'];

/** Who can deliver a channel. The cloud services send SMS alone. */
const PROVIDERS: Readonly<Record<Channel, readonly ProviderName[]>> = {
  sms: ['gateway', 'twilio', 'alibaba-sms', 'tencent-sms', 'aws-sns'],
  push: ['gateway'],
  voice: ['gateway'],
  email: ['smtp', 'gateway'],
};

const PROVIDER = { provider: 'gateway' };
const BASE_URL = { baseUrl: 'https://sms.example.com' };
const SECRET = '{ env: SMS_SECRET }';

/** Reads the provider of one channel with its options. */
export function readProvider(
  value: PolicyValue,
  channel: Channel,
  secrets: SecretSources,
): Draft<ProviderSettings> | undefined {
  const provider = value.at('provider', PROVIDER.provider).oneOf(`a provider of ${channel}`, PROVIDERS[channel]);
  switch (provider) {
    case 'gateway':
      return readGateway(value, secrets);
    case 'smtp':
      return readSmtp(value, secrets);
    case 'twilio':
      return readTwilio(value, secrets);
    case 'alibaba-sms':
      return readAlibaba(value, secrets);
    case 'tencent-sms':
      return readTencent(value, secrets);
    case 'aws-sns':
      return readAws(value, secrets);
    case undefined:
      // With the key at hand it has been told what is wrong with it; otherwise it is told what is missing.
      if (!value.at('provider', '').isGiven) value.fields(`the provider of ${channel}`, PROVIDER);
      return undefined;
    default:
      return provider satisfies never;
  }
}

function readGateway(value: PolicyValue, secrets: SecretSources) {
  const fields = value.fields('a gateway', PROVIDER, { ...BASE_URL, token: SECRET });
  if (fields.token.isGiven && !fields.baseUrl.isGiven) {
    fields.token.refuse('A token belongs to a baseUrl; without one the gateway of the environment is used.');
  }
  return {
    provider: 'gateway' as const,
    ...given('baseUrl', readUrl(fields.baseUrl)),
    ...given('token', readSecret(fields.token, secrets)),
  };
}

function readSmtp(value: PolicyValue, secrets: SecretSources) {
  const fields = value.fields('a mail server', PROVIDER, { url: SECRET, from: 'Kept <collections@example.com>' });
  return {
    provider: 'smtp' as const,
    ...given('url', readSecret(fields.url, secrets)),
    ...given('from', fields.from.text()),
  };
}
