import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpGateway } from '../../../activities/providers/http-gateway.ts';
import type { ChannelProvider, OutgoingMessage } from '../../../activities/ports.ts';
import type { GatewayFault } from '../../../local/sinks/gateway-faults.ts';
import { type GatewaySink, startGatewaySink } from '../../../local/sinks/gateway-sink.ts';
import { describeConformance, failureOf } from './conformance.ts';

const TOKEN = 'a-token';

function message(key: string): OutgoingMessage {
  return {
    key,
    channel: 'sms',
    to: '+886912345678',
    language: 'zh',
    templateCode: 'OVERDUE_D3',
    params: { amount: 'NT$1,234', name: '林小姐' },
    text: '您的帳款已逾期',
  };
}

function gatewayTo(url: string, timeoutMs = 10_000): ChannelProvider {
  return createHttpGateway({ baseUrl: url, token: TOKEN, timeoutMs, channels: ['sms', 'push'] });
}

const signal = new AbortController().signal;
let running: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const each of running.toReversed()) await each.stop();
  running = [];
});

async function startSink(): Promise<GatewaySink> {
  const sink = await startGatewaySink({ token: TOKEN });
  running.push(sink);
  return sink;
}

/** A server below HTTP: it says what it is told to whoever connects. */
async function startRaw(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push({
    stop: () => {
      for (const each of sockets) each.destroy();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a look-up', () => {
  it('A7: tells what became of a message, and how a call went, as far as the gateway knows', async () => {
    const sink = await startSink();
    const gateway = gatewayTo(sink.url);
    const sent = await gateway.send(message('k'), signal);
    expect(await gateway.lookUp('k', signal)).toEqual(sent);
    sink.report('k', 'blocked');
    expect(await gateway.lookUp('k', signal)).toEqual({ ...sent, delivery: 'blocked' });
    sink.report('k', 'failed', 'noAnswer');
    expect(await gateway.lookUp('k', signal)).toEqual({ ...sent, delivery: 'failed', callResult: 'noAnswer' });
  });
});

describeConformance('the HTTP gateway', {
  knowsKeys: true,
  message,
  start: async ({ timeoutMs }) => {
    const sink = await startGatewaySink({ token: TOKEN });
    const once = (fault: GatewayFault) => () => sink.script({ fault, times: 1 });
    let up = true;
    const stopOtherSide = async () => {
      if (up) await sink.stop();
      up = false;
    };
    return {
      provider: gatewayTo(sink.url, timeoutMs),
      next: {
        refuseForGood: once({ do: 'reject', reason: 'number +886912345678 is blocked' }),
        notNow: once({ do: 'throttle' }),
        dropBeforeTaking: once({ do: 'drop' }),
        takeThenDrop: once({ do: 'acceptThenDrop' }),
        takeThenAnswerAfter: (ms) => once({ do: 'acceptThenDelay', ms })(),
      },
      takenUnder: (key) => sink.messages().filter((each) => each.key === key).length,
      stopOtherSide,
      stop: stopOtherSide,
    };
  },
});

describe('the HTTP gateway adapter', () => {
  it('sends a template and its parameters, never the text', async () => {
    const sink = await startSink();

    await gatewayTo(sink.url).send(message('case-借款-1/s@1/sms/1'), signal);

    const [{ no: _no, at: _at, providerRef: _ref, ...body } = { no: 0, at: '', providerRef: '' }] = sink.messages();
    const { text: _text, ...expected } = message('case-借款-1/s@1/sms/1');
    expect(body).toEqual(expected);
  });

  it('finds keys with slashes, percent signs, blanks and other scripts again', async () => {
    const sink = await startSink();
    const gateway = gatewayTo(sink.url);
    for (const key of ['case-L/1/s@1/step/1', 'a%2Fb', 'a b', '案件-1/s@1', '?x=1#y', '...']) {
      const sent = await gateway.send(message(key), signal);
      expect(await gateway.lookUp(key, signal), key).toEqual(sent);
    }
  });

  it('works below a path of the base URL', async () => {
    const url = await startRaw((socket) => {
      socket.once('data', (request) => {
        const path = /^POST (\S+)/.exec(request.toString())?.[1];
        socket.end(`HTTP/1.1 202 Accepted\r\nconnection: close\r\n\r\n{"providerRef":"${path}"}`);
      });
    });

    expect(await gatewayTo(`${url}/sms/gw`).send(message('k'), signal)).toMatchObject({
      providerRef: '/sms/gw/v1/messages',
    });
  });

  it.each([
    {
      fault: { do: 'throttle', retryAfterSeconds: 7 },
      details: { why: 'throttled', status: 429, retryAfterMs: 7_000 },
    },
    { fault: { do: 'throttle' }, details: { why: 'throttled', status: 429 } },
    {
      fault: { do: 'fail', status: 503, retryAfterSeconds: 2 },
      details: { why: 'gatewayFailed', status: 503, retryAfterMs: 2_000 },
    },
    { fault: { do: 'fail', status: 403 }, details: { why: 'tokenRefused', status: 403 } },
    { fault: { do: 'fail', status: 400 }, details: { why: 'contractNotMet', status: 400 } },
    { fault: { do: 'fail', status: 302 }, details: { why: 'contractNotMet', status: 302 } },
  ] as const)('after $fault.do $details.status nothing was taken', async ({ fault, details }) => {
    const sink = await startSink();
    sink.script({ fault });

    const failure = await failureOf(gatewayTo(sink.url).send(message('k'), signal));

    expect(failure.details).toEqual({ provider: 'gateway', taken: 'no', ...details });
  });

  it('says that its token is refused', async () => {
    const sink = await startSink();
    const gateway = createHttpGateway({ baseUrl: sink.url, token: 'another', timeoutMs: 10_000, channels: ['sms'] });

    expect((await failureOf(gateway.send(message('k'), signal))).details).toMatchObject({ why: 'tokenRefused' });
    expect((await failureOf(gateway.lookUp('k', signal))).details).toMatchObject({ why: 'tokenRefused' });
  });

  it.each([
    { do: 'acceptThenFail', status: 500 },
    { do: 'acceptThenFail', status: 502 },
    { do: 'acceptThenDrop' },
    { do: 'acceptThenHalf' },
    { do: 'acceptThenGarble' },
  ] as const)('asks after the key when the answer is $do $status', async (fault) => {
    const sink = await startSink();
    sink.script({ fault, times: 1 });

    const delivery = await gatewayTo(sink.url).send(message('k'), signal);

    expect(delivery).toEqual({ result: 'accepted', providerRef: sink.messages()[0]?.providerRef });
    expect(sink.handOvers()).toEqual([{ key: 'k', outcome: 'accepted' }]);
  });

  it.each([{ do: 'fail', status: 500 }, { do: 'throttle' }, { do: 'drop' }] as const)(
    'is in doubt when the look-up fails too ($do), and the next try settles it',
    async (lookUpFault) => {
      const sink = await startSink();
      const gateway = gatewayTo(sink.url);
      sink.script({ fault: { do: 'acceptThenHalf' }, times: 1 });
      sink.scriptLookUps({ fault: lookUpFault, times: 1 });

      const failure = await failureOf(gateway.send(message('k'), signal));
      const second = await gateway.send(message('k'), signal);

      expect(failure.details).toEqual({ provider: 'gateway', why: 'connectionLost', taken: 'perhaps' });
      expect(second).toEqual({ result: 'accepted', providerRef: sink.messages()[0]?.providerRef });
      expect(sink.handOvers().map((each) => each.outcome)).toEqual(['accepted', 'repeated']);
      expect(sink.messages()).toHaveLength(1);
    },
  );

  it('leaves it to a person when the key was used for other content', async () => {
    const sink = await startSink();
    const gateway = gatewayTo(sink.url);
    await gateway.send(message('k'), signal);

    const delivery = await gateway.send({ ...message('k'), params: { amount: 'NT$9' } }, signal);

    expect(delivery).toEqual({ result: 'unknown', reason: 'keyUsedForOtherContent' });
    expect(sink.messages()).toHaveLength(1);
  });

  it('keeps a refusal: the key is refused again, and a look-up says so', async () => {
    const sink = await startSink();
    const gateway = gatewayTo(sink.url);
    sink.script({ fault: { do: 'reject', reason: 'optedOut' }, times: 1 });
    const rejected = { result: 'rejected', reason: 'optedOut' };

    expect(await gateway.send(message('k'), signal)).toEqual(rejected);
    expect(await gateway.send(message('k'), signal)).toEqual(rejected);
    expect(await gateway.lookUp('k', signal)).toEqual(rejected);
  });

  it.each([
    { fault: { do: 'fail', status: 500 }, details: { why: 'gatewayFailed', status: 500 } },
    {
      fault: { do: 'throttle', retryAfterSeconds: 3 },
      details: { why: 'throttled', status: 429, retryAfterMs: 3_000 },
    },
    { fault: { do: 'drop' }, details: { why: 'connectionLost' } },
  ] as const)('a look-up that fails ($fault.do) is worth another try, never an answer', async ({ fault, details }) => {
    const sink = await startSink();
    sink.scriptLookUps({ fault });

    const failure = await failureOf(gatewayTo(sink.url).lookUp('k', signal));

    expect(failure.details).toEqual({ provider: 'gateway', taken: 'perhaps', ...details });
  });

  it('gives up in bounded time on a server that takes connections and says nothing', async () => {
    const url = await startRaw(() => undefined);
    const started = Date.now();

    const failure = await failureOf(gatewayTo(url, 300).send(message('k'), signal));

    expect(failure.details).toEqual({ provider: 'gateway', why: 'timeout', taken: 'perhaps' });
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  it('gives up in bounded time on an answer that trickles', async () => {
    const url = await startRaw((socket) => {
      socket.write('HTTP/1.1 202 Accepted\r\ncontent-length: 1000\r\n\r\n');
      const timer = setInterval(() => socket.write(' '), 20);
      socket.on('close', () => clearInterval(timer));
    });

    const failure = await failureOf(gatewayTo(url, 300).send(message('k'), signal));

    expect(failure.details).toMatchObject({ why: 'timeout', taken: 'perhaps' });
  });

  it('does not read an answer without end', async () => {
    const url = await startRaw((socket) => {
      socket.write('HTTP/1.1 202 Accepted\r\nconnection: close\r\n\r\n');
      socket.write('x'.repeat(1024 * 1024));
    });

    const failure = await failureOf(gatewayTo(url).send(message('k'), signal));

    expect(failure.details).toMatchObject({ why: 'unreadableAnswer', taken: 'perhaps' });
  });

  it('takes a host that does not exist as unreachable', async () => {
    await failureOf(gatewayTo('http://gateway.invalid', 2_000).send(message('k'), signal));
  });

  it('refuses a channel that it is not set up for, and a base URL that is none', async () => {
    const sink = await startSink();

    await expect(gatewayTo(sink.url).send({ ...message('k'), channel: 'email' }, signal)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
    expect(() => gatewayTo('ftp://x')).toThrow(/base URL/);
    expect(() => gatewayTo('gateway')).toThrow(/base URL/);
  });
});
