import type { CaseState, TaskAnswer } from '../case-state.ts';
import { LAW_CHANNELS } from '../contact-ledger.ts';
import type { ChannelOptedOut } from '../debtor-events.ts';
import type { ResponseModel } from './model.ts';
import { MODEL_ACTOR, type ModelledAgreement, proposalOf } from './proposal.ts';
import { type LoanFacts, type Response, drawOf } from './response.ts';

/** What the lender's people and systems are told when a debtor responds, each as one request to the API. */
export type Saying =
  /** An agent calls. When the call is not permitted, nothing that follows is said. */
  | {
      readonly say: 'agentCalled';
      readonly callId: string;
      readonly result: 'rightParty' | 'noAnswer';
    }
  | { readonly say: 'taskAnswered'; readonly taskId: string; readonly answer: Extract<TaskAnswer, 'done' | 'notDone'> }
  | { readonly say: 'debtorCalled'; readonly contactId: string }
  | { readonly say: 'agreed'; readonly agreement: ModelledAgreement }
  | { readonly say: 'optedOut'; readonly event: ChannelOptedOut };

/**
 * What is said when a response comes, by how the case stands then. Nothing once the case is closed, and no call or visit
 * while an agreement is open or when the task has been answered.
 */
export function sayingsOf(
  model: ResponseModel,
  response: Response,
  state: CaseState,
  facts: LoanFacts,
): readonly Saying[] {
  if (state.closed) return [];
  const agreement = proposalOf(model, response, state, facts);
  const agreed: Saying[] = agreement ? [{ say: 'agreed', agreement }] : [];
  const id = idOf(model, response, facts);
  if (response.deed.taskId !== null) {
    const met = metBy(response, state, id);
    return met.length === 0 ? [] : [...met, ...agreed];
  }
  if (response.kind === 'call') return [{ say: 'debtorCalled', contactId: id }];
  return response.kind === 'optOut' ? [optedOut(id, response, facts)] : agreed;
}

/** Of a length that does not depend on the loan's reference: the minute, and a number drawn for loan and deed. */
function idOf(model: ResponseModel, { deed, at }: Response, facts: LoanFacts): string {
  const number = drawOf(model, deed, facts)('id', [0, 0xffffffff]);
  return `model-${at.slice(0, 16).replaceAll(/\D/g, '')}-${number.toString(16).padStart(8, '0')}`;
}

function metBy({ deed, isReached }: Response, state: CaseState, callId: string): Saying[] {
  const { taskId, kind } = deed;
  const isOpen = state.openTasks.some((task) => task.taskId === taskId);
  if (taskId === null || !isOpen || state.agreements.some(({ status }) => status === 'open')) return [];
  const answered: Saying = { say: 'taskAnswered', taskId, answer: isReached ? 'done' : 'notDone' };
  if (kind !== 'agentCall') return [answered];
  return [{ say: 'agentCalled', callId, result: isReached ? 'rightParty' : 'noAnswer' }, answered];
}

function optedOut(id: string, { at, deed }: Response, { debtorRef }: LoanFacts): Saying {
  const channel = LAW_CHANNELS[deed.channel ?? 'sms'];
  const data = { debtorRef, source: MODEL_ACTOR, channel };
  return { say: 'optedOut', event: { id, type: 'channel.optedOut', timestamp: at, data } };
}
