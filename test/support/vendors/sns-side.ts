import type { Asked, VendorAnswer, VendorRequest, VendorSide } from './scripted-vendor.ts';
import { authorizationOf, canonicalRequest, hmac, sha256 } from './signing.ts';

export const SNS = {
  credentials: { accessKeyId: 'AKIA-of-aws', secretAccessKey: 'a-secret-of-aws' },
  region: 'us-east-1',
};

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';
const QUARTER_HOUR_MS = 15 * 60_000;

export function xml(status: number, body: string): VendorAnswer {
  return { status, body, headers: { 'content-type': 'text/xml' } };
}

/** An error in the form of AWS's query protocol. */
export function snsError(status: number, code: string, message = 'refused +886912345678: 您的帳款'): VendorAnswer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return xml(status, `<ErrorResponse xmlns="${NAMESPACE}">${error}<RequestId>r-1</RequestId></ErrorResponse>\n`);
}

/** Publish of AWS SNS to a phone number, signed by Signature Version 4, as its API reference describes it. */
export function snsSide(): VendorSide {
  return {
    read: (request) => {
      const wrong = signatureMistake(request);
      return wrong === undefined ? readPublish(request) : mistake(403, wrong);
    },
    refOf: (no) => `00000000-0000-0000-0000-${String(no).padStart(12, '0')}`,
    accepted: ({ ref }) => {
      const result = `<PublishResult><MessageId>${ref}</MessageId></PublishResult>`;
      const metadata = '<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>';
      return xml(200, `<PublishResponse xmlns="${NAMESPACE}">${result}${metadata}</PublishResponse>`);
    },
  };
}

function signatureMistake(request: VendorRequest): string | undefined {
  const authorization = authorizationOf(request);
  if (authorization === undefined) return 'IncompleteSignature';
  const { algorithm, credential, signedHeaders, signature } = authorization;
  const [accessKeyId, ...scope] = credential.split('/');
  const [date = '', region = ''] = scope;
  const amzDate = request.headers['x-amz-date'] ?? '';
  const instant = amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  if (accessKeyId !== SNS.credentials.accessKeyId) return 'InvalidClientTokenId';
  if (!(Math.abs(Date.parse(instant) - Date.now()) < QUARTER_HOUR_MS)) return 'RequestExpired';
  if (!['host', 'x-amz-date'].every((name) => signedHeaders.includes(name))) return 'IncompleteSignature';
  if (scope.join('/') !== `${amzDate.slice(0, 8)}/${SNS.region}/sns/aws4_request`) return 'SignatureDoesNotMatch';
  const toSign = [algorithm, amzDate, scope.join('/'), sha256(canonicalRequest(request, signedHeaders))].join('\n');
  const dateKey = hmac(`AWS4${SNS.credentials.secretAccessKey}`, date);
  const signingKey = hmac(hmac(hmac(dateKey, region), 'sns'), 'aws4_request');
  const isRight = algorithm === 'AWS4-HMAC-SHA256' && signature === hmac(signingKey, toSign).toString('hex');
  return isRight ? undefined : 'SignatureDoesNotMatch';
}

function readPublish(request: VendorRequest): Asked {
  const fields = Object.fromEntries(new URLSearchParams(request.body));
  const { Action, Version, PhoneNumber = '', Message = '', ...attributes } = fields;
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  if (request.method !== 'POST' || !isForm || Action !== 'Publish') return mistake(400, 'InvalidAction');
  if (Version !== '2010-03-31') return mistake(400, 'NoSuchVersion');
  if (!/^\+[1-9]\d{6,14}$/.test(PhoneNumber)) {
    return mistake(
      400,
      'InvalidParameter',
      `Invalid parameter: PhoneNumber Reason: ${PhoneNumber} is not valid to publish to`,
    );
  }
  if (Message === '' || Message.length > 1_600) return mistake(400, 'InvalidParameter', 'Invalid parameter: Message');
  if (!areAttributes(attributes)) return mistake(400, 'ParameterValueInvalid');
  return { is: 'handOver', key: '', to: PhoneNumber, fields };
}

/** `MessageAttributes.entry.N.Name`, `….Value.DataType` and `….Value.StringValue`, N from 1 without a gap. */
function areAttributes(attributes: Record<string, string>): boolean {
  const count = Object.keys(attributes).length / 3;
  return Array.from({ length: count }, (_, index) => `MessageAttributes.entry.${index + 1}`).every(
    (entry) =>
      /^AWS\.(SNS|MM)\.SMS\.\w+$/.test(attributes[`${entry}.Name`] ?? '') &&
      attributes[`${entry}.Value.DataType`] === 'String' &&
      (attributes[`${entry}.Value.StringValue`] ?? '') !== '',
  );
}

function mistake(status: number, code: string, message?: string): Asked {
  return { is: 'mistake', answer: snsError(status, code, message) };
}
