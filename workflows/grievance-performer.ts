import { proxyActivities } from '@temporalio/workflow';
import type { GrievanceFact, GrievanceState } from '../domain/grievance.ts';
import type { GrievanceAction } from '../domain/next-grievance-action.ts';
import { ACTIVITY_TIMEOUT_MS } from './contract.ts';
import type { GrievanceActivities } from './grievance-contract.ts';
import { grievanceSentenceOf } from './grievance-display.ts';

/** Performs an action by one activity, and tells what came of it. */
export async function performGrievance(
  state: GrievanceState,
  action: Exclude<GrievanceAction, { kind: 'wait' }>,
): Promise<readonly GrievanceFact[]> {
  const { grievanceId, kind, loanRef, episode } = state;
  const key = { grievanceId, kind, loanRef, episode };
  const performed = grievanceActivities(grievanceSentenceOf(action));
  switch (action.kind) {
    case 'openTask':
      await performed.openGrievanceTask({ key, task: action.task });
      return [{ type: 'taskOpened', task: action.task }];
    case 'record': {
      const { deeds, suspension } = action;
      await performed.recordDeeds({ key, deeds, suspension, tasks: state.tasks });
      return [{ type: 'deedsRecorded', count: deeds.length }];
    }
    case 'close':
      await performed.closeGrievance({ key, at: action.at });
      return [{ type: 'closed', at: action.at }];
    default:
      return action satisfies never;
  }
}

/**
 * The activities of one action. They only need the database and are keyed by the grievance and its tasks, so a repetition
 * is harmless; tries come at most ten minutes apart and do not give up by themselves.
 */
export function grievanceActivities(summary: string): GrievanceActivities {
  return proxyActivities<GrievanceActivities>({
    startToCloseTimeout: ACTIVITY_TIMEOUT_MS,
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 minutes' },
    summary,
  });
}
