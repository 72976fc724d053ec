import { once } from 'node:events';
import { startGatewaySink } from './sinks/gateway-sink.ts';

/**
 * Runs the local message gateway by itself, as docker-compose.yml does: it keeps what it gets, prints it and delivers
 * nothing. It listens on the loopback, on the port that GATEWAY_PORT names.
 */
const port = Number(process.env['GATEWAY_PORT'] ?? 8090);
const gateway = await startGatewaySink({ port, logFile: '/dev/stdout' });
process.stdout.write(`The gateway listens on ${gateway.url} and delivers nothing.\n`);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await gateway.stop();
