import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DeterminismViolationError } from '@temporalio/workflow';
import { type ReplayResult, Worker, type WorkflowBundleWithSourceMap, bundleWorkflowCode } from '@temporalio/worker';
import { describe, expect, test } from 'vitest';
import { createLogger } from '../../platform/logger.ts';
import { installRuntime } from '../../platform/temporal.ts';
import { WORKFLOWS_PATH } from '../../worker/case-worker.ts';

// A case that is caught is reported by the test; the engine's own report of it is noise.
installRuntime(createLogger('silent'));

const HISTORIES = new URL('histories/', import.meta.url);
const CHANGED_PATH = fileURLToPath(new URL('changed/index.ts', import.meta.url));

async function histories() {
  const names = (await readdir(HISTORIES)).filter((name) => name.endsWith('.json')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const json: unknown = JSON.parse(await readFile(new URL(name, HISTORIES), 'utf8'));
      return { workflowId: name.replace('.json', ''), history: historyFromJSON(json) };
    }),
  );
}

async function replayAll(workflowBundle: WorkflowBundleWithSourceMap): Promise<ReplayResult[]> {
  const results: ReplayResult[] = [];
  const recorded = await histories();
  for await (const result of Worker.runReplayHistories({ workflowBundle, replayName: 'gate' }, recorded)) {
    results.push(result);
  }
  return results;
}

describe('cases that were recorded before', () => {
  test('run on as they are with the workflow of today', async () => {
    const results = await replayAll(await bundleWorkflowCode({ workflowsPath: WORKFLOWS_PATH }));
    expect(results.length).toBeGreaterThanOrEqual(10);
    expect(
      results.filter(({ error }) => error).map(({ workflowId, error }) => `${workflowId}: ${error?.message}`),
    ).toEqual([]);
  });

  test('catch a workflow whose story was changed', async () => {
    const results = await replayAll(await bundleWorkflowCode({ workflowsPath: CHANGED_PATH }));
    expect(results.length).toBeGreaterThanOrEqual(10);
    for (const { workflowId, error } of results) expect(error, workflowId).toBeInstanceOf(DeterminismViolationError);
  });
});
