import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import Long from 'long';
import { type Instant, epochMsOf } from '../domain/instant.ts';
import { CASE_PROGRESS, type CaseProgress, caseWorkflowId } from '../workflows/contract.ts';

/** Skips a case may make within one fast-forward; a guard against a case that spins. */
const SKIP_LIMIT = 1_000;
/** Each poll lasts up to the server's long-poll limit of about 20 s. */
const POLL_LIMIT = 15;
const { FastForwardPollingResult, WorkflowExecutionStatus } = proto.temporal.api.enums.v1;

export interface FastForward {
  /** Of a case, or of a complaint or dispute: each has a clock of its own. */
  readonly workflowId: string;
  /** Milliseconds from the workflow's clock to the virtual one: `clockOffsetMs` of its progress. */
  readonly clockOffsetMs: number;
  readonly to: Instant;
}

/**
 * Moves the clock of one workflow forward to an instant of its own time, on the real server: everything due until
 * then happens on the way. Needs a server ≥ 1.32 with `frontend.WorkflowTimeSkippingEnabled`.
 * @returns false when the workflow ended before it got there.
 */
export async function fastForward(client: Client, target: FastForward): Promise<boolean> {
  const { workflowService, options } = client;
  const { namespace } = options;
  const workflowExecution = { workflowId: target.workflowId };
  const described = await workflowService.describeWorkflowExecution({ namespace, execution: workflowExecution });
  if (described.workflowExecutionInfo?.status !== WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING)
    return false;
  const clock = described.workflowExtendedInfo?.timeSkippingInfo?.currentTime;
  const nowMs = clock ? Number(clock.seconds) * 1_000 + (clock.nanos ?? 0) / 1e6 : Date.now();
  const durationMs = Math.ceil(epochMsOf(target.to) - target.clockOffsetMs - nowMs);
  if (durationMs <= 0) return true;
  const fastForwardId = `${target.to}+${durationMs}`;
  const duration = { seconds: Long.fromNumber(Math.floor(durationMs / 1_000)), nanos: (durationMs % 1_000) * 1e6 };
  try {
    await workflowService.updateWorkflowExecutionOptions({
      namespace,
      workflowExecution,
      updateMask: { paths: ['time_skipping_config'] },
      workflowExecutionOptions: {
        timeSkippingConfig: {
          enabled: true,
          maxSessionSkipCount: SKIP_LIMIT,
          fastForwardConfig: { id: fastForwardId, duration },
        },
      },
    });
  } catch (error) {
    if (isEnded(error)) return false;
    throw error;
  }
  for (let poll = 0; poll < POLL_LIMIT; poll += 1) {
    const request = { namespace, workflowExecution, fastForwardId };
    const { fastForwardPollingResult: result, failedReason } =
      await workflowService.pollWorkflowExecutionTimeSkipping(request);
    if (result === FastForwardPollingResult.FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_COMPLETED) return true;
    if (result === FastForwardPollingResult.FAST_FORWARD_POLLING_RESULT_POLL_TIMEOUT) continue;
    if (failedReason?.includes('execution ended')) return false;
    throw new Error(
      `The clock of ${target.workflowId} did not reach ${target.to}: ${failedReason ?? 'no reason given'}.`,
    );
  }
  throw new Error(`The clock of ${target.workflowId} did not reach ${target.to} in time.`);
}

function isEnded(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 5 || /already completed/.test(error.message));
}

/** Where a case stands. @throws when no worker answers within the client's deadline. */
export function caseProgressOf(client: Client, loanRef: string): Promise<CaseProgress> {
  return client.workflow.getHandle(caseWorkflowId(loanRef)).query<CaseProgress>(CASE_PROGRESS);
}

const REST_PAUSE_MS = 20;

/**
 * The progress of a case once it has nothing under way, or is over.
 * @param looks how often it is asked, 20 ms apart, before it counts as one that never rests.
 */
export function caseAtRest(client: Client, loanRef: string, looks: number): Promise<CaseProgress> {
  return untilAtRest(() => caseProgressOf(client, loanRef), { of: `The case of loan ${loanRef}`, looks });
}

/** The progress of a workflow once it has nothing under way, or is over; asked `looks` times, 20 ms apart. */
export async function untilAtRest<Progress extends Pick<CaseProgress, 'isOver' | 'isWaiting'>>(
  ask: () => Promise<Progress>,
  { of, looks }: { readonly of: string; readonly looks: number },
): Promise<Progress> {
  for (let look = 0; look < looks; look += 1) {
    const progress = await ask();
    if (progress.isOver || progress.isWaiting) return progress;
    await delay(REST_PAUSE_MS);
  }
  throw new RangeError(`${of} does not come to rest.`);
}
