import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { LOOPBACK, listenOnLoopback } from '../../../local/sinks/listen.ts';
import { type ScriptEntry, createScript } from '../../../local/sinks/script.ts';

/** A real HTTP server that speaks one vendor's API, checks what it is sent, and can be told to misbehave. */

export interface VendorRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface VendorAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A message that the vendor took. `fields` are the parameters as they came. */
export interface TakenMessage {
  readonly ref: string;
  /** As the vendor was told it; empty where it carries none. */
  readonly key: string;
  readonly to: string;
  readonly at: Date;
  readonly fields: Readonly<Record<string, string>>;
}

/** What a request is: a hand-over, a question, or a mistake with the vendor's answer to it. */
export type Asked =
  | { readonly is: 'handOver'; readonly key: string; readonly to: string; readonly fields: TakenMessage['fields'] }
  | { readonly is: 'question'; readonly answer: (shown: readonly TakenMessage[]) => VendorAnswer }
  | { readonly is: 'mistake'; readonly answer: VendorAnswer };

/** One vendor's side of its API. */
export interface VendorSide {
  /** Checks the signature and every parameter. */
  read(request: VendorRequest): Asked;
  refOf(no: number): string;
  accepted(message: TakenMessage): VendorAnswer;
}

export type VendorFault =
  /** Answers so, and nothing is taken. */
  | { readonly do: 'answer'; readonly answer: VendorAnswer }
  /** Ends the connection without an answer; nothing is taken. */
  | { readonly do: 'drop' }
  | { readonly do: 'takeThenAnswer'; readonly answer: VendorAnswer }
  | { readonly do: 'takeThenDrop' }
  /** Ends the connection in the middle of the answer. */
  | { readonly do: 'takeThenHalf' }
  | { readonly do: 'takeThenDelay'; readonly ms: number };

export interface VendorSeen {
  readonly key: string;
}

export interface ScriptedVendor {
  readonly url: string;
  /** What was taken, in order. */
  taken(): readonly TakenMessage[];
  /** Every request, in order. */
  requests(): readonly VendorRequest[];
  /** The keys of all hand-overs without a mistake, taken or not, in order. */
  keysSeen(): readonly string[];
  /** How many connections were opened. */
  connections(): number;
  /** Adds faults for hand-overs. */
  script(...entries: ScriptEntry<VendorSeen, VendorFault>[]): void;
  /** Adds faults for questions; those named `take…` end the same way. */
  scriptQuestions(...entries: ScriptEntry<VendorSeen, VendorFault>[]): void;
  /** Keeps what was taken from showing in answers to so many further questions. */
  hideFromQuestions(times: number): void;
  stop(): Promise<void>;
}

export async function startVendor(side: VendorSide): Promise<ScriptedVendor> {
  const taken: TakenMessage[] = [];
  const requests: VendorRequest[] = [];
  const keysSeen: string[] = [];
  const handOvers = createScript<VendorSeen, VendorFault>();
  const questions = createScript<VendorSeen, VendorFault>();
  const stopped = new AbortController();
  let connections = 0;
  let hiddenTimes = 0;

  function answerOf(asked: Exclude<Asked, { is: 'mistake' }>): VendorAnswer {
    if (asked.is === 'question') {
      hiddenTimes -= 1;
      return asked.answer(hiddenTimes >= 0 ? [] : taken);
    }
    const { key, to, fields } = asked;
    const message = { ref: side.refOf(taken.length + 1), key, to, at: new Date(), fields };
    taken.push(message);
    return side.accepted(message);
  }

  async function onRequest(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await requestOf(incoming);
    requests.push(request);
    const asked = side.read(request);
    if (asked.is === 'mistake') return reply(response, asked.answer);
    if (asked.is === 'handOver') keysSeen.push(asked.key);
    const fault = asked.is === 'question' ? questions.next({ key: '' }) : handOvers.next({ key: asked.key });
    if (fault?.do === 'answer') return reply(response, fault.answer);
    if (fault?.do === 'drop') return void response.destroy();
    const answer = answerOf(asked);
    if (fault?.do === 'takeThenAnswer') return reply(response, fault.answer);
    if (fault?.do === 'takeThenDrop') return void response.destroy();
    if (fault?.do === 'takeThenHalf') return replyHalf(response, answer);
    if (fault?.do === 'takeThenDelay') await pause(fault.ms, undefined, { signal: stopped.signal });
    return reply(response, answer);
  }

  const server = createServer((incoming, response) => {
    onRequest(incoming, response).catch(() => response.destroy());
  });
  server.on('connection', () => {
    connections += 1;
  });
  const port = await listenOnLoopback(server, 0);
  let up = true;
  return {
    url: `http://${LOOPBACK}:${port}`,
    taken: () => taken,
    requests: () => requests,
    keysSeen: () => keysSeen,
    connections: () => connections,
    script: (...entries) => handOvers.add(entries),
    scriptQuestions: (...entries) => questions.add(entries),
    hideFromQuestions: (times) => {
      hiddenTimes = times;
    },
    stop: async () => {
      if (!up) return;
      up = false;
      stopped.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function requestOf(incoming: IncomingMessage): Promise<VendorRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  return {
    method: incoming.method ?? '',
    url: new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'vendor'}`),
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function reply(response: ServerResponse, { status, body, headers }: VendorAnswer): void {
  if (!response.destroyed) response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}

function replyHalf(response: ServerResponse, { status, body }: VendorAnswer): void {
  response.writeHead(status, { 'content-length': String(Buffer.byteLength(body)) });
  response.write(body.slice(0, body.length / 2), () => response.destroy());
}

/** An answer of JSON. */
export function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): VendorAnswer {
  return { status, body: JSON.stringify(body), headers };
}
