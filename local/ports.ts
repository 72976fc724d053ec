import { createServer, type Server } from 'node:net';
import { DomainError } from '../domain/errors.ts';

/** Everything in the local stack listens here and nowhere else. */
export const LOOPBACK = '127.0.0.1';

/**
 * Finds TCP ports on the loopback that are free now. They are not held: another program may take one before it is
 * used, so whoever starts a server on it tries again with others.
 */
export async function freePorts(count: number): Promise<number[]> {
  // All are open at once, so that no port comes up twice.
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('A TCP server has a port.');
    return address.port;
  });
  await Promise.all(servers.map(close));
  return ports;
}

/** @throws PORT_IN_USE when another program listens on the port; `what` is to have it, such as `The Temporal UI` */
export async function requireFreePort(port: number, what: string): Promise<void> {
  try {
    await close(await listen(port));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const reason = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${String(error.code)})`;
    throw new DomainError('PORT_IN_USE', `${what} cannot start: port ${port} on ${LOOPBACK} ${reason}.`, { port });
  }
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: LOOPBACK }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
