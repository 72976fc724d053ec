import type { FastifyInstance } from 'fastify';
import { fixOf } from '../errors.ts';

const OPEN = { schema: { hide: true }, config: { isOpen: true } };

/** The pages that the `type` of a problem leads to. */
export async function problemRoutes(app: FastifyInstance): Promise<void> {
  app.get<{ Params: { code: string } }>('/problems/:code', OPEN, async (request, reply) => {
    const { code } = request.params;
    const fix = fixOf(code);
    if (fix === null) return reply.callNotFound();
    return reply.type('text/plain; charset=utf-8').send(`${code}\n\n${fix}\n`);
  });
}
