import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { DomainError } from '../domain/errors.ts';

const OPEN_PATHS = new Set(['/livez', '/readyz']);

/** Asks every request but the health checks for the bearer token, compared in constant time. @throws UNAUTHORISED */
export function requireToken(app: FastifyInstance, token: string): void {
  const expected = digest(`Bearer ${token}`);
  app.addHook('onRequest', async (request) => {
    if (OPEN_PATHS.has(request.url)) return;
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
      throw new DomainError('UNAUTHORISED', 'The request has no valid token.');
    }
  });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
