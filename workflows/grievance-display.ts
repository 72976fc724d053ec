import type { GrievanceState } from '../domain/grievance.ts';
import { toSeconds } from '../domain/instant.ts';
import type { GrievanceAction } from '../domain/next-grievance-action.ts';

/** Markdown for the Temporal UI: ids, instants and outcomes; no person and no word of theirs. */
export function grievanceDetailsOf(state: GrievanceState, action: GrievanceAction): string {
  const { kind, loanRef, raisedAt, way, decision, answer, tasks } = state;
  const open = tasks.filter(({ endedAt }) => endedAt === null);
  return [
    `**${grievanceSentenceOf(action)}**`,
    '',
    `${kind === 'complaint' ? 'Complaint' : 'Dispute'} about loan ${loanRef}, raised ${toSeconds(raisedAt)} by ${way}.`,
    ...(decision ? [`Decided ${toSeconds(decision.at)}: ${decision.outcome}.`] : []),
    ...(answer ? [`Debtor answered ${toSeconds(answer.at)} by ${answer.channel}.`] : []),
    ...open.map(
      ({ kind: work, taskId, goesOnAt }) =>
        `- Needs a person: ${work} until ${toSeconds(goesOnAt)} (task \`${taskId}\`)`,
    ),
  ].join('\n');
}

/** One sentence on what is being done; also the summary of timers and activities. */
export function grievanceSentenceOf(action: GrievanceAction): string {
  switch (action.kind) {
    case 'wait':
      return `Waits ${action.until ? `until ${toSeconds(action.until)} ` : ''}for: ${action.duties.join(', ')}`;
    case 'openTask':
      return `Opens a task for a person: ${action.task.step}`;
    case 'record':
      return 'Records what people did';
    case 'close':
      return 'Closes, and lets collection go on';
    default:
      return action satisfies never;
  }
}
