import { createHash, createHmac } from 'node:crypto';
import type { VendorRequest } from './scripted-vendor.ts';

/** What the vendors' signatures have in common, as their documentation describes it; written apart from the adapters. */

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

export function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}

export interface Authorization {
  readonly algorithm: string;
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** `ALGORITHM Credential=…, SignedHeaders=…, Signature=…`, with or without blanks after the commas. */
export function authorizationOf(request: VendorRequest): Authorization | undefined {
  const form = /^(\S+) Credential=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/;
  const [, algorithm, credential, names, signature] = form.exec(request.headers['authorization'] ?? '') ?? [];
  if (algorithm === undefined || credential === undefined || names === undefined || signature === undefined)
    return undefined;
  return { algorithm, credential, signedHeaders: names.split(';'), signature };
}

/** The request in the form that is hashed: method, path, sorted query, signed headers, hash of the body. */
export function canonicalRequest(
  request: VendorRequest,
  signedHeaders: readonly string[],
  valueOf: (name: string, value: string) => string = (_name, value) => value.trim(),
): string {
  const query = [...request.url.searchParams]
    .map(([name, value]) => [name, `${rfc3986(name)}=${rfc3986(value)}`] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, pair]) => pair)
    .join('&');
  const lines = signedHeaders.map((name) => `${name}:${valueOf(name, request.headers[name] ?? '')}\n`).join('');
  return [request.method, request.url.pathname, query, lines, signedHeaders.join(';'), sha256(request.body)].join('\n');
}

function rfc3986(text: string): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9_.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
