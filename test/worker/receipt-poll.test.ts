import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ChannelProvider, ChannelProviders } from '../../activities/ports.ts';
import { createHttpGateway } from '../../activities/providers/http-gateway.ts';
import { takeWithoutReceipt } from '../../db/receipts.ts';
import { contact, outbox } from '../../db/schema.ts';
import { type Instant, MINUTE_MS, plusMs } from '../../domain/instant.ts';
import type { Channel } from '../../domain/strategy.ts';
import { type GatewaySink, startGatewaySink } from '../../local/sinks/gateway-sink.ts';
import { pollUntil } from '../../local/poll.ts';
import { createLogger } from '../../platform/logger.ts';
import { startReceiptPoll } from '../../worker/receipt-poll.ts';
import { type TestDatabase, freshDatabase } from '../support/database.ts';
import { taipei } from '../support/events.ts';
import { openCaseOf } from '../support/open-cases.ts';

const NOW = taipei('2026-04-08 12:00');
const logger = createLogger('silent');
const never = new AbortController().signal;
let database: TestDatabase;
let sink: GatewaySink;
let gateway: ChannelProvider;

beforeAll(async () => {
  database = await freshDatabase();
  sink = await startGatewaySink();
  gateway = createHttpGateway({ baseUrl: sink.url, token: '', timeoutMs: 5_000, channels: ['sms', 'voice'] });
});
beforeEach(async () => {
  await database.db.delete(contact);
  await database.db.delete(outbox);
});
afterAll(async () => {
  await sink?.stop();
  await database?.close();
});

/** A message that a provider took some minutes ago, in the ledger alone. */
async function sent(key: string, minutesAgo: number, channel: Channel = 'sms'): Promise<void> {
  const settledAt = plusMs(NOW, -minutesAgo * MINUTE_MS);
  const row = { key, debtorRef: 'D-1', channel, at: settledAt, decidedAt: settledAt, settledAt };
  await database.db.insert(contact).values({ ...row, status: 'sent' });
}

const taken = async (now: Instant, limit = 100) =>
  (await takeWithoutReceipt(database.db, { now, limit })).map(({ key }) => key).toSorted();
const afterMinutes = (minutes: number) => plusMs(NOW, minutes * MINUTE_MS);
const rowOf = async (key: string) => (await database.db.select().from(contact).where(eq(contact.key, key)))[0];

describe('what is asked after', () => {
  test('messages without a receipt, from 15 minutes to three days after they were taken', async () => {
    for (const minutes of [14, 15, 60, 3 * 24 * 60 - 1, 3 * 24 * 60]) await sent(`K-${minutes}`, minutes);
    await sent('K-delivered', 60);
    await database.db.update(contact).set({ delivery: 'delivered' }).where(eq(contact.key, 'K-delivered'));
    expect(await taken(NOW)).toEqual(['K-15', 'K-4319', 'K-60']);
  });

  test('again each time its age has doubled: nine times in three days, not once a minute', async () => {
    await sent('K', 0);
    const asked: number[] = [];
    for (let minute = 0; minute <= 3 * 24 * 60; minute += 1) {
      if ((await taken(afterMinutes(minute))).length > 0) asked.push(minute);
    }
    expect(asked).toEqual([15, 30, 60, 120, 240, 480, 960, 1_920, 3_840]);
  });

  test('by one process each, the oldest first, so many at once', async () => {
    for (let index = 0; index < 30; index += 1) await sent(`K-${index}`, 20 + index);
    const both = await Promise.all([taken(NOW, 10), taken(NOW, 10)]);
    expect(new Set(both.flat()).size).toBe(20);
    expect(await taken(NOW)).toHaveLength(10);
    expect(await taken(NOW)).toEqual([]);
  });
});

describe('the poll', () => {
  /** Polls, with the gateway on every channel, until a condition holds. */
  async function pollingUntil(condition: () => Promise<boolean>, providers: Partial<ChannelProviders> = {}) {
    const all = { sms: gateway, email: gateway, push: gateway, voice: gateway, ...providers };
    const polls = [1, 2].map(() =>
      startReceiptPoll({ db: database.db, providers: all, logger, everyMs: 10, now: () => NOW }),
    );
    await pollUntil(async () => ((await condition()) ? true : undefined), {
      withinMs: 20_000,
      everyMs: 20,
      timeUp: () => new Error('The poll does not get there.'),
    });
    await Promise.all(polls.map((poll) => poll.stop()));
  }

  async function handOver(key: string, channel: Channel): Promise<void> {
    const message = {
      key,
      channel,
      to: '+886900000001',
      language: 'zh',
      templateCode: 'T',
      params: {},
      text: 'x',
    } as const;
    await gateway.send(message, never);
  }

  test('A7: records what the provider says of messages whose receipts were lost, and leaves word of failures', async () => {
    await openCaseOf(database.db, 'POLL-1');
    const key = 'POLL-1/1/plain@1/first/1';
    await handOver(key, 'sms');
    await handOver('call-1', 'voice');
    await handOver('waiting', 'sms');
    await sent(key, 20);
    await sent('call-1', 20, 'voice');
    await sent('waiting', 20);
    await sent('nobody-knows', 20);
    await database.db.update(contact).set({ loanRef: 'POLL-1', episode: 1, step: 'first' }).where(eq(contact.key, key));
    await database.db.delete(outbox);
    sink.report(key, 'failed');
    sink.report('call-1', 'failed', 'noAnswer');
    await pollingUntil(async () => (await rowOf('call-1'))?.delivery !== null && (await rowOf(key))?.delivery !== null);
    expect(await rowOf(key)).toMatchObject({ delivery: 'failed', deliveredAt: NOW });
    expect(await rowOf('call-1')).toMatchObject({ delivery: 'failed', result: 'noAnswer' });
    expect(await rowOf('waiting')).toMatchObject({ delivery: null, receiptAskedAt: NOW });
    expect(await rowOf('nobody-knows')).toMatchObject({ delivery: null });
    expect(await database.db.select().from(outbox)).toMatchObject([{ loanRef: 'POLL-1', about: 'delivery' }]);
  });

  test('one provider that is down keeps nobody from hearing of the others', async () => {
    await handOver('good', 'sms');
    sink.report('good', 'delivered');
    await sent('bad', 30, 'push');
    await sent('good', 20);
    const down = { send: gateway.send, lookUp: () => Promise.reject(new Error('down')) };
    await pollingUntil(async () => (await rowOf('good'))?.delivery === 'delivered', { push: down });
    expect(await rowOf('bad')).toMatchObject({ delivery: null, receiptAskedAt: NOW });
  });

  test('stops at once while a provider takes its time', async () => {
    await sent('slow', 20);
    let isAsked = false;
    const slow: ChannelProvider = {
      send: gateway.send,
      lookUp: (_key, signal) =>
        new Promise((_resolve, reject) => {
          isAsked = true;
          signal.addEventListener('abort', () => reject(new Error('stopped')));
        }),
    };
    const startedAt = Date.now();
    await pollingUntil(async () => isAsked, { sms: slow });
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });

  test('the database that is away is tried again', async () => {
    await handOver('later', 'sms');
    sink.report('later', 'delivered');
    await sent('later', 20);
    await database.sql`alter table contact rename to away`;
    const poll = startReceiptPoll({
      db: database.db,
      providers: { sms: gateway, email: gateway, push: gateway, voice: gateway },
      logger,
      everyMs: 10,
      now: () => NOW,
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await database.sql`alter table away rename to contact`;
    await pollUntil(async () => ((await rowOf('later'))?.delivery === 'delivered' ? true : undefined), {
      withinMs: 20_000,
      everyMs: 20,
      timeUp: () => new Error('It is never asked again.'),
    });
    await poll.stop();
  });
});
