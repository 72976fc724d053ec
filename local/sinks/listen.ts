import type { Server } from 'node:net';
import { DomainError } from '../../domain/errors.ts';

export const LOOPBACK = '127.0.0.1';

/**
 * Listens on loopback only.
 * @param port 0 takes a free one.
 * @returns the port.
 * @throws DomainError PORT_IN_USE.
 */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new DomainError('PORT_IN_USE', `Port ${port} is in use.`, { port }) : error);
    };
    server.once('error', onError);
    server.listen(port, LOOPBACK, () => {
      server.off('error', onError);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a listening server has a port');
  return address.port;
}
