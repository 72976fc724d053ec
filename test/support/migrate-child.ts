import { migrateDatabase } from '../../db/client.ts';

// Run as a process of its own by a test: migrates the database of DATABASE_URL once it is told to.
process.stdout.write('ready\n');
process.stdin.once('data', () => {
  migrateDatabase(process.env['DATABASE_URL'] ?? '').then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
