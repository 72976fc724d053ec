import type { Channel } from '../../domain/strategy.ts';
import type { AlibabaSmsOptions } from '../providers/alibaba-sms.ts';
import type { Condition } from '../providers/allowed-uses.ts';
import type { AwsSnsOptions } from '../providers/aws-sns.ts';
import type { SmsVendorOptions } from '../providers/sms-vendor.ts';
import type { TencentSmsOptions } from '../providers/tencent-sms.ts';
import type { TwilioOptions } from '../providers/twilio.ts';

/** What an adapter is given by the file; the rest comes from the process that runs it. */
type FromFile<Options> = Omit<Options, Exclude<keyof SmsVendorOptions, 'baseUrl'>>;

/** What the operator says about the use of a cloud service; see `checkAllowedUses`. */
export interface Terms {
  /** ISO 3166 codes of the debtors' countries; absent: the strictest entry counts. */
  readonly destinations?: readonly string[];
  readonly confirmed: readonly Condition[];
}

/** The provider of one channel with its options. What is absent of the first two comes from the environment. */
export type ProviderSettings =
  | { readonly provider: 'gateway'; readonly baseUrl?: string; readonly token?: string }
  | { readonly provider: 'smtp'; readonly url?: string; readonly from?: string }
  | { readonly provider: 'twilio'; readonly options: FromFile<TwilioOptions>; readonly terms: Terms }
  | { readonly provider: 'alibaba-sms'; readonly options: FromFile<AlibabaSmsOptions>; readonly terms: Terms }
  | { readonly provider: 'tencent-sms'; readonly options: FromFile<TencentSmsOptions>; readonly terms: Terms }
  | { readonly provider: 'aws-sns'; readonly options: FromFile<AwsSnsOptions>; readonly terms: Terms };

/** Who delivers which channel. A channel that is left out goes to the gateway, e-mail to the mail server. */
export type ChannelSettings = Readonly<Partial<Record<Channel, ProviderSettings>>>;
