import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { DomainError } from '../domain/errors.ts';
import { type ApiOptions, buildApi } from './app.ts';

export interface ApiServer {
  readonly url: string;
  readonly app: FastifyInstance;
  /** Finishes the requests under way. */
  stop(): Promise<void>;
}

/** Listens for the API. Port 0 takes a free one. @throws PORT_IN_USE */
export async function startApi(
  options: ApiOptions & { readonly host: string; readonly port: number },
): Promise<ApiServer> {
  const app = await buildApi(options);
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    await app.close();
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new DomainError('PORT_IN_USE', `Port ${options.port} for the API is in use.`, { port: options.port });
    }
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://${options.host}:${port}`, app, stop: () => app.close() };
}
