import type { ChannelProvider, OutgoingMessage } from '../ports.ts';
import { type AwsCredentials, signAws } from './aws-sns-signature.ts';
import { call } from './http-call.ts';
import type { Answered } from './http-exchange.ts';
import { type SmsVendorOptions, createSmsProvider, endpointOf } from './sms-vendor.ts';
import { type CodeTable, type Verdict, verdictOf, verdictOfCode } from './sms-verdict.ts';

export interface AwsSnsOptions extends Omit<SmsVendorOptions, 'recipientOf' | 'askAgainAfterMs'> {
  readonly credentials: AwsCredentials;
  /** One where SNS sends SMS, such as `us-east-1`. */
  readonly region: string;
  /** The name shown as the sender, in countries that allow one. */
  readonly senderId?: string;
  /** The number that sends, in E.164. */
  readonly originationNumber?: string;
}

const API_VERSION = '2010-03-31';
const CONTENT_TYPE = 'application/x-www-form-urlencoded; charset=utf-8';
/** The total of one Publish; SNS splits a longer text than one SMS by itself. */
const TEXT_LIMIT_CHARACTERS = 1_600;

/** @source the errors of Publish in the API's service model, and https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html */
const CODES: CodeTable = {
  rejected: { OptedOut: 'optedOut', 'InvalidParameter.PhoneNumber': 'addressInvalid' },
  throttled: /^(Throttled|Throttling|ThrottlingException|RequestLimitExceeded|TooManyRequestsException)$/,
  credentials:
    /^(SignatureDoesNotMatch|IncompleteSignature|InvalidClientTokenId|MissingAuthenticationToken|ExpiredToken(Exception)?|RequestExpired|AuthorizationError|AccessDenied(Exception)?|NotAuthorized|InvalidSecurity)$/,
  // The last two come with a 4xx, and do not say how far the request got.
  doubtful: /^(InternalError|InternalFailure|ServiceUnavailable|RequestAbortedException|RequestTimeoutException)$/,
};

/**
 * SMS over Publish of AWS SNS. It carries the text itself and no key, and nothing can be asked: every doubt is a task
 * for a person.
 * @source https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 * @throws DomainError CONFIG_INVALID when the base URL is none.
 */
export function createAwsSns(options: AwsSnsOptions): ChannelProvider {
  const { credentials, region, timeoutMs } = options;
  const endpoint = endpointOf(options.baseUrl ?? `https://sns.${region}.amazonaws.com`, 'aws-sns');

  async function handOver(message: OutgoingMessage, signal: AbortSignal): Promise<Verdict> {
    if (message.text.length > TEXT_LIMIT_CHARACTERS) return { result: 'rejected', reason: 'textTooLong' };
    const body = new URLSearchParams(formOf(message, options)).toString();
    const request = { endpoint, service: 'sns', region, contentType: CONTENT_TYPE, body, at: new Date() };
    const headers = signAws({ ...request, method: 'POST' }, credentials);
    return verdictOf(await call({ url: endpoint, method: 'POST', headers, body, timeoutMs, signal }), readPublished);
  }

  return createSmsProvider({ name: 'aws-sns', handOver }, options);
}

function formOf(message: OutgoingMessage, { senderId, originationNumber }: AwsSnsOptions): Record<string, string> {
  const attributes = [
    ['AWS.SNS.SMS.SMSType', 'Transactional'],
    ...(senderId === undefined ? [] : [['AWS.SNS.SMS.SenderID', senderId]]),
    ...(originationNumber === undefined ? [] : [['AWS.MM.SMS.OriginationNumber', originationNumber]]),
  ];
  const entries = attributes.flatMap(([name = '', value = ''], index) => {
    const entry = `MessageAttributes.entry.${index + 1}`;
    return [
      [`${entry}.Name`, name],
      [`${entry}.Value.DataType`, 'String'],
      [`${entry}.Value.StringValue`, value],
    ];
  });
  return {
    Action: 'Publish',
    Version: API_VERSION,
    PhoneNumber: message.to,
    Message: message.text,
    ...Object.fromEntries(entries),
  };
}

/** SNS answers with XML, of which two elements matter; a document that is cut short is none. */
function readPublished(answered: Answered): Verdict | undefined {
  const { status, text = '' } = answered;
  if (status === 200) {
    const [, messageId] = /<MessageId>([\w-]{1,100})<\/MessageId>[^]*<\/PublishResponse>\s*$/.exec(text) ?? [];
    return messageId === undefined ? undefined : { result: 'accepted', providerRef: messageId };
  }
  const [, code] = /<ErrorResponse[^]*<Code>([\w.]{1,64})<\/Code>[^]*<\/ErrorResponse>\s*$/.exec(text) ?? [];
  if (code === undefined) return undefined;
  const isAboutTheNumber = code === 'InvalidParameter' && text.includes('Invalid parameter: PhoneNumber');
  return verdictOfCode(isAboutTheNumber ? 'InvalidParameter.PhoneNumber' : code, CODES, answered);
}
