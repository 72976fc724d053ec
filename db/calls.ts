import { eq } from 'drizzle-orm';
import { CALL_LASTS_AT_MOST_MS, contactFactsOf } from '../domain/contact-facts.ts';
import type { DebtorStanding } from '../domain/debtor-standing.ts';
import { DomainError } from '../domain/errors.ts';
import { type Instant, plusMs } from '../domain/instant.ts';
import { type Verdict, judge } from '../domain/judge.ts';
import type { Person } from '../domain/rules/facts.ts';
import { addToRecord } from './case-record.ts';
import type { Database, Transaction } from './client.ts';
import { type LockedDebtor, lockDebtorOf, readDebtorFacts } from './contact-context.ts';
import { type ContactPolicy, LOOK_AHEAD_MS, contextOfCase } from './contact-policy.ts';
import { type CaseRow, openCaseOf } from './queries/open-case.ts';
import { contact } from './schema.ts';
import { assertNotSuspended } from './suspensions.ts';
import { verdictColumns } from './verdict-columns.ts';

/** A call that an agent is about to make. `callId` is the caller's own: the same again is the same call. */
export interface CallRequest {
  readonly callId: string;
  readonly loanRef: string;
  /** Opaque id of the agent. */
  readonly actor: string;
  /** The agency that the agent calls for; left out when it is the lender. */
  readonly agencyRef?: string | undefined;
  readonly to: Person;
  /** Who is called when it is not the debtor: the reference of `thirdParty.named`. */
  readonly thirdPartyRef: string | null;
}

/** Whether the call may be made now. */
export interface CallVerdict {
  readonly callId: string;
  readonly verdict: Verdict['verdict'];
  /** Rules that refuse it, Kept's own and those of the packs. */
  readonly rules: readonly string[];
  /** The next instant at which it would be permitted as things stand; null when it is allowed, or nobody knows. */
  readonly until: Instant | null;
  /** What to dial; null unless the call is allowed, not logged yet and reserved a quarter of an hour ago at most. */
  readonly number: string | null;
}

type ContactRow = typeof contact.$inferSelect;

/** Calls of agents have no step of a strategy; on the record of a case they stand under this name. */
const CALL_STEP = 'agentCall';

/**
 * Decides a call before it is dialled, under the debtor's lock and by the same rules as every message, and stores the
 * verdict, whatever it is, in the ledger and on the record of the case. An allowed call is reserved: until it is logged,
 * or for a quarter of an hour, nobody else may ring the debtor. Asked again, it answers as before.
 * @throws CALL_CONFLICT, CASE_UNKNOWN, THIRD_PARTY_UNKNOWN, STRATEGY_UNKNOWN; AGENT_SUSPENDED, and nothing is stored
 */
export function reserveCall(
  db: Database,
  policy: ContactPolicy,
  request: CallRequest,
  now: Instant,
): Promise<CallVerdict> {
  return db.transaction(async (tx) => {
    const known = await findCall(tx, request);
    if (known) return answerOf(request.callId, known, now);
    if (!(await openCaseOf(tx, request.loanRef))) throw noCase(request);
    await assertNotSuspended(tx, request, now);
    const debtorAndLoan = await lockDebtorOf(tx, request.loanRef);
    // Both may have changed while the lock was waited for.
    const before = await findCall(tx, request);
    if (before) return answerOf(request.callId, before, now);
    const running = await openCaseOf(tx, request.loanRef);
    if (!running) throw noCase(request);
    return answerOf(request.callId, await decide(tx, policy, { ...debtorAndLoan, running, request }, now), now);
  });
}

async function decide(
  tx: Transaction,
  policy: ContactPolicy,
  about: LockedDebtor & { readonly running: CaseRow; readonly request: CallRequest },
  now: Instant,
): Promise<ContactRow> {
  const { person, loan, running, request } = about;
  const read = await readDebtorFacts(tx, person.debtorRef, now);
  const context = await contextOfCase(tx, policy, { ...about, ...read }, now);
  const { number, hasRefused } = calleeOf(request, person, context.standing);
  // A person decided to ring it: a phone that was engaged twice is not dead to them.
  const proposed = { channel: 'call', address: number, isLastResort: true, to: request.to } as const;
  const facts = contactFactsOf(context, { ...proposed, thirdPartyRefused: hasRefused }, now);
  const verdict = judge({ channel: 'call', validUntil: plusMs(now, LOOK_AHEAD_MS) }, facts, now);
  const { loanRef, episode } = running;
  const row = rowOf(request, { debtorRef: person.debtorRef, episode, number }, verdict, now);
  const [stored] = await tx
    .insert(contact)
    .values({ ...row, balanceVersion: loan.version })
    .onConflictDoNothing()
    .returning();
  // Somebody has reserved a call to another debtor under this id just now.
  if (!stored) throw conflict(request);
  await addToRecord(tx, { loanRef, episode }, [decisionOf(stored, verdict)]);
  return stored;
}

/** The key of a call in the ledger. */
export function callKey(callId: string): string {
  return `call:${callId}`;
}

/** What was decided under this id before. @throws CALL_CONFLICT when it was about something else */
async function findCall(tx: Transaction, request: CallRequest): Promise<ContactRow | null> {
  const { callId, loanRef, actor, to, thirdPartyRef } = request;
  const [row] = await tx
    .select()
    .from(contact)
    .where(eq(contact.key, callKey(callId)));
  if (!row) return null;
  const isSame =
    row.loanRef === loanRef && row.actor === actor && row.person === to && row.thirdPartyRef === thirdPartyRef;
  if (!isSame) throw conflict(request);
  return row;
}

function answerOf(callId: string, row: ContactRow, now: Instant): CallVerdict {
  const { status, rules, deferredUntil, address, at } = row;
  const isLive = status === 'reserved' && now < plusMs(at, CALL_LASTS_AT_MOST_MS);
  const verdict = status === 'deferred' ? 'defer' : status === 'suppressed' ? 'deny' : 'allow';
  return { callId, verdict, rules, until: deferredUntil, number: isLive ? address : null };
}

/** @throws THIRD_PARTY_UNKNOWN */
function calleeOf(
  { to, thirdPartyRef }: CallRequest,
  person: LockedDebtor['person'],
  { thirdParties }: DebtorStanding,
): { number: string | null; hasRefused: boolean } {
  if (to === 'debtor') return { number: person.phone, hasRefused: false };
  const named =
    thirdPartyRef !== null && Object.hasOwn(thirdParties, thirdPartyRef) ? thirdParties[thirdPartyRef] : null;
  if (!named) {
    throw new DomainError('THIRD_PARTY_UNKNOWN', `Nobody was named under the reference ${thirdPartyRef}.`);
  }
  return { number: named.phone, hasRefused: named.hasRefused };
}

function rowOf(
  { callId, loanRef, actor, to, thirdPartyRef }: CallRequest,
  about: { readonly debtorRef: string; readonly episode: number; readonly number: string | null },
  verdict: Verdict,
  now: Instant,
): typeof contact.$inferInsert {
  return {
    key: callKey(callId),
    person: to,
    debtorRef: about.debtorRef,
    loanRef,
    episode: about.episode,
    channel: 'call',
    address: about.number,
    thirdPartyRef,
    actor,
    at: now,
    ...verdictColumns(verdict),
    decidedAt: now,
  };
}

function decisionOf(row: ContactRow, { verdict }: Verdict) {
  const { key, at, rules, deferredUntil, balanceVersion, decidedAt, actor, person, thirdPartyRef } = row;
  return {
    kind: 'contactDecided',
    facts: {
      key,
      step: CALL_STEP,
      channel: 'call',
      template: null,
      at,
      verdict,
      rules,
      until: deferredUntil,
      balanceVersion,
      decidedAt,
      actor,
      person,
      thirdPartyRef,
    },
  } as const;
}

function noCase({ loanRef }: CallRequest): DomainError {
  return new DomainError('CASE_UNKNOWN', `Loan ${loanRef} has no open case.`);
}

function conflict({ callId }: CallRequest): DomainError {
  return new DomainError('CALL_CONFLICT', `Call ${callId} was reserved before for something else.`);
}
