import type { Action, ContactIntent } from './action.ts';
import { type Agreement, isBroken, nextInstalment } from './agreement.ts';
import type { AgreementNotice } from './agreement-policy.ts';
import { APPROVAL_STEP_PREFIX, type CaseState, channelToTry } from './case-state.ts';
import { intentOf } from './due-step.ts';
import { DAY_MS, type Instant, laterOf, plusMs } from './instant.ts';
import { openTask } from './person-task.ts';
import type { PlannedStep, Slot } from './timetable.ts';

/** The stage that messages about agreements belong to. */
export const AGREEMENT_STAGE = 'agreement';
/** A word about a broken agreement is worth saying for so long; then the ladder goes on without it. */
const BROKEN_VALID_MS = 3 * DAY_MS;
/** An agreement that has ended is looked at again for so long, since money can be taken back or come with an old date. */
const CHECKED_AGAIN_MS = 90 * DAY_MS;

/**
 * Looks at the money when some may have come in under the last agreement, or when an instalment is to be decided. Before
 * every ending, so that a case never closes on an agreement that was kept and is not known to be.
 */
export function checkAction({ agreements, balance }: CaseState, now: Instant): Action | null {
  const agreement = agreements.at(-1);
  if (!agreement || agreement.status === 'cancelled' || agreement.status === 'replaced') return null;
  const isNews = balance.version > agreement.checkedVersion;
  if (agreement.status === 'open') {
    const instalment = nextInstalment(agreement);
    const isDecided = instalment !== null && instalment.decidedAt <= now;
    return isNews || isDecided ? { kind: 'checkAgreement', agreement } : null;
  }
  const isLate = agreement.endedAt !== null && now >= plusMs(agreement.endedAt, CHECKED_AGAIN_MS);
  return isNews && !isLate ? { kind: 'checkAgreement', agreement } : null;
}

/** A settlement that was kept ends the case: the rest is forgiven. */
export function settledAction({ agreements }: CaseState): Action | null {
  const last = agreements.at(-1);
  if (last?.kind !== 'settlement' || last.status !== 'kept' || last.endedAt === null) return null;
  return { kind: 'close', outcome: 'settled', at: last.endedAt };
}

/** Asks somebody to approve a proposal, and waits for them as long as it stands. */
export function approvalAction(state: CaseState, now: Instant): Action | null {
  const { proposal, openTasks, done } = state;
  if (!proposal || proposal.expiresAt <= now) return null;
  const step = `${APPROVAL_STEP_PREFIX}${proposal.agreementId}`;
  const task = openTasks.find((each) => each.step === step);
  if (task) return { kind: 'wait', until: proposal.expiresAt, why: { for: 'person', task } };
  if (done[step]) return null;
  return openTask(state, { step, kind: 'approval', openedAt: now, goesOnAt: proposal.expiresAt });
}

/** What the last agreement asks for: a reminder, patience, or a word about money that did not come. */
export function agreementAction(state: CaseState, now: Instant): Action | null {
  const last = state.agreements.at(-1);
  if (!last) return null;
  if (last.status === 'open') return openAction(state, last, now);
  if (!isBroken(last) || last.knownAt === null) return null;
  const { broken } = state.agreementPolicy[last.kind];
  const slot = { at: last.knownAt, until: plusMs(last.knownAt, BROKEN_VALID_MS) };
  const step = noticeStep(`agreement:${last.agreementId}:broken`, broken);
  return step && noticeAction(state, last, { step, slot }, now);
}

function openAction(state: CaseState, agreement: Agreement, now: Instant): Action {
  const { agreementId, madeAt } = agreement;
  const instalment = nextInstalment(agreement);
  const why = { for: 'agreement', agreementId } as const;
  if (instalment === null) return { kind: 'wait', until: null, why };
  const { remindAt, decidedAt } = instalment;
  const step = noticeStep(
    `agreement:${agreementId}:remind:${agreement.instalmentsPaid + 1}`,
    state.agreementPolicy[agreement.kind].reminder,
  );
  // Who promises today what is due tomorrow needs no reminder.
  if (remindAt === null || remindAt <= madeAt || step === null) return { kind: 'wait', until: decidedAt, why };
  const notice = noticeAction(state, agreement, { step, slot: { at: remindAt, until: decidedAt } }, now);
  if (notice === null) return { kind: 'wait', until: decidedAt, why };
  return notice.kind === 'wait' && (notice.until === null || notice.until > decidedAt)
    ? { kind: 'wait', until: decidedAt, why }
    : notice;
}

/** Makes a contact about an agreement when it is due, or waits for it; null when it is behind the case. */
function noticeAction(
  state: CaseState,
  agreement: Agreement,
  { step, slot }: { readonly step: PlannedStep; readonly slot: Slot },
  now: Instant,
): Action | null {
  if (channelToTry(state, step) === null) return null;
  const dueAt = laterOf(slot.at, state.deferred[step.id]?.until ?? '');
  if (dueAt > now) {
    return { kind: 'wait', until: dueAt, why: { for: 'agreement', agreementId: agreement.agreementId } };
  }
  const intent = intentOf(state, { step, slot, isMissed: false, dueAt }, now);
  const instalment = nextInstalment(agreement);
  const agreed = instalment && { amountMinor: instalment.amountMinor, dueOn: instalment.dueOn };
  const contact: ContactIntent = agreed ? { ...intent, agreed } : intent;
  return { kind: 'contact', contacts: [contact] };
}

function noticeStep(id: string, notice: AgreementNotice | null): PlannedStep | null {
  return notice && { id, stage: AGREEMENT_STAGE, catchUp: false, perform: { do: 'contact', ...notice }, slots: {} };
}
