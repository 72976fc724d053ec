import { type Answer, type ExchangeRequest, exchange } from './http-exchange.ts';

/** A page of a list of messages fits in; the answer to a hand-over is far shorter. */
const ANSWER_LIMIT_CHARACTERS = 512 * 1024;

/**
 * One call to a provider without keys, over a connection of its own. On a kept one the other side may hang up just as
 * the request is written, and then nobody knows whether it was read; a provider that knows no keys makes a person's
 * task of every such doubt. `Host` is that of the URL; the headers may not name it.
 */
export function call(request: Omit<ExchangeRequest, 'answerLimitCharacters'>): Promise<Answer> {
  const headers = { ...request.headers, connection: 'close' };
  return exchange({ ...request, headers, answerLimitCharacters: ANSWER_LIMIT_CHARACTERS });
}
