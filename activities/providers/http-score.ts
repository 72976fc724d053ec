import { DomainError } from '../../domain/errors.ts';
import type { LoanToScore, ModelScore, Scorer } from '../scorer.ts';
import { type Answer, exchange, jsonOf } from './http-exchange.ts';
import { ANSWER_LIMIT_CHARACTERS, BATCH_LOANS, requestBody, scoresBody } from './http-score-contract.ts';

export interface HttpScoreOptions {
  readonly url: string;
  /** Empty: none is sent. */
  readonly token: string;
  /** The longest one request may take. */
  readonly timeoutMs: number;
}

/**
 * A model over HTTP (docs/scoring.md). Scoring changes nothing on the other side, so whoever calls may try again after
 * every SCORE_MODEL_UNREACHABLE. An answer that is not by the contract is no answer: a loan is never scored by half of one.
 * @throws DomainError CONFIG_INVALID when the address is not http or https.
 */
export function createHttpScorer(options: HttpScoreOptions): Scorer {
  const url = urlOf(options.url);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (options.token !== '') headers['authorization'] = `Bearer ${options.token}`;

  async function scoreBatch(loans: readonly LoanToScore[], signal: AbortSignal): Promise<readonly ModelScore[]> {
    const bounds = { timeoutMs: options.timeoutMs, answerLimitCharacters: ANSWER_LIMIT_CHARACTERS };
    const answer = await exchange({ url, method: 'POST', headers, body: requestBody(loans), signal, ...bounds });
    const scores = scoresIn(answer);
    const byRef = new Map(scores.map((score) => [score.loanRef, score]));
    if (byRef.size !== loans.length || scores.length !== loans.length) throw failure('contractNotMet');
    return loans.map(({ loanRef }) => byRef.get(loanRef) ?? fail('contractNotMet'));
  }

  async function score(loans: readonly LoanToScore[], signal: AbortSignal): Promise<readonly ModelScore[]> {
    const scores: ModelScore[] = [];
    for (let from = 0; from < loans.length; from += BATCH_LOANS) {
      scores.push(...(await scoreBatch(loans.slice(from, from + BATCH_LOANS), signal)));
    }
    return scores;
  }

  return { score };
}

/** @throws DomainError SCORE_MODEL_UNREACHABLE */
function scoresIn(answer: Answer): readonly ModelScore[] {
  if (answer.kind !== 'answered') return fail(answer.why);
  if (answer.status !== 200) return fail(whyOf(answer.status), answer.status);
  const body = scoresBody.safeParse(jsonOf(answer));
  if (!body.success) return fail('contractNotMet');
  return body.data.scores.map(({ probability, quadrant, ...score }) => ({
    ...score,
    probabilityOfSettlement: probability,
    quadrant: quadrant ?? null,
  }));
}

function whyOf(status: number): string {
  if (status === 401 || status === 403) return 'tokenRefused';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'modelFailed' : 'contractNotMet';
}

function fail(why: string, status?: number): never {
  throw failure(why, status);
}

/** The message holds codes alone: what a model answers may hold anything. */
function failure(why: string, status?: number): DomainError {
  const details = { provider: 'model', why, ...(status === undefined ? {} : { status }) };
  return new DomainError('SCORE_MODEL_UNREACHABLE', `The model did not give scores (${why}).`, details);
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new DomainError('CONFIG_INVALID', 'The address of the model is not an http or https address.');
}
