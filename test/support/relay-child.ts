import { Client, Connection } from '@temporalio/client';
import { openDatabase } from '../../db/client.ts';
import { createLogger } from '../../platform/logger.ts';
import { startRelay } from '../../worker/relay.ts';
import { SEEN_AT } from './loans.ts';

// A relay in a process of its own, for a test to kill: says which loan it has told.
const connection = await Connection.connect({ address: process.env['TEMPORAL_ADDRESS'] ?? '' });
await startRelay({
  client: new Client({ connection, namespace: process.env['TEMPORAL_NAMESPACE'] ?? '' }),
  database: openDatabase(process.env['DATABASE_URL'] ?? ''),
  logger: createLogger('silent'),
  sandbox: { startsAt: () => SEEN_AT, onTold: (loanRef) => process.stdout.write(`told ${loanRef}\n`) },
});
