import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { WaitingGrievance } from '../db/queries/cases-to-tell.ts';
import { CASE_TASK_QUEUE } from '../workflows/contract.ts';
import { GRIEVANCE, type GrievanceInput, grievanceWorkflowId } from '../workflows/grievance-contract.ts';
import type { SandboxRelay } from './relay.ts';

/**
 * Starts the workflow of a complaint or dispute that was raised. Its id makes it one, however often it is started. In a
 * sandbox it takes the instant of its raising for now.
 */
export async function startGrievance(
  client: Client,
  { kind, grievanceId, loanRef, raisedAt }: WaitingGrievance,
  sandbox: Pick<SandboxRelay, 'historyLimit'> | undefined,
): Promise<void> {
  const limit = sandbox?.historyLimit === undefined ? {} : { sandboxHistoryLimit: sandbox.historyLimit };
  const input: GrievanceInput = { kind, grievanceId, ...(sandbox && { sandboxStartsAt: raisedAt, ...limit }) };
  try {
    await client.workflow.start(GRIEVANCE, {
      workflowId: grievanceWorkflowId(kind, grievanceId),
      taskQueue: CASE_TASK_QUEUE,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [input],
      staticSummary: `${kind === 'complaint' ? 'Complaint' : 'Dispute'} about loan ${loanRef}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
