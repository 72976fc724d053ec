/**
 * How one exchange ended. `notSent`: no connection came about, so the other side has nothing. `inDoubt`: the
 * connection failed, or its time ran out, after the request may have been written. `why` is a code.
 */
export type Answer =
  | Answered
  | { readonly kind: 'notSent'; readonly why: string }
  | { readonly kind: 'inDoubt'; readonly why: string };

export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  /** The body; undefined when it is longer than an answer can be. */
  readonly text: string | undefined;
  readonly retryAfterMs: number | undefined;
}

export interface ExchangeRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly answerLimitCharacters: number;
  /** From the first byte out to the last byte in. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Codes of failures that come before a connection stands, so before a byte of the request is written. */
const BEFORE_CONNECTION = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** The longest pause that a `Retry-After` may ask for; a longer one is cut to it. */
const RETRY_AFTER_LIMIT_MS = 24 * 60 * 60 * 1000;

/** One HTTP exchange, bounded in time and size. Never throws. */
export async function exchange(request: ExchangeRequest): Promise<Answer> {
  if (request.signal.aborted) return { kind: 'notSent', why: 'cancelled' };
  const timeout = AbortSignal.timeout(request.timeoutMs);
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      redirect: 'manual',
      signal: AbortSignal.any([timeout, request.signal]),
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    const text = await readBounded(response, request.answerLimitCharacters);
    const retryAfterMs = retryAfterOf(response.headers.get('retry-after'));
    return { kind: 'answered', status: response.status, text, retryAfterMs };
  } catch (error) {
    if (request.signal.aborted) return { kind: 'inDoubt', why: 'cancelled' };
    if (timeout.aborted) return { kind: 'inDoubt', why: 'timeout' };
    const code = codeOf(error);
    return BEFORE_CONNECTION.has(code) ? { kind: 'notSent', why: code } : { kind: 'inDoubt', why: 'connectionLost' };
  }
}

/** The body of an answer as JSON; undefined when it is not. */
export function jsonOf({ text }: Answered): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws when the connection breaks before the end. */
async function readBounded(response: Response, limitCharacters: number): Promise<string | undefined> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > limitCharacters) return undefined;
  }
  return text + decoder.decode();
}

/** `Retry-After` in seconds or as an HTTP date, in milliseconds from now. */
function retryAfterOf(value: string | null): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), RETRY_AFTER_LIMIT_MS);
}

/** The system's or undici's code of a failed fetch; its text may hold addresses and is never used. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : '';
}
