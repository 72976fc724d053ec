import { configDefaults, defineConfig } from 'vitest/config';

/** Tests of activities against a real Postgres. */
const ACTIVITIES_ON_STACK = ['test/activities/contact-races.test.ts', 'test/activities/contact-in-doubt.test.ts'];

/** `unit` is pure or talks to sockets of its own; `stack` needs Postgres and Temporal, started once for all of it. */
export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{domain,cli,activities}/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...ACTIVITIES_ON_STACK],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'stack',
          include: ['test/{db,api,worker,workflows,e2e,replay,local}/**/*.test.ts', ...ACTIVITIES_ON_STACK],
          globalSetup: ['test/support/global-stack.ts'],
          // The files share two cores with a database, a Temporal server and a worker: one after the other is faster.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
