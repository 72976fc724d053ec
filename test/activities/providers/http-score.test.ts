import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttpScorer } from '../../../activities/providers/http-score.ts';
import type { LoanToScore } from '../../../activities/scorer.ts';
import { factsWith } from '../../support/scoring.ts';

type Reply = (request: IncomingMessage, body: string, response: ServerResponse) => void;

interface Asked {
  readonly loans: readonly { readonly loanRef: string; readonly facts: Record<string, unknown> }[];
}

let server: Server;
let reply: Reply;
let url: string;
beforeEach(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => reply(request, Buffer.concat(chunks).toString(), response));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1/scores`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const loans = (count: number): LoanToScore[] =>
  Array.from({ length: count }, (_, index) => ({
    loanRef: `L${index}`,
    facts: factsWith({ age: 44, region: 'Tainan' }),
  }));
const scorer = (timeoutMs = 2_000) => createHttpScorer({ url, token: 'secret', timeoutMs });
const score = (count = 1, signal = new AbortController().signal, timeoutMs = 2_000) =>
  scorer(timeoutMs).score(loans(count), signal);

function answering(scores: (asked: Asked) => unknown, status = 200): Reply {
  return (_, body, response) => {
    response.statusCode = status;
    response.end(JSON.stringify(scores(JSON.parse(body) as Asked)));
  };
}

const good = (loanRef: string) => ({
  loanRef,
  probability: 0.5,
  band: 'B',
  reasons: [{ code: 'R01', en: 'One', zh: '一' }],
});

test('asks in batches, says who it is, and gives scores in the order of the loans', async () => {
  const sizes: number[] = [];
  const tokens: (string | undefined)[] = [];
  reply = (request, body, response) => {
    tokens.push(request.headers.authorization);
    answering(({ loans: asked }) => {
      sizes.push(asked.length);
      return { scores: asked.map(({ loanRef }) => good(loanRef)).toReversed() };
    })(request, body, response);
  };
  const scores = await score(250);
  expect(sizes).toEqual([100, 100, 50]);
  expect(new Set(tokens)).toEqual(new Set(['Bearer secret']));
  expect(scores.map(({ loanRef }) => loanRef)).toEqual(loans(250).map(({ loanRef }) => loanRef));
  expect(scores[0]).toEqual({
    loanRef: 'L0',
    probabilityOfSettlement: 0.5,
    band: 'B',
    reasons: [{ code: 'R01', en: 'One', zh: '一' }],
    quadrant: null,
  });
});

test('sends facts of the loan and none of the person', async () => {
  let sent: Asked | undefined;
  reply = answering((asked) => {
    sent = asked;
    return { scores: asked.loans.map(({ loanRef }) => good(loanRef)) };
  });
  await score();
  expect(Object.keys(sent?.loans[0]?.facts ?? {}).toSorted()).toEqual([
    'billsMinor',
    'creditLimitMinor',
    'currency',
    'dueOn',
    'earlierLoans',
    'overdueMinor',
    'paymentsMinor',
    'principalMinor',
    'product',
    'statuses',
  ]);
});

describe('an answer that is not by the contract is no answer', () => {
  test.each<[string, unknown]>([
    ['a probability beyond 1', { scores: [{ ...good('L0'), probability: 1.01 }] }],
    ['a probability in words', { scores: [{ ...good('L0'), probability: '0.5' }] }],
    ['no probability', { scores: [{ loanRef: 'L0', band: 'B', reasons: [] }] }],
    ['a key that the contract lacks', { scores: [{ ...good('L0'), decision: 'sue' }] }],
    ['another loan', { scores: [good('L9')] }],
    ['a loan too many', { scores: [good('L0'), good('L1')] }],
    ['the same loan twice', { scores: [good('L0'), good('L0')] }],
    ['no loan', { scores: [] }],
    ['not an object', 7],
  ])('%s', async (_, answer) => {
    reply = answering(() => answer);
    await expect(score()).rejects.toMatchObject({
      code: 'SCORE_MODEL_UNREACHABLE',
      details: { provider: 'model', why: 'contractNotMet' },
    });
  });

  test('nor is one without an end', async () => {
    reply = (_, __, response) => response.end(`{"scores":[${' '.repeat(600_000)}]}`);
    await expect(score()).rejects.toMatchObject({ details: { why: 'contractNotMet' } });
  });
});

describe('failures are told by codes', () => {
  test.each([
    [401, 'tokenRefused'],
    [403, 'tokenRefused'],
    [404, 'contractNotMet'],
    [302, 'contractNotMet'],
    [429, 'throttled'],
    [500, 'modelFailed'],
    [503, 'modelFailed'],
  ])('%d is %s', async (status, why) => {
    reply = answering(() => ({ secret: 'of a person' }), status);
    const failure = await score().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SCORE_MODEL_UNREACHABLE', details: { why, status } });
    expect(String(failure)).not.toContain('person');
  });

  test('silence ends after the time allowed', async () => {
    reply = () => undefined;
    await expect(score(1, new AbortController().signal, 100)).rejects.toMatchObject({ details: { why: 'timeout' } });
  });

  test('whoever asked may give up', async () => {
    reply = () => undefined;
    await expect(score(1, AbortSignal.timeout(50))).rejects.toMatchObject({ details: { why: 'cancelled' } });
  });

  test('nobody listens', async () => {
    server.close();
    await expect(score()).rejects.toMatchObject({ code: 'SCORE_MODEL_UNREACHABLE' });
  });

  test('an address that is none', () => {
    const create = () => createHttpScorer({ url: 'ftp://model', token: '', timeoutMs: 1 });
    expect(create).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
