import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import {
  BODY_LIMIT_BYTES,
  keyHeader,
  LOOK_UP_PATH,
  type MessageBody,
  MESSAGES_PATH,
  messageBody,
} from '../../activities/providers/gateway-contract.ts';
import type { GatewayFault, GatewaySeen } from './gateway-faults.ts';
import { createReceiptSender, type ReceiptOptions, type ReceiptSender } from './gateway-receipts.ts';
import { createGatewayStore, type GatewayMessage, type Taken } from './gateway-store.ts';
import { openJsonlLog } from './jsonl-log.ts';
import { listenOnLoopback, LOOPBACK } from './listen.ts';
import { type PageItem, renderPage } from './page.ts';
import { createScript, type ScriptEntry } from './script.ts';

export interface GatewaySinkOptions {
  /** A free one unless given. */
  readonly port?: number;
  /** Bearer token that it asks for; none unless given. */
  readonly token?: string;
  /** JSON Lines, appended: one `accepted`, `repeated`, `conflict` or `rejected` a hand-over. */
  readonly logFile?: string;
  readonly script?: readonly ScriptEntry<GatewaySeen, GatewayFault>[];
  readonly receipts?: ReceiptOptions;
  /** The text of a template for the page; without it the page shows the parameters. */
  readonly renderText?: (message: GatewayMessage) => string | undefined;
  /** Further pages by path, such as `/mails`; each is linked by its title. */
  readonly pages?: Readonly<Record<string, { readonly title: string; readonly render: () => string }>>;
}

export interface GatewaySink {
  /** Base URL of the contract; its root is a page for people. */
  readonly url: string;
  /** What was taken, in order; one a key. */
  messages(): readonly GatewayMessage[];
  /** Every hand-over with its outcome, repeats included, in order. */
  handOvers(): readonly { readonly key: string; readonly outcome: Taken['outcome'] }[];
  /** Adds faults for hand-overs. */
  script(...entries: ScriptEntry<GatewaySeen, GatewayFault>[]): void;
  /** Adds faults for look-ups; those named `accept…` do nothing there. */
  scriptLookUps(...entries: ScriptEntry<GatewaySeen, GatewayFault>[]): void;
  /** Forgets every fault. */
  behave(): void;
  /** Posts the receipts kept back by `receipts.hold`. */
  readonly releaseReceipts: ReceiptSender['release'];
  stop(): Promise<void>;
}

/**
 * A real gateway on loopback that speaks the contract of docs/gateway.md, keeps what it gets and delivers nothing.
 * @throws DomainError PORT_IN_USE or OUTPUT_UNWRITABLE.
 */
export async function startGatewaySink(options: GatewaySinkOptions = {}): Promise<GatewaySink> {
  const log = openJsonlLog(options.logFile);
  const store = createGatewayStore(log);
  const handOvers: { key: string; outcome: Taken['outcome'] }[] = [];
  const sends = createScript(options.script);
  const lookUps = createScript<GatewaySeen, GatewayFault>();
  const attempts = new Map<string, number>();
  const stopped = new AbortController();
  const receipts =
    options.receipts && createReceiptSender(options.receipts, ({ key, status }) => store.setStatus(key, status));

  function take(body: MessageBody, rejectReason?: string): Taken {
    const taken = store.take(body, rejectReason);
    handOvers.push({ key: body.key, outcome: taken.outcome });
    if (taken.outcome === 'accepted') receipts?.accepted(taken.message);
    return taken;
  }

  async function onMessage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parsed = messageBody.safeParse(await readJson(request));
    if (!parsed.success || request.headers['idempotency-key'] !== keyHeader(parsed.data.key)) {
      reply(response, 400, { code: 'EVENT_INVALID' });
      return;
    }
    const body = parsed.data;
    const fault = sends.next(seenOf(body.key, 'send', body));
    if (fault !== undefined && (await misbehave(response, fault))) return;
    const taken = take(body, fault?.do === 'reject' ? fault.reason : undefined);
    if (fault === undefined || !(await spoil(response, fault))) replyTaken(response, taken);
  }

  async function onLookUp(path: string, response: ServerResponse): Promise<void> {
    const key = decodeURIComponent(path);
    const fault = lookUps.next(seenOf(key, 'lookUp'));
    if (fault !== undefined && (await misbehave(response, fault))) return;
    const found = store.find(key);
    if (found === undefined) reply(response, 404, { code: 'KEY_UNKNOWN' });
    else if ('reason' in found) reply(response, 200, { status: 'rejected', reason: found.reason });
    else reply(response, 200, { providerRef: found.message.providerRef, status: found.status });
  }

  function seenOf(key: string, operation: 'send' | 'lookUp', body?: MessageBody): GatewaySeen {
    const attempt = (attempts.get(`${operation} ${key}`) ?? 0) + 1;
    attempts.set(`${operation} ${key}`, attempt);
    return { key, attempt, channel: body?.channel ?? '', to: body?.to ?? '' };
  }

  /** Does what a fault wants done before anything is taken. @returns whether the request is over. */
  async function misbehave(response: ServerResponse, fault: GatewayFault): Promise<boolean> {
    if (fault.do === 'delay') await pause(fault.ms, undefined, { signal: stopped.signal });
    if (fault.do === 'throttle') reply(response, 429, { code: 'THROTTLED' }, fault.retryAfterSeconds);
    if (fault.do === 'fail') reply(response, fault.status, { code: 'FAILED' }, fault.retryAfterSeconds);
    if (fault.do === 'drop') response.destroy();
    return fault.do === 'throttle' || fault.do === 'fail' || fault.do === 'drop';
  }

  /** Does what a fault wants done instead of the answer. @returns whether the request is over. */
  async function spoil(response: ServerResponse, fault: GatewayFault): Promise<boolean> {
    switch (fault.do) {
      case 'acceptThenFail':
        reply(response, fault.status, { code: 'FAILED' });
        return true;
      case 'acceptThenDrop':
        response.destroy();
        return true;
      case 'acceptThenHalf':
        response.writeHead(202, { 'content-type': 'application/json', 'content-length': '64' });
        response.write('{"providerRef":"gw-', () => response.destroy());
        return true;
      case 'acceptThenGarble':
        response.writeHead(202, { 'content-type': 'application/json' }).end('<html>it works</html>');
        return true;
      case 'acceptThenDelay':
        await pause(fault.ms, undefined, { signal: stopped.signal });
        return false;
      default:
        return false;
    }
  }

  function onPage(path: string, response: ServerResponse): void {
    const pages = options.pages ?? {};
    const links = Object.fromEntries(Object.entries(pages).map(([href, { title }]) => [title, href]));
    const items = () => store.messages.map((each) => itemOf(each, options.renderText?.(each)));
    const html = path === '/' ? renderPage({ title: 'Messages sent', items: items(), links }) : pages[path]?.render();
    if (html === undefined) return reply(response, 404, { code: 'NOT_FOUND' });
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PAGE_POLICY });
    response.end(html);
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://sink').pathname;
    if (!path.startsWith('/v1/')) return onPage(path, response);
    if (options.token !== undefined && request.headers.authorization !== `Bearer ${options.token}`) {
      return reply(response, 401, { code: 'UNAUTHORISED' });
    }
    if (request.method === 'POST' && path === `/${MESSAGES_PATH}`) return onMessage(request, response);
    if (request.method === 'GET' && path.startsWith(`/${LOOK_UP_PATH}`)) {
      return onLookUp(path.slice(LOOK_UP_PATH.length + 1), response);
    }
    return reply(response, 404, { code: 'NOT_FOUND' });
  }

  const server = createServer((request, response) => {
    // Whatever goes wrong in here, such as a full disk, happened before the message was taken.
    route(request, response).catch(() => reply(response, 503, { code: 'SINK_FAILED' }));
  });
  const port = await listenOnLoopback(server, options.port ?? 0);
  return {
    url: `http://${LOOPBACK}:${port}`,
    messages: () => store.messages,
    handOvers: () => handOvers,
    script: (...entries) => sends.add(entries),
    scriptLookUps: (...entries) => lookUps.add(entries),
    behave: () => {
      sends.clear();
      lookUps.clear();
    },
    releaseReceipts: async (arrange) => receipts?.release(arrange),
    stop: async () => {
      stopped.abort();
      receipts?.stop();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      log.close();
    },
  };
}

const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

function itemOf(message: GatewayMessage, text: string | undefined): PageItem {
  const { no, at, key, channel, to } = message;
  const params = Object.entries(message.params).map(([name, value]) => `${name}: ${value}`);
  return { no, at, key, channel, to, title: message.templateCode, text: text ?? params.join('\n') };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

function replyTaken(response: ServerResponse, taken: Taken): void {
  switch (taken.outcome) {
    case 'accepted':
      return reply(response, 202, { providerRef: taken.message.providerRef });
    case 'repeated':
      return reply(response, 200, { providerRef: taken.message.providerRef });
    case 'conflict':
      return reply(response, 409, { code: 'KEY_USED' });
    case 'rejected':
      return reply(response, 422, { reason: taken.reason });
  }
}

function reply(response: ServerResponse, status: number, body: object, retryAfterSeconds?: number): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  });
  response.end(JSON.stringify(body));
}
