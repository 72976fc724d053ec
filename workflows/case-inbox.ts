import { setHandler } from '@temporalio/workflow';
import { needsApproval } from '../domain/agreement-refusal.ts';
import type { BalanceView, CaseState, Fact } from '../domain/case-state.ts';
import { evolve } from '../domain/evolve.ts';
import { laterOf } from '../domain/instant.ts';
import type { CaseClock } from './case-clock.ts';
import {
  assertAgreeable,
  assertAnswerable,
  assertCancellable,
  assertHoldable,
  assertReleasable,
} from './case-refusals.ts';
import type { PlaceHoldInput } from './contract.ts';
import {
  answerTaskUpdate,
  balanceChangedSignal,
  cancelAgreementUpdate,
  contactsFailedSignal,
  placeHoldUpdate,
  proposeAgreementUpdate,
  releaseHoldUpdate,
  standingChangedSignal,
} from './messages.ts';

/**
 * Registers the handlers of everything that can be told to a case. They only put facts into the queue that the case's loop
 * drains, so nothing happens in two places at once.
 * @param stateOf the case as it stands without what is in the queue; null while it is being opened.
 * @returns the queue.
 */
export function caseInbox(clock: CaseClock, stateOf: () => CaseState | null): Fact[] {
  const arrived: Fact[] = [];
  /** The case with everything that has arrived folded in: what the next one to speak has to be told. */
  const asOfNow = () => {
    const state = stateOf();
    return state && arrived.reduce(evolve, state);
  };

  setHandler(
    balanceChangedSignal,
    (balance) => {
      arrived.push(heard(balance, clock));
    },
    { description: 'The loan system has posted something: the new balance and its version' },
  );
  setHandler(
    contactsFailedSignal,
    (failed) => {
      for (const contact of failed) {
        arrived.push({ type: 'contactFailed', ...contact, at: laterOf(contact.at, clock.now()) });
      }
    },
    { description: 'Messages that a provider had taken did not arrive' },
  );
  setHandler(
    standingChangedSignal,
    (standing) => {
      arrived.push({ type: 'standingChanged', standing });
    },
    { description: 'Something was said about the debtor: holds and hardships as they are, and a version' },
  );
  setHandler(
    answerTaskUpdate,
    (answer) => {
      arrived.push({ type: 'taskAnswered', answer: { ...answer, at: clock.now() } });
    },
    {
      validator: (answer) => assertAnswerable(stateOf(), asOfNow(), answer),
      description: 'A person answers an open task: actor and reason are required',
    },
  );
  setHandler(
    proposeAgreementUpdate,
    (proposed) => {
      const state = asOfNow();
      const at = clock.now();
      arrived.push({ type: 'agreementProposed', proposed, at });
      return { status: state && needsApproval(state, proposed, at) ? 'awaitsApproval' : 'made' };
    },
    {
      validator: (proposed) => assertAgreeable(asOfNow(), proposed, clock.now()),
      description: 'A promise, plan or settlement was agreed with the debtor',
    },
  );
  setHandler(
    cancelAgreementUpdate,
    (cancellation) => {
      arrived.push({ type: 'agreementCancelled', ...cancellation, at: clock.now() });
    },
    {
      validator: (input) => assertCancellable(asOfNow(), input),
      description: 'An open agreement no longer counts: actor and reason are required',
    },
  );
  setHandler(
    placeHoldUpdate,
    (input) => {
      arrived.push({ type: 'holdChanged', event: holdPlaced(input, asOfNow(), clock) });
    },
    {
      validator: (input) => assertHoldable(asOfNow(), input, clock.now()),
      description: 'Collection stops, with a reason',
    },
  );
  setHandler(
    releaseHoldUpdate,
    ({ holdId, actor }) => {
      const { debtorRef = '' } = stateOf() ?? {};
      const data = { debtorRef, holdEventId: holdId, source: actor };
      const event = { id: `${holdId}:released`, type: 'hold.released', timestamp: clock.now(), data } as const;
      arrived.push({ type: 'holdChanged', event });
    },
    {
      validator: (input) => assertReleasable(asOfNow(), input, clock.now()),
      description: 'A hold ends',
    },
  );
  return arrived;
}

function holdPlaced(
  { holdId, reason, scope, from, until, actor }: PlaceHoldInput,
  state: CaseState | null,
  clock: CaseClock,
): Extract<Fact, { type: 'holdChanged' }>['event'] {
  const { debtorRef = '', loanRef = '' } = state ?? {};
  const data = {
    debtorRef,
    reason,
    source: actor,
    ...(scope === 'loan' && { loanRef }),
    ...(until !== undefined && { until }),
  };
  return { id: holdId, type: 'hold.placed', timestamp: from ?? clock.now(), data };
}

/**
 * A balance that the case hears of, by whatever way. It counts from now on, or from its own instant if that is still to
 * come: a back-dated payment does not make steps due that would have been taken earlier.
 */
export function heard(balance: BalanceView, clock: CaseClock): Fact {
  return { type: 'balanceChanged', balance, at: laterOf(balance.effectiveAt, clock.now()) };
}
