import { type Agreement, standingOfAgreement } from './agreement.ts';
import { limitsOf } from './agreement-limits.ts';
import { type ProposedAgreement, needsApproval } from './agreement-refusal.ts';
import type { CaseState, Fact } from './case-state.ts';
import { DAY_MS, type Instant, plusMs } from './instant.ts';

/** A proposal that nobody has answered by then is gone. */
export const APPROVAL_WITHIN_MS = 7 * DAY_MS;

type OfType<Type extends Fact['type']> = Extract<Fact, { type: Type }>;

/** Makes an agreement, in place of one that is open, or keeps it until somebody else has approved it. */
export function withProposed(state: CaseState, { proposed, at }: OfType<'agreementProposed'>): CaseState {
  if (state.agreements.some(({ agreementId }) => agreementId === proposed.agreementId)) return state;
  if (needsApproval(state, proposed, at)) {
    return { ...state, proposal: { ...proposed, proposedAt: at, expiresAt: plusMs(at, APPROVAL_WITHIN_MS) } };
  }
  return withAgreement(state, proposed, at);
}

/** Whoever was asked has answered; an agreement counts from then on. */
export function withApproval(state: CaseState, isApproved: boolean, at: Instant): CaseState {
  if (!state.proposal || state.proposal.expiresAt <= at) return state;
  const { proposedAt: _at, expiresAt: _until, ...proposed } = state.proposal;
  const rest = { ...state, proposal: null };
  return isApproved && state.balance.overdueMinor > 0 ? withAgreement(rest, proposed, at) : rest;
}

function withAgreement(state: CaseState, proposed: ProposedAgreement, at: Instant): CaseState {
  const { toleranceMinor, freezesInterest } = limitsOf(state, proposed, at);
  const replaced = ended(state, (agreement) => agreement.status === 'open', { status: 'replaced' }, at);
  const made: Agreement = {
    ...proposed,
    madeAt: at,
    toleranceMinor,
    freezesInterest,
    status: 'open',
    endedAt: null,
    cancelledBy: null,
    cancelReason: null,
    knownAt: null,
    receivedMinor: 0,
    checkedVersion: state.balance.version,
    instalmentsPaid: 0,
  };
  return {
    ...replaced,
    agreements: [...replaced.agreements, made],
    unrecordedAgreements: [...replaced.unrecordedAgreements, made.agreementId],
  };
}

export function withCancelled(
  state: CaseState,
  { agreementId, actor, reason, at }: OfType<'agreementCancelled'>,
): CaseState {
  const isOpen = (each: Agreement) => each.agreementId === agreementId && each.status === 'open';
  return ended(state, isOpen, { status: 'cancelled', cancelledBy: actor, cancelReason: reason }, at);
}

function ended(
  state: CaseState,
  which: (agreement: Agreement) => boolean,
  change: Pick<Agreement, 'status'> & Partial<Pick<Agreement, 'cancelledBy' | 'cancelReason'>>,
  at: Instant,
): CaseState {
  const ids = state.agreements.filter(which).map(({ agreementId }) => agreementId);
  if (ids.length === 0) return state;
  return {
    ...state,
    agreements: state.agreements.map((each) => (which(each) ? { ...each, ...change, endedAt: at, knownAt: at } : each)),
    unrecordedAgreements: [...state.unrecordedAgreements, ...ids],
  };
}

/** What an agreement has come to by the money that came in; also one that had ended, since money can be taken back. */
export function withChecked(state: CaseState, fact: OfType<'agreementChecked'>): CaseState {
  const before = state.agreements.find(({ agreementId }) => agreementId === fact.agreementId);
  if (!before || fact.version < before.checkedVersion) return state;
  const standing = standingOfAgreement(before, fact.receipts, fact.at);
  const isSameStatus = before.status === standing.status;
  const knownAt = isSameStatus ? before.knownAt : fact.at;
  const after: Agreement = { ...before, ...standing, knownAt, checkedVersion: fact.version };
  const isSame = isSameStatus && before.receivedMinor === after.receivedMinor;
  return {
    ...state,
    agreements: state.agreements.map((each) => (each === before ? after : each)),
    unrecordedAgreements: isSame
      ? state.unrecordedAgreements
      : [...state.unrecordedAgreements.filter((id) => id !== after.agreementId), after.agreementId],
  };
}
