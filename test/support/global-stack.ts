import type { TestProject } from 'vitest/node';
import { terminalLog } from '../../local/stack-log.ts';
import { startStack } from '../../local/stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly stackDatabaseUrl: string;
    readonly stackTemporalAddress: string;
  }
}

/** Starts one Postgres and one Temporal server for all test files; builds the server the first time. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startStack({ profile: 'test', ui: false, log: terminalLog() });
  project.provide('stackDatabaseUrl', stack.databaseUrl);
  project.provide('stackTemporalAddress', stack.temporalAddress);
  return () => stack.stop();
}
