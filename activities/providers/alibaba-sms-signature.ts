import { createHash, createHmac } from 'node:crypto';

export interface AlibabaCredentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** One call of an RPC-style operation whose parameters stand in the query. */
export interface AlibabaRequest {
  readonly endpoint: URL;
  readonly action: string;
  /** Of the API, such as `2017-05-25`. */
  readonly version: string;
  readonly query: Readonly<Record<string, string>>;
  /** When it is sent; refused when more than 15 minutes off. */
  readonly at: Date;
  /** Never used twice. */
  readonly nonce: string;
}

const ALGORITHM = 'ACS3-HMAC-SHA256';

/**
 * Signs a POST without a body by the signature method V3.
 * @returns the URL with the query as it is signed, and the headers without `Host`.
 * @source https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 */
export function signAlibaba(
  { endpoint, action, version, query, at, nonce }: AlibabaRequest,
  { accessKeyId, accessKeySecret }: AlibabaCredentials,
): { readonly url: URL; readonly headers: Readonly<Record<string, string>> } {
  const canonicalQuery = Object.keys(query)
    .sort()
    .map((name) => `${encode(name)}=${encode(query[name] ?? '')}`)
    .join('&');
  const hashedBody = sha256('');
  const headers = {
    'x-acs-action': action,
    'x-acs-content-sha256': hashedBody,
    'x-acs-date': at.toISOString().replace(/\.\d{3}Z$/, 'Z'),
    'x-acs-signature-nonce': nonce,
    'x-acs-version': version,
  };
  // In alphabetical order: `host` comes before `x-acs-…`.
  const signed = Object.entries({ host: endpoint.host, ...headers });
  const names = signed.map(([name]) => name).join(';');
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('');
  const canonicalRequest = ['POST', '/', canonicalQuery, lines, names, hashedBody].join('\n');
  const toSign = `${ALGORITHM}\n${sha256(canonicalRequest)}`;
  const signature = createHmac('sha256', accessKeySecret).update(toSign).digest('hex');
  const url = new URL(endpoint);
  url.search = canonicalQuery;
  const authorization = `${ALGORITHM} Credential=${accessKeyId},SignedHeaders=${names},Signature=${signature}`;
  return { url, headers: { ...headers, authorization } };
}

/** RFC 3986: everything but letters, digits and `-_.~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
