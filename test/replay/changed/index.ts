import { sleep } from '@temporalio/workflow';

/** A case whose story was changed without a new version: it waits before it opens. Only the replay gate runs it. */
export async function collectionCase(): Promise<null> {
  await sleep('1 hour');
  return null;
}

/** The same for a complaint or dispute. */
export const grievance = collectionCase;
