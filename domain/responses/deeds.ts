import type { CaseState } from '../case-state.ts';
import type { Instant } from '../instant.ts';
import { type Channel, channelsOf } from '../strategy.ts';
import type { DeedKind } from './model.ts';

/** Something that Kept or its people did about a loan. */
export interface Deed {
  /** Unique within the loan, and the same in every engine: `episode/step`, of a message with its channel. */
  readonly key: string;
  readonly kind: DeedKind;
  readonly at: Instant;
  /** Of a message: how it went out. */
  readonly channel: Channel | null;
  /** Of a task that a person has not answered yet. */
  readonly taskId: string | null;
}

/** What a case has done as it stands: messages that were sent, and calls and visits that people are asked for. */
export function deedsOf(state: CaseState): readonly Deed[] {
  const messages = Object.entries(state.done).flatMap(([step, { result, at }]): Deed[] => {
    const message = result === 'sent' ? messageOf(state, step) : null;
    if (!message) return [];
    const channel = channelsOf(message).find((each) => !(state.failedOn[step] ?? []).includes(each));
    if (channel === undefined) return [];
    return [{ key: `${state.episode}/${step}/${channel}`, kind: message.kind ?? channel, at, channel, taskId: null }];
  });
  const tasks = state.openTasks.flatMap(({ taskId, step, kind, openedAt }): Deed[] =>
    kind === 'agentCall' || kind === 'fieldVisit'
      ? [{ key: `${state.episode}/${step}`, kind, at: openedAt, channel: null, taskId }]
      : [],
  );
  return [...messages, ...tasks];
}

interface Message {
  readonly channel: Channel;
  readonly fallback?: readonly Channel[];
  /** Null: a step of the ladder, known by its channel. */
  readonly kind: DeedKind | null;
}

const AGREEMENT_STEP = /^agreement:(.+):(remind:\d+|broken)$/;

/** How the message of a step goes out; null when the step is not one. */
function messageOf({ steps, agreements, agreementPolicy }: CaseState, step: string): Message | null {
  const [, agreementId, what] = AGREEMENT_STEP.exec(step) ?? [];
  if (agreementId === undefined) {
    const perform = steps.find(({ id }) => id === step)?.perform;
    return perform?.do === 'contact' ? { ...perform, kind: null } : null;
  }
  const about = agreements.find((each) => each.agreementId === agreementId);
  if (!about) return null;
  const { broken, reminder } = agreementPolicy[about.kind];
  const notice = what === 'broken' ? broken : reminder;
  return notice && { ...notice, kind: what === 'broken' ? 'agreementBroken' : 'agreementReminder' };
}
