import { once } from 'node:events';
import { loadChannels } from '../activities/channels/channels-file.ts';
import { knownPolicy } from '../activities/known-policy.ts';
import { POLICY_DIR } from '../activities/policy-file.ts';
import { loadStrategy } from '../activities/strategy-file.ts';
import { loadTemplates } from '../activities/templates.ts';
import { migrateDatabase } from '../db/client.ts';
import { RETENTION_DAYS, bootstrapNamespace } from '../local/bootstrap.ts';
import { readConfig } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { startKept } from '../worker/kept.ts';

/** `kept bootstrap`: brings the database to the newest schema and makes namespace and search attributes. Repeatable. */
export async function bootstrapCommand(env: NodeJS.ProcessEnv): Promise<number> {
  const config = readConfig(env);
  await migrateDatabase(config.DATABASE_URL);
  await bootstrapNamespace(config.TEMPORAL_ADDRESS, config.TEMPORAL_NAMESPACE, RETENTION_DAYS);
  process.stdout.write('The database and the namespace are ready.\n');
  return 0;
}

/** `kept serve`: API, relay and worker in one process until SIGINT or SIGTERM. Wants `kept bootstrap` first. */
export async function serveCommand(env: NodeJS.ProcessEnv): Promise<number> {
  const config = readConfig(env);
  const logger = createLogger(config.KEPT_LOG_LEVEL);
  const templates = loadTemplates();
  const active = loadStrategy(config.KEPT_STRATEGY, knownPolicy(POLICY_DIR, templates));
  const { strategy } = active;
  const channels =
    config.KEPT_CHANNELS === undefined ? {} : loadChannels(config.KEPT_CHANNELS, { env, strategy, templates });
  const kept = await startKept({ config, active, channels, logger });
  logger.info({ url: kept.api.url }, 'serving');
  try {
    const asked = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    await Promise.race([asked, kept.running]);
  } finally {
    await kept.stop();
  }
  return 0;
}
