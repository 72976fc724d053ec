import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { Agreement } from '../domain/agreement.ts';
import type { CaseState } from '../domain/case-state.ts';
import { endOfHold } from '../domain/hold-terms.ts';
import { toSeconds } from '../domain/instant.ts';
import type { Action } from '../domain/next-action.ts';
import { strategyRef } from '../domain/strategy.ts';
import { CaseAttributes } from './search-attributes.ts';

/** Shows operations where a case stands: current details always, search attributes only when they change. */
export function caseDisplay(): (state: CaseState, action: Action) => void {
  let shown = '';
  return (state, action) => {
    setCurrentDetails(detailsOf(state, action));
    if (action.kind !== 'wait') return;
    const stage = action.why.for === 'step' ? action.why.stage : action.why.for;
    const needsHuman = state.openTasks.length > 0;
    const attributes = [stage, needsHuman, state.balance.overdueMinor].join();
    if (attributes === shown) return;
    shown = attributes;
    upsertSearchAttributes([
      { key: CaseAttributes.stage, value: stage },
      { key: CaseAttributes.needsHuman, value: needsHuman },
      { key: CaseAttributes.overdueMinor, value: state.balance.overdueMinor },
      { key: CaseAttributes.strategy, value: strategyRef(state.strategy) },
    ]);
  };
}

/** Markdown for the Temporal UI: no personal data, amounts or addresses. */
function detailsOf(state: CaseState, action: Action): string {
  const done = Object.entries(state.done).map(([step, { result, at }]) => `| ${step} | ${result} | ${toSeconds(at)} |`);
  return [
    `**${sentenceOf(action)}**`,
    '',
    `Strategy ${strategyRef(state.strategy)}, tier ${state.tier}, episode ${state.episode}, ` +
      `${state.contactsSent} contacts made, balance version ${state.balance.version}.`,
    ...holdsOf(state).map(
      (hold) =>
        `- On hold: ${hold.reason}${hold.to === null ? '' : ` until ${toSeconds(hold.to)}`} (\`${hold.holdId}\`)`,
    ),
    ...state.agreements.map(agreementLine),
    ...state.openTasks.map((task) => `- Needs a person: ${task.kind} (task \`${task.taskId}\`)`),
    ...(done.length > 0 ? ['', '| step | result | at |', '|---|---|---|', ...done] : []),
  ].join('\n');
}

/** Holds that have no known end, or may still stand: the details carry no clock. */
function holdsOf({ holds, loanRef }: CaseState): { reason: string; holdId: string; to: string | null }[] {
  return holds
    .filter(({ debt }) => debt === null || debt === loanRef)
    .map((hold) => ({ reason: hold.reason, holdId: hold.holdId, to: endOfHold(hold) }));
}

function agreementLine({ agreementId, kind, status, instalments, instalmentsPaid }: Agreement): string {
  const next = status === 'open' ? instalments[instalmentsPaid] : undefined;
  const due = next ? `, next part by ${next.dueOn}` : '';
  return `- ${kind} \`${agreementId}\`: ${status}, ${instalmentsPaid} of ${instalments.length} parts paid${due}`;
}

/** One sentence on what a case does now; also the summary of its timers and activities. */
export function sentenceOf(action: Action): string {
  switch (action.kind) {
    case 'wait':
      return `Waits ${action.until ? `until ${toSeconds(action.until)} ` : ''}${waitReasonOf(action)}`;
    case 'contact':
      return `Makes ${action.contacts.map((contact) => `${contact.step} by ${contact.channel}`).join(', ')}`;
    case 'openTask':
      return `Opens a task for a person: ${action.task.kind}`;
    case 'recordAnswers':
      return 'Records what a person has answered';
    case 'recordHolds':
      return 'Records a hold';
    case 'recordAgreements':
      return 'Records what was agreed';
    case 'checkAgreement':
      return `Looks at the money under the ${action.agreement.kind}`;
    case 'replan':
      return 'Plans its steps anew';
    case 'close':
      return `Closes: ${action.outcome}`;
    default:
      return action satisfies never;
  }
}

function waitReasonOf(action: Extract<Action, { kind: 'wait' }>): string {
  switch (action.why.for) {
    case 'step':
      return `for step ${action.why.step}`;
    case 'person':
      return `for a person: ${action.why.task.kind}`;
    case 'hold':
      return `for a hold to end: ${action.why.reasons.join(', ')}`;
    case 'cooldown':
      return 'for a debtor who would not talk to calm down';
    case 'agreement':
      return 'for money that was agreed on';
    case 'review':
      return 'for the next review';
    default:
      return action.why satisfies never;
  }
}
