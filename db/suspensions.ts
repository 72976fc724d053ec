import { and, eq, gt, lte, or } from 'drizzle-orm';
import { DomainError } from '../domain/errors.ts';
import type { Subject } from '../domain/grievance.ts';
import type { Instant } from '../domain/instant.ts';
import type { Transaction } from './client.ts';
import { suspension } from './schema.ts';

/** Who is about to call. */
interface Caller {
  /** Opaque id of the agent. */
  readonly actor: string;
  /** The agency that the agent calls for; left out when it is the lender. */
  readonly agencyRef?: string | undefined;
}

/** @throws AGENT_SUSPENDED when the agent or their agency may not call at an instant */
export async function assertNotSuspended(tx: Transaction, { actor, agencyRef }: Caller, now: Instant): Promise<void> {
  const agent: Subject = { kind: 'agent', ref: actor };
  const subjects: Subject[] = agencyRef === undefined ? [agent] : [agent, { kind: 'agency', ref: agencyRef }];
  const isOneOfThem = subjects.map(({ kind, ref }) =>
    and(eq(suspension.subjectKind, kind), eq(suspension.subjectRef, ref)),
  );
  const [found] = await tx
    .select({ ref: suspension.subjectRef, until: suspension.until })
    .from(suspension)
    .where(and(or(...isOneOfThem), lte(suspension.from, now), gt(suspension.until, now)))
    .limit(1);
  if (found) throw new DomainError('AGENT_SUSPENDED', `${found.ref} may not call before ${found.until}.`);
}
