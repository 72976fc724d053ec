import { readFile } from 'node:fs/promises';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { loadStrategy } from '../../activities/strategy-file.ts';
import { readConfig } from '../../platform/config.ts';
import { createLogger } from '../../platform/logger.ts';
import { startKept } from '../../worker/kept.ts';

// A serving process of the crash run: what `kept serve` starts, with workflow code that is bundled already.
process.once('disconnect', () => process.exit());
const config = readConfig(process.env);
const bundled = await readFile(process.env['CRASH_WORKFLOW_BUNDLE'] ?? '', 'utf8');
const kept = await startKept({
  config,
  active: loadStrategy(config.KEPT_STRATEGY),
  logger: createLogger(config.KEPT_LOG_LEVEL),
  workflowBundle: JSON.parse(bundled) as WorkflowBundleWithSourceMap,
});
process.send?.({ url: kept.api.url });
process.once('SIGTERM', () => void kept.stop().then(() => process.disconnect()));
await kept.running;
