import type { ChannelSettings, ProviderSettings } from '../activities/channels/settings.ts';
import type { ChannelProvider, ChannelProviders } from '../activities/ports.ts';
import { createAlibabaSms } from '../activities/providers/alibaba-sms.ts';
import { createAwsSns } from '../activities/providers/aws-sns.ts';
import { createHttpGateway } from '../activities/providers/http-gateway.ts';
import type { SmsVendorOptions } from '../activities/providers/sms-vendor.ts';
import { createSmtpProvider } from '../activities/providers/smtp.ts';
import { createTencentSms } from '../activities/providers/tencent-sms.ts';
import { createTwilio } from '../activities/providers/twilio.ts';
import { DomainError } from '../domain/errors.ts';
import { CHANNELS, type Channel } from '../domain/strategy.ts';
import type { Config } from '../platform/config.ts';

/** The providers of all channels, and the end of their connections. */
export interface Channels {
  readonly providers: ChannelProviders;
  close(): void;
}

type Environment = Pick<Config, 'SMS_GATEWAY_URL' | 'SMS_GATEWAY_TOKEN' | 'SMTP_URL' | 'MAIL_FROM'>;

/** One exchange with a provider takes at most so long; the activity allows for two. */
const PROVIDER_TIMEOUT_MS = 15_000;

/** Who delivers a channel that the settings leave out. */
const DEFAULTS: Readonly<Record<Channel, ProviderSettings>> = {
  sms: { provider: 'gateway' },
  email: { provider: 'smtp' },
  push: { provider: 'gateway' },
  voice: { provider: 'gateway' },
};

/**
 * Makes the provider of each channel. A channel whose provider is not set up is closed: a contact on it fails with
 * CONFIG_INVALID.
 * @param parts.inUse channels that the strategy uses; for these a provider has to be set up.
 * @param parts.handedOverOf where the message of a key went, for the services that are not asked by key.
 * @throws CONFIG_INVALID naming every variable that is missing.
 */
export function openChannels(
  environment: Environment,
  settings: ChannelSettings,
  parts: {
    readonly inUse: readonly Channel[];
    readonly handedOverOf: NonNullable<SmsVendorOptions['recipientOf']>;
  },
): Channels {
  const closing: (() => void)[] = [];
  const missing: string[] = [];
  const providers = CHANNELS.map((channel) => {
    const provider = settings[channel] ?? DEFAULTS[channel];
    const needed = missingFor(provider, environment);
    if (needed === null) return [channel, create(provider)] as const;
    if (parts.inUse.includes(channel)) missing.push(`${needed}: needed, since the strategy uses ${channel}`);
    return [channel, closedChannel(channel)] as const;
  });
  const close = () => {
    for (const end of closing) end();
  };
  if (missing.length > 0) {
    close();
    throw new DomainError('CONFIG_INVALID', `The configuration has ${missing.length} faults: ${missing.join('; ')}.`);
  }
  return { providers: Object.fromEntries(providers) as ChannelProviders, close };

  function create(provider: ProviderSettings): ChannelProvider {
    const vendor = { timeoutMs: PROVIDER_TIMEOUT_MS, recipientOf: parts.handedOverOf };
    switch (provider.provider) {
      case 'gateway':
        return createHttpGateway({
          baseUrl: provider.baseUrl ?? environment.SMS_GATEWAY_URL ?? '',
          token: (provider.baseUrl === undefined ? environment.SMS_GATEWAY_TOKEN : provider.token) ?? '',
          timeoutMs: PROVIDER_TIMEOUT_MS,
          channels: CHANNELS,
        });
      case 'smtp': {
        const url = provider.url ?? environment.SMTP_URL ?? '';
        const smtp = createSmtpProvider({
          url,
          from: provider.from ?? environment.MAIL_FROM,
          timeoutMs: PROVIDER_TIMEOUT_MS,
        });
        closing.push(() => smtp.close());
        return smtp;
      }
      case 'twilio':
        return createTwilio({ ...provider.options, ...vendor });
      case 'alibaba-sms':
        return createAlibabaSms({ ...provider.options, ...vendor });
      case 'tencent-sms':
        return createTencentSms({ ...provider.options, ...vendor });
      case 'aws-sns':
        return createAwsSns({ ...provider.options, timeoutMs: PROVIDER_TIMEOUT_MS });
      default:
        return provider satisfies never;
    }
  }
}

/** The variable without which a provider cannot be made. */
function missingFor(settings: ProviderSettings, { SMS_GATEWAY_URL, SMTP_URL }: Environment): string | null {
  if (settings.provider === 'gateway' && (settings.baseUrl ?? SMS_GATEWAY_URL) === undefined) return 'SMS_GATEWAY_URL';
  if (settings.provider === 'smtp' && (settings.url ?? SMTP_URL) === undefined) return 'SMTP_URL';
  return null;
}

/** Cases of an earlier strategy may still use a channel that nobody delivers any more. */
function closedChannel(channel: Channel): ChannelProvider {
  const refuse = () =>
    Promise.reject(new DomainError('CONFIG_INVALID', `No provider is set up for the channel ${channel}.`, { channel }));
  return { send: refuse, lookUp: refuse };
}
