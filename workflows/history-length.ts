import { workflowInfo } from '@temporalio/workflow';

/** Whether a run has to go on in a new one: when the server suggests it, or sooner when a sandbox asks for it. */
export function isHistoryLong({
  sandboxHistoryLimit = Number.POSITIVE_INFINITY,
}: {
  readonly sandboxHistoryLimit?: number;
}): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > sandboxHistoryLimit;
}
