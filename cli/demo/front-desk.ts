import { AsyncLocalStorage } from 'node:async_hooks';
import type { ApiServer } from '../../api/server.ts';
import { type Instant, instantOf } from '../../domain/instant.ts';
import { MODEL_ACTOR } from '../../domain/responses/proposal.ts';
import type { Saying } from '../../domain/responses/sayings.ts';
import type { World } from './drive.ts';

// Each case of a sandbox lives in a time of its own, so a request comes with the instant at which it is made.
const hour = new AsyncLocalStorage<Instant>();

/** What time it is for the API of a sandbox: that of the case which a request is about, else the system's. */
export function hourOfRequest(): Instant {
  return hour.getStore() ?? instantOf(Date.now());
}

interface Request {
  readonly url: string;
  readonly payload: object;
}

/** Where the lender's people put down what debtors say and do: over the API, at the hour of the case that it is about. */
export function frontDesk({ app }: Pick<ApiServer, 'app'>): NonNullable<World['responses']>['take'] {
  const post = async ({ url, payload }: Request, at: Instant): Promise<unknown> => {
    const response = await hour.run(at, () => app.inject({ method: 'POST', url, payload }));
    if (response.statusCode >= 300)
      throw new Error(`POST ${url} was answered ${response.statusCode}: ${response.body}`);
    return response.json();
  };
  return async (saying, { loanRef, at }) => {
    if (saying.say !== 'agentCalled') {
      await post(requestOf(saying, loanRef, at), at);
      return true;
    }
    const { callId, result } = saying;
    const call = { callId, loanRef, actor: MODEL_ACTOR, to: 'debtor' };
    const { verdict } = (await post({ url: '/v1/calls', payload: call }, at)) as { readonly verdict: string };
    if (verdict !== 'allow') return false;
    await post({ url: `/v1/calls/${callId}/result`, payload: { result, actor: MODEL_ACTOR } }, at);
    return true;
  };
}

function requestOf(saying: Exclude<Saying, { say: 'agentCalled' }>, loanRef: string, at: Instant): Request {
  switch (saying.say) {
    case 'taskAnswered': {
      const { taskId, answer } = saying;
      const payload = { answer, actor: MODEL_ACTOR, reason: 'As the response model says.' };
      return { url: `/v1/tasks/${encodeURIComponent(taskId)}/answer`, payload };
    }
    case 'agreed':
      return { url: `/v1/cases/${encodeURIComponent(loanRef)}/agreements`, payload: saying.agreement };
    case 'debtorCalled': {
      const { contactId } = saying;
      const payload = { contactId, loanRef, channel: 'call', at, result: 'rightParty', actor: MODEL_ACTOR };
      return { url: '/v1/contacts', payload };
    }
    case 'optedOut':
      return { url: '/v1/debtor-events', payload: saying.event };
    default:
      return saying satisfies never;
  }
}
