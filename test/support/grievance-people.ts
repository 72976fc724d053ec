import type { TaskAnswer } from '../../domain/case-state.ts';
import type { GrievanceKind } from '../../domain/grievance.ts';
import type { Instant } from '../../domain/instant.ts';
import { fastForward, untilAtRest } from '../../local/fast-forward.ts';
import { GRIEVANCE_PROGRESS, type GrievanceProgress, grievanceWorkflowId } from '../../workflows/grievance-contract.ts';
import type { TestSandbox } from './sandbox.ts';

/** A complaint or dispute on the server, and the clock of its own. */
export function grievanceOf({ kept }: TestSandbox, kind: GrievanceKind, grievanceId: string) {
  const workflowId = grievanceWorkflowId(kind, grievanceId);
  const handle = kept.client.workflow.getHandle(workflowId);
  const settled = () =>
    untilAtRest(async () => handle.query<GrievanceProgress>(GRIEVANCE_PROGRESS).catch(() => NOT_YET), {
      of: workflowId,
      looks: 1_500,
    });
  const post = async (path: string, body: object) => {
    const response = await fetch(`${kept.api.url}/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return {
    handle,
    settled,
    raise: (payload: object) => post(`${kind}s`, { id: grievanceId, ...payload }),
    /** Moves its clock and waits until all that fell due is done. */
    moveTo: async (to: Instant): Promise<GrievanceProgress> => {
      const { clockOffsetMs, isOver } = await settled();
      if (!isOver) await fastForward(kept.client, { workflowId, clockOffsetMs, to });
      return settled();
    },
    /** Answers one of its tasks over the API. */
    answerTask: async (step: string, answer: TaskAnswer, actor = 'agent-3') => {
      const taskId = `${kind}~${grievanceId}~${step}`;
      const answered = await post(`tasks/${taskId}/answer`, { answer, actor, reason: 'Looked into it.' });
      await settled();
      return answered;
    },
    answerDebtor: async (body: object) => {
      const answered = await post(`${kind}s/${grievanceId}/answer`, body);
      await settled();
      return answered;
    },
  };
}

/** Its workflow is started by the relay, a moment after it was raised. */
const NOT_YET: GrievanceProgress = { state: null, action: null, clockOffsetMs: 0, isOver: false, isWaiting: false };
