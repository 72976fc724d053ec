import { createActivities } from '../../activities/index.ts';
import { loadCalendar } from '../../activities/calendar-file.ts';
import type { ChannelProviders } from '../../activities/ports.ts';
import { createHttpGateway } from '../../activities/providers/http-gateway.ts';
import { loadRulePack } from '../../activities/rule-pack-file.ts';
import { loadSampling } from '../../activities/sampling-file.ts';
import { loadStrategy } from '../../activities/strategy-file.ts';
import { loadTemplates } from '../../activities/templates.ts';
import type { Database } from '../../db/client.ts';
import { acceptEvents } from '../../db/intake.ts';
import type { LoanEvent } from '../../domain/events.ts';
import { instantOf } from '../../domain/instant.ts';
import type { ContactIntent } from '../../domain/next-action.ts';
import { CHANNELS, strategyRef } from '../../domain/strategy.ts';
import { inLanes } from '../../platform/in-lanes.ts';
import { composeMessage } from '../../worker/compose-message.ts';
import type { CaseActivities, MakeContactsInput } from '../../workflows/contract.ts';

const { strategy, sha256 } = loadStrategy('policy/strategies/unsecured-consumer.yaml');
const pack = loadRulePack('cn-consumer');
const sampling = loadSampling();
const calendar = loadCalendar(strategy.calendar);
const IN_ONE_BATCH = 500;
const LANES = 10;

/** When the loans are seen, and the Wednesday on which each is sent its first message; local hours of work. */
const SEEN_AT = instantOf(Date.parse('2026-03-29T00:00:00+08:00'));
const SENT_AT = instantOf(Date.parse('2026-04-08T10:00:00+08:00'));
const VALID_UNTIL = instantOf(Date.parse('2026-04-10T00:00:00+08:00'));

/** The activities of a worker with its strategy, rule packs, calendar and texts, over a gateway. */
export function benchActivities(db: Database, gatewayUrl: string): CaseActivities {
  const gateway = createHttpGateway({ baseUrl: gatewayUrl, token: '', timeoutMs: 15_000, channels: CHANNELS });
  return createActivities({
    db,
    providers: Object.fromEntries(CHANNELS.map((channel) => [channel, gateway])) as unknown as ChannelProviders,
    active: { strategy, sha256 },
    sampling,
    calendarOf: () => calendar,
    rulePackOf: () => pack,
    compose: composeMessage(loadTemplates()),
    notBefore: () => instantOf(0),
  });
}

/** Takes loans in and opens their cases. @returns what the case of each would have the activity do. */
export async function prepareContacts(
  db: Database,
  activities: CaseActivities,
  names: readonly string[],
): Promise<MakeContactsInput[]> {
  const context = { receivedAt: SEEN_AT, allocation: strategy.allocation };
  for (let at = 0; at < names.length; at += IN_ONE_BATCH) {
    await acceptEvents(db, names.slice(at, at + IN_ONE_BATCH).map(loanOf), context);
  }
  await inLanes(LANES, names, (loanRef) => activities.openCase({ loanRef, runId: 'bench', at: SEEN_AT }));
  return names.map((loanRef) => ({
    loanRef,
    episode: 1,
    strategy: { id: strategy.id, version: strategy.version },
    contacts: [contactOf(loanRef)],
    balanceVersion: 1,
  }));
}

function loanOf(loanRef: string): LoanEvent {
  const debtor = { debtorRef: `D-${loanRef}`, zone: 'Asia/Taipei', language: 'zh', phone: '+886900000001' } as const;
  const due = { penalty: 0, interest: 20_000, principal: 480_000, fees: 0 };
  const data = { loanRef, debtor, product: 'credit-card', currency: 'TWD', dueOn: '2026-04-01', due } as const;
  return {
    id: `due-${loanRef}`,
    type: 'loan.overdue',
    timestamp: SEEN_AT,
    data: { ...data, outstandingMinor: 900_000 },
  };
}

function contactOf(loanRef: string): ContactIntent {
  return {
    key: `${loanRef}/1/${strategyRef(strategy)}/overdue-first/1`,
    step: 'overdue-first',
    stage: 'early',
    channel: 'sms',
    template: 'overdue-first',
    at: SENT_AT,
    validUntil: VALID_UNTIL,
    isLastResort: true,
  };
}
