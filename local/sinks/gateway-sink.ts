import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { keyHeader, LOOK_UP_PATH, type MessageBody, MESSAGES_PATH, messageBody } from '../../contracts/gateway.ts';
import { endAfterTaking, endBeforeTaking, readJson, reply, replyTaken } from './gateway-answers.ts';
import type { GatewayFault, GatewaySeen } from './gateway-faults.ts';
import { createReceiptSender, type ReceiptOptions, type ReceiptSender } from './gateway-receipts.ts';
import {
  createGatewayStore,
  type GatewayMessage,
  type GatewayStore,
  type Taken,
  type TakenMessage,
} from './gateway-store.ts';
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
  /** What look-ups say of a message from now on: as if its receipt had been lost on the way. */
  readonly report: GatewayStore['setStatus'];
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
    options.receipts &&
    createReceiptSender(options.receipts, ({ key, status, result }) => store.setStatus(key, status, result));

  function take(body: MessageBody, rejectReason?: string): Taken {
    const taken = store.take(body, rejectReason);
    handOvers.push({ key: body.key, outcome: taken.outcome });
    if (taken.outcome === 'accepted') receipts?.accepted(taken.message);
    return taken;
  }

  async function onMessage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parsed = messageBody.safeParse(await readJson(request));
    if (!parsed.success || request.headers['idempotency-key'] !== keyHeader(parsed.data.key)) {
      reply(response, 400, { code: 'REQUEST_INVALID' });
      return;
    }
    const body = parsed.data;
    const fault = sends.next(seenOf(body.key, 'send', body));
    if (fault !== undefined && (await endBeforeTaking(response, fault, stopped.signal))) return;
    const taken = take(body, fault?.do === 'reject' ? fault.reason : undefined);
    if (fault === undefined || !(await endAfterTaking(response, fault, stopped.signal))) replyTaken(response, taken);
  }

  async function onLookUp(path: string, response: ServerResponse): Promise<void> {
    const key = decoded(path);
    if (key === undefined) return reply(response, 400, { code: 'REQUEST_INVALID' });
    const fault = lookUps.next(seenOf(key, 'lookUp'));
    if (fault !== undefined && (await endBeforeTaking(response, fault, stopped.signal))) return;
    const found = store.find(key);
    if (found === undefined) reply(response, 404, { code: 'KEY_UNKNOWN' });
    else if ('reason' in found) reply(response, 200, { status: 'rejected', reason: found.reason });
    else reply(response, 200, lookUpAnswer(found));
  }

  function seenOf(key: string, operation: 'send' | 'lookUp', body?: MessageBody): GatewaySeen {
    const attempt = (attempts.get(`${operation} ${key}`) ?? 0) + 1;
    attempts.set(`${operation} ${key}`, attempt);
    return { key, attempt, channel: body?.channel ?? '', to: body?.to ?? '' };
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
  const port = await listenOnLoopback(server, options.port ?? 0).catch((error: unknown) => {
    log.close();
    throw error;
  });
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
    report: store.setStatus,
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

function lookUpAnswer({ message, status, result }: TakenMessage) {
  return { providerRef: message.providerRef, status, ...(result === undefined ? {} : { result }) };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
