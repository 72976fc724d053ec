import { proxyActivities } from '@temporalio/workflow';
import type { Action } from '../domain/action.ts';
import type { CaseState, Fact } from '../domain/case-state.ts';
import type { CaseClock } from './case-clock.ts';
import { sentenceOf } from './case-display.ts';
import { heard } from './case-inbox.ts';
import { ACTIVITY_TIMEOUT_MS, type CaseActivities } from './contract.ts';

/** Performs an action by one activity, and tells what came of it. */
export async function perform(
  state: CaseState,
  action: Exclude<Action, { kind: 'close' | 'wait' }>,
  clock: CaseClock,
): Promise<readonly Fact[]> {
  const { loanRef, episode, strategy, balance } = state;
  const key = { loanRef, episode };
  const performed = activities(sentenceOf(action));
  switch (action.kind) {
    case 'contact': {
      const { contacts } = action;
      const input = { ...key, strategy, contacts, balanceVersion: balance.version };
      const { facts, newerBalance } = await performed.makeContacts(input);
      return newerBalance ? [...facts, heard(newerBalance, clock)] : facts;
    }
    case 'openTask':
      await performed.openTask({ ...key, task: action.task });
      return [{ type: 'taskOpened', task: action.task }];
    case 'recordAnswers':
      await performed.recordAnswers({ ...key, answers: action.answers });
      return [{ type: 'answersRecorded', taskIds: action.answers.map(({ taskId }) => taskId) }];
    case 'recordHolds':
      await performed.recordHolds({ ...key, events: action.events });
      return [{ type: 'holdsRecorded', eventIds: action.events.map(({ id }) => id) }];
    case 'recordAgreements':
      await performed.recordAgreements({ ...key, agreements: action.agreements });
      return [{ type: 'agreementsRecorded', agreementIds: action.agreements.map(({ agreementId }) => agreementId) }];
    case 'checkAgreement': {
      const { agreementId, madeAt } = action.agreement;
      const { receipts, version } = await performed.readReceipts({ loanRef, since: madeAt });
      return [{ type: 'agreementChecked', agreementId, receipts, version, at: clock.now() }];
    }
    case 'replan': {
      const { pauses } = action;
      return [{ type: 'replanned', steps: await performed.replanCase({ ...key, pauses }), pauses }];
    }
    default:
      return action satisfies never;
  }
}

/**
 * The activities of one action. Every one is keyed by the case, step and attempt in its input, so a repetition is
 * harmless; each try ends after `ACTIVITY_TIMEOUT_MS` and tries come at most ten minutes apart. They do not give up by
 * themselves: a contact that no provider takes is settled as undelivered by its activity, and the rest only needs the
 * database.
 */
export function activities(summary: string): CaseActivities {
  return proxyActivities<CaseActivities>({
    startToCloseTimeout: ACTIVITY_TIMEOUT_MS,
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 minutes' },
    summary,
  });
}
