import { createHash } from 'node:crypto';
import { ApplicationFailure, type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { DomainError, ERRORS, type ErrorCode } from '../domain/errors.ts';
import { caseWorkflowId } from '../workflows/contract.ts';

/** The engine answers at once when it is well; a client does not wait for longer. */
const ANSWERS_WITHIN_MS = 10_000;

/** Something that is wanted of a workflow, by the name of the Update. */
interface Wanted<Input extends object> {
  readonly name: string;
  readonly input: Input;
}

/**
 * Tells the case of a loan something by an Update and waits for its answer.
 * @throws CASE_CLOSED when no case is running; what the case refuses it with, by its code
 */
export function updateCase<Answer, Input extends object>(
  client: Client,
  loanRef: string,
  wanted: Wanted<Input>,
): Promise<Answer> {
  const ifGone = () => new DomainError('CASE_CLOSED', `Loan ${loanRef} has no case that is running.`);
  return updateWorkflow<Answer, Input>(client, { workflowId: caseWorkflowId(loanRef), ifGone }, wanted);
}

/**
 * Tells a workflow something by an Update and waits for its answer. The Update's id is made of its content, so a request
 * that is repeated is the same Update.
 * @throws `ifGone` when the workflow is not running; what it refuses the Update with, by its code
 */
export async function updateWorkflow<Answer, Input extends object>(
  client: Client,
  { workflowId, ifGone }: { readonly workflowId: string; readonly ifGone: () => DomainError },
  { name, input }: Wanted<Input>,
): Promise<Answer> {
  const updateId = createHash('sha256')
    .update(JSON.stringify([name, input]))
    .digest('hex');
  const handle = client.workflow.getHandle(workflowId);
  try {
    return await client.withDeadline(Date.now() + ANSWERS_WITHIN_MS, () =>
      handle.executeUpdate<Answer, [Input]>(name, { args: [input], updateId }),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw ifGone();
    throw refusalIn(error) ?? error;
  }
}

/** What the workflow refused the Update with. Its messages are ours and hold nothing personal. */
function refusalIn(error: unknown): DomainError | null {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : null;
  if (!(cause instanceof ApplicationFailure) || typeof cause.type !== 'string') return null;
  if (!Object.hasOwn(ERRORS, cause.type)) return null;
  return new DomainError(cause.type as ErrorCode, cause.message);
}
