import { sql } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import type { ApiOptions } from '../app.ts';

/** Probes have no token, and no place in the document for clients. */
const OPEN = { schema: { hide: true }, config: { isOpen: true } };

/** `livez`: the process runs. `readyz`: the database and Temporal answer. */
export async function healthRoutes(app: FastifyInstance, { db, client }: ApiOptions): Promise<void> {
  app.get('/livez', OPEN, async () => ({ status: 'alive' }));
  app.get('/readyz', OPEN, async (_request, reply) => {
    const [database, temporal] = await Promise.allSettled([
      db.execute(sql`select 1`),
      client.connection.withDeadline(Date.now() + 5_000, () => client.workflowService.getSystemInfo({})),
    ]);
    const isReady = database.status === 'fulfilled' && temporal.status === 'fulfilled';
    return reply.status(isReady ? 200 : 503).send({ database: database.status, temporal: temporal.status });
  });
}
