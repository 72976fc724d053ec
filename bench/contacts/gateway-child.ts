import { startGatewaySink } from '../../local/sinks/gateway-sink.ts';

// The gateway in a process of its own, so that what it needs of a core is not taken from those who are measured.
process.once('disconnect', () => process.exit());
const gateway = await startGatewaySink();
process.send?.(gateway.url);
process.on('message', () => process.send?.(gateway.messages().length));
