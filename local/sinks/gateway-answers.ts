import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { BODY_LIMIT_BYTES } from '../../contracts/gateway.ts';
import type { GatewayFault } from './gateway-faults.ts';
import type { Taken } from './gateway-store.ts';

/**
 * Does what a fault wants done before anything is taken.
 * @returns whether the request is over.
 */
export async function endBeforeTaking(
  response: ServerResponse,
  fault: GatewayFault,
  stopped: AbortSignal,
): Promise<boolean> {
  switch (fault.do) {
    case 'delay':
      await pause(fault.ms, undefined, { signal: stopped });
      return false;
    case 'throttle':
      reply(response, 429, { code: 'THROTTLED' }, fault.retryAfterSeconds);
      return true;
    case 'fail':
      reply(response, fault.status, { code: 'FAILED' }, fault.retryAfterSeconds);
      return true;
    case 'drop':
      response.destroy();
      return true;
    default:
      return false;
  }
}

/**
 * Does what a fault wants done instead of the answer, once the message is taken.
 * @returns whether the request is over.
 */
export async function endAfterTaking(
  response: ServerResponse,
  fault: GatewayFault,
  stopped: AbortSignal,
): Promise<boolean> {
  switch (fault.do) {
    case 'acceptThenFail':
      reply(response, fault.status, { code: 'FAILED' });
      return true;
    case 'acceptThenDrop':
      response.destroy();
      return true;
    case 'acceptThenHalf':
      response.writeHead(202, { 'content-type': 'application/json', 'content-length': '64' });
      response.write('{"providerRef":"gw-', () => response.destroy());
      return true;
    case 'acceptThenGarble':
      response.writeHead(202, { 'content-type': 'application/json' }).end('<html>it works</html>');
      return true;
    case 'acceptThenDelay':
      await pause(fault.ms, undefined, { signal: stopped });
      return false;
    default:
      return false;
  }
}

/** The body as JSON; undefined when it is longer than the contract allows or not JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Answers a hand-over as the contract says. */
export function replyTaken(response: ServerResponse, taken: Taken): void {
  switch (taken.outcome) {
    case 'accepted':
      return reply(response, 202, { providerRef: taken.message.providerRef });
    case 'repeated':
      return reply(response, 200, { providerRef: taken.message.providerRef });
    case 'conflict':
      return reply(response, 409, { code: 'KEY_USED' });
    case 'rejected':
      return reply(response, 422, { reason: taken.reason });
  }
}

/** Answers with JSON, unless the answer has begun. */
export function reply(response: ServerResponse, status: number, body: object, retryAfterSeconds?: number): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  });
  response.end(JSON.stringify(body));
}
