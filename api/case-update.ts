import { createHash } from 'node:crypto';
import { ApplicationFailure, type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { DomainError, ERRORS, type ErrorCode } from '../domain/errors.ts';
import { caseWorkflowId } from '../workflows/contract.ts';

/** The engine answers at once when it is well; a client does not wait for longer. */
const ANSWERS_WITHIN_MS = 10_000;

/**
 * Tells the case of a loan something by an Update and waits for its answer. The Update's id is made of its content, so a
 * request that is repeated is the same Update.
 * @throws CASE_CLOSED when no case is running; what the case refuses it with, by its code
 */
export async function updateCase<Answer, Input extends object>(
  client: Client,
  loanRef: string,
  { name, input }: { readonly name: string; readonly input: Input },
): Promise<Answer> {
  const updateId = createHash('sha256')
    .update(JSON.stringify([name, input]))
    .digest('hex');
  const handle = client.workflow.getHandle(caseWorkflowId(loanRef));
  try {
    return await client.withDeadline(Date.now() + ANSWERS_WITHIN_MS, () =>
      handle.executeUpdate<Answer, [Input]>(name, { args: [input], updateId }),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) {
      throw new DomainError('CASE_CLOSED', `Loan ${loanRef} has no case that is running.`);
    }
    throw refusalIn(error) ?? error;
  }
}

/** What the case refused the Update with. Its messages are ours and hold nothing personal. */
function refusalIn(error: unknown): DomainError | null {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : null;
  if (!(cause instanceof ApplicationFailure) || typeof cause.type !== 'string') return null;
  if (!Object.hasOwn(ERRORS, cause.type)) return null;
  return new DomainError(cause.type as ErrorCode, cause.message);
}
