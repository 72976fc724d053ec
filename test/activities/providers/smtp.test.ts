import { createHash } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { createSmtpProvider, messageIdOf, type SmtpProvider } from '../../../activities/providers/smtp.ts';
import type { OutgoingMessage } from '../../../activities/ports.ts';
import { listenOnLoopback } from '../../../local/sinks/listen.ts';
import {
  type ContentFault,
  type RecipientFault,
  type SmtpSink,
  startSmtpSink,
} from '../../../local/sinks/smtp-sink.ts';
import { describeConformance, failureOf } from './conformance.ts';

const FROM = 'Kept <care@lender.example>';

function message(key: string): OutgoingMessage {
  return {
    key,
    channel: 'email',
    to: 'lin.hsiao@example.com',
    language: 'zh',
    templateCode: 'overdue-d3',
    params: { amount: 'NT$1,234' },
    subject: '繳款提醒 Payment reminder',
    text: '您的帳款 NT$1,234 已逾期。\n請來電 0800-000-000。\n.\n最後一行',
    html: '<p>您的帳款 <b>NT$1,234</b> 已逾期。</p>',
  };
}

const signal = new AbortController().signal;
let running: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const each of running.toReversed()) await each.stop();
  running = [];
});

function providerTo(url: string, timeoutMs = 10_000): SmtpProvider {
  const provider = createSmtpProvider({ url, from: FROM, timeoutMs });
  running.push({ stop: () => provider.close() });
  return provider;
}

async function startSink(): Promise<SmtpSink> {
  const sink = await startSmtpSink();
  running.push(sink);
  return sink;
}

/** A mail server set up by hand, for what the sink does not do. */
async function startServer(options: SMTPServerOptions): Promise<string> {
  const server = new SMTPServer({ disableReverseLookup: true, logger: false, closeTimeout: 50, ...options });
  server.on('error', () => undefined);
  const port = await listenOnLoopback(server.server, 0);
  running.push({ stop: () => new Promise<void>((resolve) => server.close(() => resolve())) });
  return `127.0.0.1:${port}`;
}

/** A server below SMTP: it says what it is told to whoever connects. */
async function startRaw(onConnection: (socket: Socket) => void): Promise<{ url: string; connections: () => number }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  const port = await listenOnLoopback(server, 0);
  running.push({
    stop: () => {
      for (const each of sockets) each.destroy();
      server.close();
    },
  });
  return { url: `smtp://127.0.0.1:${port}`, connections: () => sockets.length };
}

describeConformance('SMTP', {
  knowsKeys: false,
  message,
  start: async ({ timeoutMs }) => {
    const sink = await startSmtpSink();
    const provider = createSmtpProvider({ url: sink.url, from: FROM, timeoutMs });
    const recipient = (fault: RecipientFault) => () => sink.scriptRecipients({ fault, times: 1 });
    const content = (fault: ContentFault) => () => sink.script({ fault, times: 1 });
    let up = true;
    const stopOtherSide = async () => {
      if (up) await sink.stop();
      up = false;
    };
    return {
      provider,
      next: {
        refuseForGood: recipient({ do: 'refuse', code: 550, text: '5.1.1 <lin.hsiao@example.com> unknown' }),
        notNow: recipient({ do: 'refuse', code: 451, text: '4.7.1 <lin.hsiao@example.com> greylisted' }),
        dropBeforeTaking: recipient({ do: 'drop' }),
        takeThenDrop: content({ do: 'acceptThenDrop' }),
        takeThenAnswerAfter: (ms) => content({ do: 'acceptThenDelay', ms })(),
      },
      takenUnder: (key) => sink.messages().filter((each) => each.key === key).length,
      stopOtherSide,
      stop: async () => {
        provider.close();
        await stopOtherSide();
      },
    };
  },
});

describe('the SMTP adapter', () => {
  it('sends text and HTML under a Message-ID that hangs on the key alone', async () => {
    const sink = await startSink();
    const key = `case-${'L'.repeat(120)}/unsecured-consumer@1/email-1/1`;

    const delivery = await providerTo(sink.url).send(message(key), signal);

    const hash = createHash('sha256').update(key).digest('hex');
    expect(messageIdOf(key, 'lender.example')).toBe(`<${hash}@lender.example>`);
    expect(delivery).toEqual({ result: 'accepted', providerRef: `<${hash}@lender.example>` });
    const { subject, text, html, to } = message(key);
    expect(sink.messages()).toMatchObject([
      { key, messageId: `<${hash}@lender.example>`, from: 'care@lender.example', to, subject, html: html?.trim() },
    ]);
    expect(sink.messages()[0]?.text.trimEnd()).toBe(text);
  });

  it.each([
    { at: 'recipient', code: 550, text: '5.1.1 unknown', reason: 'smtp-550-5.1.1' },
    { at: 'recipient', code: 553, text: 'no such mailbox', reason: 'smtp-553' },
    { at: 'content', code: 554, text: '5.7.1 looks like spam', reason: 'smtp-554-5.7.1' },
    { at: 'content', code: 552, text: 'too big', reason: 'smtp-552' },
  ])('a $code at the $at is rejected for good', async ({ at, code, text, reason }) => {
    const sink = await startSink();
    const fault = { do: 'refuse', code, text } as const;
    if (at === 'recipient') sink.scriptRecipients({ fault });
    else sink.script({ fault });

    expect(await providerTo(sink.url).send(message('k'), signal)).toEqual({ result: 'rejected', reason });
    expect(sink.messages()).toHaveLength(0);
  });

  it.each([
    { at: 'recipient', code: 451 },
    { at: 'recipient', code: 421 },
    { at: 'recipient', code: 452 },
    { at: 'content', code: 451 },
    { at: 'content', code: 421 },
  ])('a $code at the $at means later, and the next try goes through', async ({ at, code }) => {
    const sink = await startSink();
    const provider = providerTo(sink.url);
    const rule = { fault: { do: 'refuse', code } as const, times: 1 };
    if (at === 'recipient') sink.scriptRecipients(rule);
    else sink.script(rule);

    const failure = await failureOf(provider.send(message('k'), signal));

    expect(failure.details).toEqual({ provider: 'smtp', why: 'refused', taken: 'no', status: code });
    expect((await provider.send(message('k'), signal)).result).toBe('accepted');
    expect(sink.messages()).toHaveLength(1);
  });

  it.each([{ do: 'drop' }, { do: 'acceptThenDrop' }] as const)(
    'a connection lost after the content ($do) leaves the outcome unknown, with no second mail',
    async (fault) => {
      const sink = await startSink();
      const provider = providerTo(sink.url);
      sink.script({ fault, times: 1 });

      const delivery = await provider.send(message('lost'), signal);

      expect(delivery).toEqual({ result: 'unknown', reason: 'connectionLost' });
      // Two more mails pass through the pool; had it kept the lost one, it would have gone out before them.
      for (const key of ['next-1', 'next-2'])
        expect((await provider.send(message(key), signal)).result).toBe('accepted');
      const kept = fault.do === 'drop' ? [] : ['lost'];
      expect(sink.messages().map((each) => each.key)).toEqual([...kept, 'next-1', 'next-2']);
    },
  );

  it('takes half a reply to the content for none', async () => {
    const server = await startRaw((socket) => {
      const replies = ['250 hello\r\n', '250 sender\r\n', '250 recipient\r\n', '354 go on\r\n'];
      socket.write('220 raw\r\n');
      socket.on('data', (data) => {
        const reply = replies.shift();
        if (reply !== undefined) socket.write(reply);
        else if (data.includes('\r\n.\r\n')) socket.end('25');
      });
    });

    const delivery = await providerTo(server.url).send({ ...message('k'), text: 'short', html: '' }, signal);

    expect(delivery).toEqual({ result: 'unknown', reason: 'connectionLost' });
  });

  it('opens one connection a try, and leaves trying again to the caller', async () => {
    const server = await startRaw((socket) => socket.end());

    await failureOf(providerTo(server.url).send(message('k'), signal));

    expect(server.connections()).toBe(1);
  });

  it('does not call a timeout before the content unknown', async () => {
    const sink = await startSink();
    sink.scriptRecipients({ fault: { do: 'delay', ms: 60_000 }, times: 1 });

    const failure = await failureOf(providerTo(sink.url, 300).send(message('k'), signal));

    expect(failure.details).toEqual({ provider: 'smtp', why: 'timeout', taken: 'no' });
    expect(sink.messages()).toHaveLength(0);
  });

  it('waits for a slow server within its time', async () => {
    const sink = await startSink();
    sink.scriptRecipients({ fault: { do: 'delay', ms: 50 } });
    sink.script({ fault: { do: 'delay', ms: 50 } });

    expect((await providerTo(sink.url).send(message('k'), signal)).result).toBe('accepted');
  });

  it('finds a way past pooled connections that the server has ended', async () => {
    const first = await startSmtpSink();
    const provider = providerTo(first.url);
    await provider.send(message('before'), signal);
    await first.stop();
    const second = await startSmtpSink({ port: Number(new URL(first.url).port) });
    running.push(second);

    await expect
      .poll(() => provider.send(message('after'), signal).catch(() => undefined), { timeout: 5_000 })
      .toMatchObject({ result: 'accepted' });
    expect(second.messages().map((each) => each.key)).toEqual(['after']);
  });

  it.each(['', 'lin', 'a@b.example, c@d.example', 'a@b.example\r\nBcc: c@d.example', '<a@b.example>'])(
    'rejects %j, which is not one mailbox, before it asks the server',
    async (to) => {
      const provider = providerTo('smtp://127.0.0.1:1');

      expect(await provider.send({ ...message('k'), to }, signal)).toEqual({
        result: 'rejected',
        reason: 'addressInvalid',
      });
    },
  );

  it('takes a refused login as a matter of its own set-up, not of the mail', async () => {
    const server = await startServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) => {
        const known = username === 'kept@lender' && password === 's3cret/&';
        done(known ? null : Object.assign(new Error('no'), { responseCode: 535 }), { user: 'kept' });
      },
      onData: (stream, _session, done) => {
        stream.resume().once('end', () => done());
      },
    });

    const refused = await failureOf(providerTo(`smtp://kept:wrong@${server}`).send(message('k'), signal));
    const accepted = await providerTo(`smtp://kept%40lender:s3cret%2F%26@${server}`).send(message('k'), signal);

    expect(refused.details).toEqual({ provider: 'smtp', why: 'loginRefused', taken: 'no', status: 535 });
    expect(accepted.result).toBe('accepted');
  });

  it('takes a refused sender as a matter of its own set-up, not of the recipient', async () => {
    const server = await startServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onMailFrom: (_address, _session, done) => done(Object.assign(new Error('not yours'), { responseCode: 550 })),
    });

    const failure = await failureOf(providerTo(`smtp://${server}`).send(message('k'), signal));

    expect(failure.details).toEqual({ provider: 'smtp', why: 'refused', taken: 'no', status: 550 });
  });

  it('sends nothing in the clear when TLS is required and not to be had', async () => {
    const sink = await startSink();

    const failure = await failureOf(providerTo(`${sink.url}?requireTLS=true`).send(message('k'), signal));

    expect(failure.details).toMatchObject({ taken: 'no' });
    expect(sink.messages()).toHaveLength(0);
  });

  it('refuses a URL and a sender that cannot be used', () => {
    expect(() => createSmtpProvider({ url: 'http://mail', from: FROM, timeoutMs: 1 })).toThrow(/mail server/);
    expect(() => createSmtpProvider({ url: 'mail', from: FROM, timeoutMs: 1 })).toThrow(/mail server/);
    expect(() => createSmtpProvider({ url: 'smtp://mail', from: 'Kept', timeoutMs: 1 })).toThrow(/domain/);
  });
});
