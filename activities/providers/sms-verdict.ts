import type { DomainError } from '../../domain/errors.ts';
import type { Answer, Answered } from './http-exchange.ts';
import { reasonCode, unreachableError } from './unreachable.ts';

/** The cloud SMS services that have an adapter. */
export type VendorName = 'twilio' | 'alibaba-sms' | 'tencent-sms' | 'aws-sns';

/** The names by which people know them. */
export const VENDOR_TITLES: Readonly<Record<VendorName, string>> = {
  twilio: 'Twilio',
  'alibaba-sms': 'Alibaba Cloud SMS',
  'tencent-sms': 'Tencent Cloud SMS',
  'aws-sns': 'AWS SNS',
};

/** What became of a hand-over, as far as the provider's answer tells. */
export type Verdict =
  | { readonly result: 'accepted'; readonly providerRef: string }
  | { readonly result: 'rejected'; readonly reason: string }
  | NotTaken
  | { readonly result: 'inDoubt'; readonly why: string };

/** The provider certainly has not taken it. */
export interface NotTaken {
  readonly result: 'notTaken';
  /** Ours, such as `throttled`, or the provider's own code. */
  readonly why: string;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** What a provider's error codes mean. A code in none of these is a matter of the set-up: nothing was taken. */
export interface CodeTable {
  /** The message or its number is refused for good, with the reason that is recorded. */
  readonly rejected: Readonly<Record<string, string>>;
  readonly throttled: RegExp;
  readonly credentials: RegExp;
  /** The provider itself does not know whether it took the message, whatever the status. */
  readonly doubtful?: RegExp;
}

/** What an error code of the provider means, by its table. A 5xx with any other code stays in doubt. */
export function verdictOfCode(code: string, table: CodeTable, { status, retryAfterMs }: Answered): Verdict {
  const reason = Object.hasOwn(table.rejected, code) ? table.rejected[code] : undefined;
  if (reason !== undefined) return { result: 'rejected', reason };
  if (status === 429 || table.throttled.test(code)) {
    return { result: 'notTaken', why: 'throttled', status, retryAfterMs };
  }
  if (table.credentials.test(code)) return { result: 'notTaken', why: 'credentialsRefused', status };
  if (status >= 500 || table.doubtful?.test(code))
    return { result: 'inDoubt', why: reasonCode(code, 'providerFailed') };
  return { result: 'notTaken', why: reasonCode(code, 'refused'), status, retryAfterMs };
}

/**
 * What a reply means.
 * @param read what the provider's body says; undefined when it is not one of the provider's answers. Then only a
 * status of 3xx or 4xx says that nothing was taken; 2xx and 5xx leave it in doubt.
 */
export function verdictOf(reply: Answer, read: (answered: Answered) => Verdict | undefined): Verdict {
  if (reply.kind === 'notSent') return { result: 'notTaken', why: reply.why };
  if (reply.kind === 'inDoubt') return { result: 'inDoubt', why: reply.why };
  const said = read(reply);
  if (said !== undefined) return said;
  const { status, retryAfterMs } = reply;
  if (status === 429) return { result: 'notTaken', why: 'throttled', status, retryAfterMs };
  if (status === 401) return { result: 'notTaken', why: 'credentialsRefused', status };
  if (status >= 300 && status < 500) return { result: 'notTaken', why: 'contractNotMet', status, retryAfterMs };
  return { result: 'inDoubt', why: status >= 500 ? 'providerFailed' : 'unreadableAnswer' };
}

/**
 * The failure after which trying again is safe: a hand-over with `taken` `no`, or a look-up with `perhaps`.
 * @returns DomainError PROVIDER_UNREACHABLE; `details` holds `provider`, `why`, `taken` and, when known, `status` and
 * `retryAfterMs`.
 */
export function notReached(
  provider: VendorName,
  { why, status, retryAfterMs }: Omit<NotTaken, 'result'>,
  taken: 'no' | 'perhaps',
): DomainError {
  const verb = taken === 'no' ? 'did not take' : 'did not tell about';
  return unreachableError(`${VENDOR_TITLES[provider]} ${verb}`, { provider, why, taken, status, retryAfterMs });
}
