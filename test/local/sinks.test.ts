import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { type IncomingMessage, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpGateway } from '../../activities/providers/http-gateway.ts';
import { receipt, type Receipt } from '../../contracts/gateway.ts';
import { createSmtpProvider } from '../../activities/providers/smtp.ts';
import type { OutgoingMessage } from '../../activities/ports.ts';
import { startGatewaySink } from '../../local/sinks/gateway-sink.ts';
import type { GatewayFault } from '../../local/sinks/gateway-faults.ts';
import { startSinks } from '../../local/sinks/index.ts';
import { listenOnLoopback } from '../../local/sinks/listen.ts';
import { createScript, seededFaults } from '../../local/sinks/script.ts';
import { startSmtpSink } from '../../local/sinks/smtp-sink.ts';

const signal = new AbortController().signal;
let running: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const each of running.toReversed()) await each.stop();
  running = [];
});

function keep<Each extends { stop(): unknown }>(each: Each): Each {
  running.push(each);
  return each;
}

async function scratchDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'kept-sinks-'));
  keep({ stop: () => rm(dir, { recursive: true }) });
  return dir;
}

function sms(key: string, params: Record<string, string> = { amount: 'NT$1,234' }): OutgoingMessage {
  return { key, channel: 'sms', to: '+886912345678', language: 'zh', templateCode: 'OVERDUE_D3', params, text: '' };
}

function gatewayTo(url: string) {
  return createHttpGateway({ baseUrl: url, token: 't', timeoutMs: 10_000, channels: ['sms', 'push', 'voice'] });
}

/** Keeps the receipts that arrive; refuses the first so many posts. */
async function startReceiver(refuseFirst = 0) {
  const got: Receipt[] = [];
  let posts = 0;
  const take = async (request: IncomingMessage): Promise<number> => {
    const body = (await request.toArray()).join('');
    posts += 1;
    if (posts <= refuseFirst) return 500;
    got.push(...receipt.array().parse(JSON.parse(body)));
    return 204;
  };
  const server = createServer((request, response) => {
    void take(request).then((status) => response.writeHead(status).end());
  });
  const port = await listenOnLoopback(server, 0);
  keep({ stop: () => server.close() });
  return { url: `http://127.0.0.1:${port}/receipts/secret`, got, posts: () => posts };
}

describe('a script', () => {
  it('uses its rules in order, each as often as it may', () => {
    const script = createScript<string, number>([
      { fault: 1, times: 2 },
      { fault: 2, when: (seen) => seen === 'b' },
    ]);

    expect(['a', 'a', 'a', 'b', 'b'].map((seen) => script.next(seen))).toEqual([1, 1, undefined, 2, 2]);
    script.clear();
    expect(script.next('b')).toBeUndefined();
  });

  it('gives the same random faults for the same seed, in the stated shares, whatever the order', () => {
    const faults = (seed: number) =>
      seededFaults({
        seed,
        shares: [
          [0.2, 'x'],
          [0.1, 'y'],
        ],
        behaveFromAttempt: 3,
      });
    const keys = Array.from({ length: 10_000 }, (_, index) => `case-L${index}/s@1/step/1`);
    const first = keys.map((key) => faults(7)({ key, attempt: 1 }));
    const again = keys.toReversed().map((key) => faults(7)({ key, attempt: 1 }));

    expect(again.toReversed()).toEqual(first);
    expect(first.filter((each) => each === 'x').length / keys.length).toBeCloseTo(0.2, 1);
    expect(first.filter((each) => each === 'y').length / keys.length).toBeCloseTo(0.1, 1);
    expect(keys.map((key) => faults(8)({ key, attempt: 1 }))).not.toEqual(first);
    expect(keys.every((key) => faults(7)({ key, attempt: 3 }) === undefined)).toBe(true);
  });
});

describe('the gateway sink', () => {
  it('makes one message of 100 posts at once under one key', async () => {
    const sink = keep(await startGatewaySink());
    const post = () =>
      fetch(`${sink.url}/v1/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'a/b' },
        body: JSON.stringify({ key: 'a/b', channel: 'sms', to: '+1', language: 'en', templateCode: 'T', params: {} }),
      });

    const answers = await Promise.all(Array.from({ length: 100 }, post));

    const bodies = await Promise.all(answers.map((each) => each.text()));
    expect(new Set(bodies).size).toBe(1);
    expect(answers.filter((each) => each.status === 202)).toHaveLength(1);
    expect(answers.filter((each) => each.status === 200)).toHaveLength(99);
    expect(sink.messages()).toHaveLength(1);
    expect(sink.handOvers()).toHaveLength(100);
  });

  it('takes the same content in another order of fields as the same', async () => {
    const sink = keep(await startGatewaySink());
    const gateway = gatewayTo(sink.url);

    const first = await gateway.send(sms('k', { a: '1', b: '2' }), signal);
    const second = await gateway.send(sms('k', { b: '2', a: '1' }), signal);

    expect(second).toEqual(first);
  });

  it.each([
    { name: 'no JSON', body: 'hello', key: 'k' },
    { name: 'a missing field', body: JSON.stringify({ key: 'k' }), key: 'k' },
    {
      name: 'another key in the header',
      body: JSON.stringify({ key: 'k', channel: 'sms', to: '+1', language: 'en', templateCode: 'T', params: {} }),
      key: 'other',
    },
    { name: 'a body that is too long', body: JSON.stringify({ key: 'k', text: 'x'.repeat(100_000) }), key: 'k' },
  ])('answers 400 to $name and takes nothing', async ({ body, key }) => {
    const sink = keep(await startGatewaySink());

    const answer = await fetch(`${sink.url}/v1/messages`, {
      method: 'POST',
      headers: { 'idempotency-key': key },
      body,
    });

    expect(answer.status).toBe(400);
    expect(sink.messages()).toHaveLength(0);
  });

  it('answers 400 to a look-up that is not percent-encoded, 404 to other paths', async () => {
    const sink = keep(await startGatewaySink());

    expect((await fetch(`${sink.url}/v1/messages/by-key/%ff`)).status).toBe(400);
    expect((await fetch(`${sink.url}/v1/other`)).status).toBe(404);
    expect((await fetch(`${sink.url}/other`)).status).toBe(404);
  });

  it('loses and doubles nothing under random faults, as long as the sender tries again', async () => {
    const shares: (readonly [number, GatewayFault])[] = [
      [0.1, { do: 'throttle' }],
      [0.1, { do: 'fail', status: 500 }],
      [0.1, { do: 'drop' }],
      [0.1, { do: 'acceptThenFail', status: 502 }],
      [0.1, { do: 'acceptThenDrop' }],
      [0.1, { do: 'acceptThenHalf' }],
      [0.1, { do: 'delay', ms: 5 }],
    ];
    const sink = keep(await startGatewaySink({ script: [seededFaults({ seed: 42, shares, behaveFromAttempt: 8 })] }));
    sink.scriptLookUps(seededFaults({ seed: 43, shares: shares.slice(0, 3) }));
    const gateway = gatewayTo(sink.url);
    const keys = Array.from({ length: 200 }, (_, index) => `case-L${index}/s@1/sms-1/1`);

    const refs = await Promise.all(
      keys.map(async (key) => {
        for (let attempt = 1; attempt <= 8; attempt += 1) {
          const delivery = await gateway.send(sms(key), signal).catch(() => undefined);
          if (delivery?.result === 'accepted') return delivery.providerRef;
        }
        return `${key} was lost`;
      }),
    );

    expect(
      sink
        .messages()
        .map((each) => each.key)
        .toSorted(),
    ).toEqual(keys.toSorted());
    expect(
      sink
        .messages()
        .map((each) => each.providerRef)
        .toSorted(),
    ).toEqual(refs.toSorted());
  });

  it('writes what it takes, and how often it was asked, to its file before it answers', async () => {
    const logFile = join(await scratchDir(), 'deep', 'sms.jsonl');
    const sink = keep(await startGatewaySink({ logFile }));
    const gateway = gatewayTo(sink.url);
    await gateway.send(sms('one'), signal);
    await gateway.send(sms('one'), signal);
    await gateway.send(sms('one', { amount: '9' }), signal);

    const lines = (await readFile(logFile, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

    expect(lines.map((line) => line.event)).toEqual(['accepted', 'repeated', 'conflict']);
    expect(lines[0]).toMatchObject({ ...sink.messages()[0] });
    expect((await stat(logFile)).mode & 0o077).toBe(0);
  });

  it('says in one sentence that its port is in use or its file cannot be written', async () => {
    const sink = keep(await startGatewaySink());
    const port = Number(new URL(sink.url).port);

    await expect(startGatewaySink({ port })).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    await expect(startSmtpSink({ port })).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    await expect(startGatewaySink({ logFile: '/dev/null/x.jsonl' })).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
    });
  });

  it.runIf(process.platform === 'linux')('takes nothing that it cannot write down', async () => {
    const sink = keep(await startGatewaySink({ logFile: '/dev/full' }));

    await expect(gatewayTo(sink.url).send(sms('k'), signal)).rejects.toMatchObject({
      code: 'PROVIDER_UNREACHABLE',
      details: { taken: 'no', status: 503 },
    });
    expect(sink.messages()).toHaveLength(0);
  });

  it('stops at once, also in the middle of a delayed answer', async () => {
    const sink = await startGatewaySink({ script: [{ fault: { do: 'acceptThenDelay', ms: 600_000 } }] });
    const sent = gatewayTo(sink.url)
      .send(sms('k'), signal)
      .catch((error: unknown) => error);
    await expect.poll(() => sink.messages().length).toBe(1);

    await sink.stop();

    expect(await sent).toMatchObject({ code: 'PROVIDER_UNREACHABLE' });
  });
});

describe('receipts', () => {
  it('follow every message, and a look-up then knows the end', async () => {
    const receiver = await startReceiver();
    const sink = keep(await startGatewaySink({ receipts: { url: receiver.url } }));

    const delivery = await gatewayTo(sink.url).send(sms('k'), signal);

    await expect.poll(() => receiver.got).toMatchObject([{ key: 'k', status: 'delivered', ...ref(delivery) }]);
    await expect
      .poll(async () => (await fetch(`${sink.url}/v1/messages/by-key/k`)).json())
      .toMatchObject({ status: 'delivered' });
  });

  it('say of a call what came of it, by a plan or connected; a look-up and the page know it too', async () => {
    const receiver = await startReceiver();
    const sink = keep(
      await startGatewaySink({
        receipts: {
          url: receiver.url,
          plan: ({ key }) => (key === 'deaf' ? [{ status: 'failed', result: 'noAnswer' }] : [{ status: 'delivered' }]),
        },
      }),
    );
    const usual = keep(await startGatewaySink({ receipts: { url: receiver.url } }));
    await gatewayTo(sink.url).send({ ...sms('deaf'), channel: 'voice' }, signal);
    await gatewayTo(usual.url).send({ ...sms('taken'), channel: 'voice' }, signal);

    await expect
      .poll(() => receiver.got.toSorted((a, b) => (a.key < b.key ? -1 : 1)))
      .toMatchObject([
        { key: 'deaf', status: 'failed', result: 'noAnswer' },
        { key: 'taken', status: 'delivered', result: 'connected' },
      ]);
    await expect
      .poll(async () => (await fetch(`${sink.url}/v1/messages/by-key/deaf`)).json())
      .toMatchObject({ status: 'failed', result: 'noAnswer' });
    expect(await (await fetch(sink.url)).text()).toContain('<span class="channel">voice</span>');
  });

  it('come doubled, reordered and late when a test wants them so', async () => {
    const receiver = await startReceiver();
    const sink = keep(await startGatewaySink({ receipts: { url: receiver.url, hold: true } }));
    const gateway = gatewayTo(sink.url);
    for (const key of ['a', 'b', 'c']) await gateway.send(sms(key), signal);

    expect(receiver.got).toEqual([]);
    await sink.releaseReceipts((held) => [...held.toReversed(), ...held.slice(0, 1)]);

    expect(receiver.got.map((each) => each.key)).toEqual(['c', 'b', 'a', 'a']);
    expect(receiver.posts()).toBe(1);
  });

  it('follow a plan: several for one message, none for another, a failure with its reason', async () => {
    const receiver = await startReceiver();
    const sink = keep(
      await startGatewaySink({
        receipts: {
          url: receiver.url,
          plan: ({ key }) => {
            if (key === 'quiet') return [];
            return [{ status: 'delivered' }, { status: 'failed', reason: 'handsetOff', delayMs: 30 }];
          },
        },
      }),
    );
    const gateway = gatewayTo(sink.url);
    await gateway.send(sms('quiet'), signal);
    await gateway.send(sms('loud'), signal);

    await expect
      .poll(() => new Set(receiver.got.map(({ key, status, reason }) => `${key} ${status} ${reason ?? '-'}`)))
      .toEqual(new Set(['loud delivered -', 'loud failed handsetOff']));
  });

  it('are posted again until they are taken', async () => {
    const receiver = await startReceiver(2);
    const sink = keep(await startGatewaySink({ receipts: { url: receiver.url } }));

    await gatewayTo(sink.url).send(sms('k'), signal);

    await expect.poll(() => receiver.got.map((each) => each.key), { timeout: 5_000 }).toEqual(['k']);
    expect(receiver.posts()).toBe(3);
  });
});

describe('the sinks of the local stack', () => {
  it('keep SMS and mails, in memory, in files and on a page, with everything escaped', async () => {
    const dataDir = await scratchDir();
    const sinks = await startSinks({ dataDir, renderText: ({ params }) => `You owe ${params['amount']}` });
    const smtp = createSmtpProvider({ url: sinks.smtpUrl, from: 'care@lender.example', timeoutMs: 10_000 });
    keep({
      stop: async () => {
        smtp.close();
        await sinks.stop();
      },
    });
    const evil = `<script>alert("x")</script>&'`;
    await gatewayTo(sinks.smsGatewayUrl).send(sms(`k/${evil}`, { amount: evil }), signal);
    await smtp.send({ ...sms('k/mail'), channel: 'email', to: 'lin@example.com', subject: evil, text: evil }, signal);

    const page = await fetch(sinks.pageUrl);
    const html = await page.text();
    const mails = await (await fetch(new URL('/mails', sinks.pageUrl))).text();

    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html).toContain('You owe &#60;script&#62;');
    expect(html).toContain('href="/mails"');
    expect(mails).toContain('lin@example.com');
    for (const each of [html, mails]) expect(each).not.toContain('<script');
    expect(sinks.smtp.messages()).toMatchObject([{ key: 'k/mail', subject: evil }]);
    const lines = async (name: string) => (await readFile(join(dataDir, name), 'utf8')).trimEnd().split('\n');
    expect(await lines('sms-and-push.jsonl')).toHaveLength(1);
    expect(await lines('mails.jsonl')).toHaveLength(1);
  });

  it('leave nothing running when one of them cannot start', async () => {
    const dataDir = await scratchDir();
    const taken = keep(await startGatewaySink());
    const smtp = keep(await startSmtpSink());
    const smtpPort = Number(new URL(smtp.url).port);
    await smtp.stop();

    await expect(startSinks({ dataDir, gatewayPort: Number(new URL(taken.url).port), smtpPort })).rejects.toMatchObject(
      { code: 'PORT_IN_USE' },
    );

    keep(await startSmtpSink({ port: smtpPort }));
  });
});

function ref(delivery: object): { readonly providerRef: string } {
  return { providerRef: 'providerRef' in delivery ? String(delivery.providerRef) : '' };
}
