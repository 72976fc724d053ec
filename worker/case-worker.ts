import { fileURLToPath } from 'node:url';
import { type NativeConnection, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import type { Dependencies } from '../activities/dependencies.ts';
import { CASE_TASK_QUEUE } from '../workflows/contract.ts';

export interface CaseWorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly dependencies: Dependencies;
  readonly workflowBundle: WorkflowBundleWithSourceMap;
  /** Cases kept in memory between their steps; about 0.1 MB each. */
  readonly cachedCases?: number;
}

export const WORKFLOWS_PATH = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

/** A worker that runs cases and their activities. The cache is set here, since the default grows with the heap. */
export function createCaseWorker(options: CaseWorkerOptions): Promise<Worker> {
  return Worker.create({
    connection: options.connection,
    namespace: options.namespace,
    taskQueue: CASE_TASK_QUEUE,
    workflowBundle: options.workflowBundle,
    activities: createActivities(options.dependencies),
    maxCachedWorkflows: options.cachedCases ?? 1_000,
    maxConcurrentActivityTaskExecutions: 50,
    maxConcurrentWorkflowTaskExecutions: 40,
    shutdownGraceTime: '10 seconds',
    shutdownForceTime: '20 seconds',
  });
}
