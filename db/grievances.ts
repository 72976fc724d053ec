import { and, desc, eq } from 'drizzle-orm';
import type { HoldPlaced } from '../domain/debtor-events.ts';
import { DomainError } from '../domain/errors.ts';
import {
  type GrievanceKind,
  type GrievanceReason,
  type GrievanceWay,
  type Subject,
  holdIdOf,
} from '../domain/grievance.ts';
import type { Instant } from '../domain/instant.ts';
import type { ServiceLevelsByKind } from '../domain/service-levels.ts';
import { addToRecord } from './case-record.ts';
import type { Database, Transaction } from './client.ts';
import { addDebtorEvents, lockDebtors } from './debtor-events.ts';
import { fingerprintOf } from './fingerprint.ts';
import { leaveWord } from './outbox.ts';
import { collectionCase, grievance, loan } from './schema.ts';

/** A complaint or dispute as it comes in. */
export interface RaisedGrievance {
  /** The caller's own: the same again is the same grievance. */
  readonly grievanceId: string;
  readonly kind: GrievanceKind;
  readonly loanRef: string;
  readonly way: GrievanceWay;
  readonly reason: GrievanceReason;
  readonly about: Subject | null;
  /** Opaque id of who takes it in. */
  readonly actor: string;
  /** Personal: the debtor's own words. */
  readonly statement: string | null;
  /** When the debtor raised it, if that was not just now. */
  readonly at: Instant | null;
}

export type GrievanceAcceptance = 'accepted' | 'duplicate';

/**
 * Takes in a complaint or dispute. When the promise resolves collection has stopped: no contact that is decided from then
 * on overlooks it. Its workflow is started after that by the relay, so it needs neither the engine nor a running case.
 * @throws CASE_UNKNOWN when the loan is not known; GRIEVANCE_CONFLICT
 */
export function raiseGrievance(
  db: Database,
  levels: ServiceLevelsByKind,
  raised: RaisedGrievance,
  receivedAt: Instant,
): Promise<GrievanceAcceptance> {
  return db.transaction((tx) => addGrievance(tx, levels, raised, receivedAt));
}

/** The same within a transaction that does more. @throws CASE_UNKNOWN, GRIEVANCE_CONFLICT */
export async function addGrievance(
  tx: Transaction,
  levels: ServiceLevelsByKind,
  raised: RaisedGrievance,
  receivedAt: Instant,
): Promise<GrievanceAcceptance> {
  const { at, about, ...said } = raised;
  const { grievanceId, kind, loanRef, way, reason, actor } = said;
  const [owed] = await tx.select({ debtorRef: loan.debtorRef }).from(loan).where(eq(loan.loanRef, loanRef));
  if (!owed) throw new DomainError('CASE_UNKNOWN', `Loan ${loanRef} is not known.`);
  const { debtorRef } = owed;
  await lockDebtors(tx, [debtorRef]);
  const fingerprint = fingerprintOf(raised);
  const raisedAt = at ?? receivedAt;
  const episode = await episodeOf(tx, loanRef);
  const [added] = await tx
    .insert(grievance)
    .values({
      ...said,
      debtorRef,
      episode,
      aboutKind: about?.kind ?? null,
      aboutRef: about?.ref ?? null,
      fingerprint,
      raisedAt,
      receivedAt,
      levels: levels[kind],
    })
    .onConflictDoNothing()
    .returning({ grievanceId: grievance.grievanceId });
  if (!added) return refuseAnother(tx, grievanceId, fingerprint);
  await addDebtorEvents(tx, [holdFor(raised, debtorRef, raisedAt)], receivedAt);
  if (episode !== null) {
    const facts = {
      grievanceId,
      kind,
      way,
      reason,
      aboutKind: about?.kind ?? null,
      aboutRef: about?.ref ?? null,
      actor,
    };
    await addToRecord(tx, { loanRef, episode }, [{ kind: 'grievanceRaised', facts: { ...facts, at: raisedAt } }]);
  }
  await leaveWord(tx, [loanRef], receivedAt, 'grievance');
  return 'accepted';
}

/** The case that a grievance is about: the open one, or else the last. */
async function episodeOf(tx: Transaction, loanRef: string): Promise<number | null> {
  const [last] = await tx
    .select({ episode: collectionCase.episode })
    .from(collectionCase)
    .where(eq(collectionCase.loanRef, loanRef))
    .orderBy(desc(collectionCase.episode))
    .limit(1);
  return last?.episode ?? null;
}

/** @throws GRIEVANCE_CONFLICT */
async function refuseAnother(tx: Transaction, grievanceId: string, fingerprint: string): Promise<'duplicate'> {
  const [same] = await tx
    .select({ grievanceId: grievance.grievanceId })
    .from(grievance)
    .where(and(eq(grievance.grievanceId, grievanceId), eq(grievance.fingerprint, fingerprint)));
  if (same) return 'duplicate';
  throw new DomainError('GRIEVANCE_CONFLICT', `${grievanceId} was raised before with another content.`);
}

/** How we behaved concerns all loans of the debtor; what is owed concerns the one. */
function holdFor({ kind, grievanceId, loanRef, actor }: RaisedGrievance, debtorRef: string, at: Instant): HoldPlaced {
  return {
    id: holdIdOf(kind, grievanceId),
    type: 'hold.placed',
    timestamp: at,
    data: { debtorRef, reason: kind, source: actor, ...(kind === 'dispute' && { loanRef }) },
  };
}
