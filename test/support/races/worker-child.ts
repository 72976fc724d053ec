import { ApplicationFailure } from '@temporalio/common';
import type { ChannelProviders } from '../../../activities/ports.ts';
import { loadSampling } from '../../../activities/sampling-file.ts';
import { createActivities } from '../../../activities/index.ts';
import { createHttpGateway } from '../../../activities/providers/http-gateway.ts';
import { loadRulePack } from '../../../activities/rule-pack-file.ts';
import { openDatabase } from '../../../db/client.ts';
import { instantOf } from '../../../domain/instant.ts';
import { CHANNELS } from '../../../domain/strategy.ts';
import { inActivity } from '../activity-context.ts';
import { calendar } from '../strategy.ts';
import type { WorkerAnswer, WorkerCall } from './workers.ts';
import { RACES } from './world.ts';

// A worker in a process of its own, with connections of its own: makes the contacts that its parent asks for.
const gateway = createHttpGateway({
  baseUrl: process.env['SMS_GATEWAY_URL'] ?? '',
  token: '',
  timeoutMs: 15_000,
  channels: CHANNELS,
});
const pack = loadRulePack('cn-consumer');
const activities = createActivities({
  db: openDatabase(process.env['DATABASE_URL'] ?? '', { connections: 10 }).db,
  providers: Object.fromEntries(CHANNELS.map((channel) => [channel, gateway])) as unknown as ChannelProviders,
  active: { strategy: RACES, sha256: 'races' },
  calendarOf: () => calendar(),
  rulePackOf: () => pack,
  sampling: loadSampling(),
  compose: ({ template }) => ({ templateCode: template, params: {}, text: template }),
  notBefore: () => instantOf(0),
});

process.once('disconnect', () => process.exit());
process.on('message', ({ id, attempt, input }: WorkerCall) => {
  const answer = (given: WorkerAnswer) => process.send?.(given);
  inActivity(attempt, () => activities.makeContacts(input)).then(
    ({ facts }) => answer({ id, facts }),
    (error: unknown) => answer({ id, failure: (error instanceof ApplicationFailure && error.type) || String(error) }),
  );
});
process.send?.('ready');
