import { createHash, createHmac } from 'node:crypto';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
}

/** A request to the path `/` without a query. */
export interface AwsRequest {
  readonly method: 'GET' | 'POST';
  readonly endpoint: URL;
  readonly service: string;
  readonly region: string;
  readonly contentType?: string;
  readonly body: string;
  /** When it is sent. */
  readonly at: Date;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * Signs a request by Signature Version 4.
 * @returns the headers without `Host`.
 * @source https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signAws(request: AwsRequest, credentials: AwsCredentials): Record<string, string> {
  const { method, endpoint, service, region, contentType, body, at } = request;
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const amzDate = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const date = amzDate.slice(0, 8);
  const content: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType };
  const amz = {
    'x-amz-date': amzDate,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  };
  // In alphabetical order.
  const signed = Object.entries({ ...content, host: endpoint.host, ...amz });
  const names = signed.map(([name]) => name).join(';');
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('');
  const canonicalRequest = [method, '/', '', lines, names, sha256(body)].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = [ALGORITHM, amzDate, scope, sha256(canonicalRequest)].join('\n');
  const signingKey = [date, region, service, 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`);
  const signature = hmac(signingKey, toSign).toString('hex');
  return {
    ...content,
    ...amz,
    authorization: `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
