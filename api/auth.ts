import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { DomainError } from '../domain/errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Asked for without a token: by probes, and by whoever has no token yet. */
    isOpen?: boolean;
  }
}

/** Asks every request but those to open routes for the bearer token, compared in constant time. @throws UNAUTHORISED */
export function requireToken(app: FastifyInstance, token: string): void {
  const expected = digest(`Bearer ${token}`);
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config?.isOpen === true) return;
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
      throw new DomainError('UNAUTHORISED', 'The request has no valid token.');
    }
  });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
