import { CHANNELS, type Step, type TaskKind } from '../domain/strategy.ts';
import type { Draft } from '../domain/strategy-fault.ts';
import type { PolicyValue } from './policy-value.ts';

/** The tasks a strategy may ask for; the other kinds are opened by Kept itself. */
const TASKS: readonly TaskKind[] = ['agentCall', 'fieldVisit', 'legalReferral', 'review'];

// Every key of every kind of step, with an example that messages show.
const STEP_FIELDS = { id: 'overdue-first', stage: 'early', do: 'contact', day: '3', sendAt: '10:00' };
const CONTACT_FIELDS = { ...STEP_FIELDS, channel: 'sms', template: 'overdue-first', validDays: '5' };
const TASK_FIELDS = { ...STEP_FIELDS, task: 'agentCall', waitDays: '0' };

/** Reads one step of a strategy, or notes its faults. @param tierIds in their order. */
export function readStep(step: PolicyValue, tierIds: readonly string[]): Draft<Step> {
  const kind = step.at('do', STEP_FIELDS.do).oneOf('a kind of step', ['contact', 'task']);
  if (kind === 'contact') {
    const fields = step.fields('a contact step', CONTACT_FIELDS, { catchUp: 'true', fallback: '[email]' });
    const fallback = fields.fallback.items('email')?.map((channel) => channel.oneOf('a channel', CHANNELS)) ?? [];
    return {
      ...readStepBase(fields, tierIds),
      do: 'contact',
      channel: fields.channel.oneOf('a channel', CHANNELS),
      ...(fallback.length > 0 && { fallback }),
      template: fields.template.text(),
      validDays: fields.validDays.integer(),
    };
  }
  if (kind === 'task') {
    const fields = step.fields('a task step', TASK_FIELDS, { catchUp: 'true', cooldownDays: '7' });
    const cooldownDays = fields.cooldownDays.isGiven ? fields.cooldownDays.integer() : undefined;
    return {
      ...readStepBase(fields, tierIds),
      do: 'task',
      task: fields.task.oneOf('a task', TASKS),
      waitDays: fields.waitDays.integer(),
      ...(cooldownDays !== undefined && { cooldownDays }),
    };
  }
  // Without a kind nobody knows the other keys; those that every step has are read.
  const others = { ...CONTACT_FIELDS, ...TASK_FIELDS, catchUp: 'true', cooldownDays: '7' };
  return readStepBase(step.fields('a step', STEP_FIELDS, others), tierIds);
}

type StepBaseFields = Readonly<Record<Exclude<keyof typeof STEP_FIELDS, 'do'> | 'catchUp', PolicyValue>>;

function readStepBase(fields: StepBaseFields, tierIds: readonly string[]) {
  return {
    id: fields.id.name(),
    stage: fields.stage.name(),
    day: readDays(fields.day, tierIds),
    sendAt: fields.sendAt.time(),
    catchUp: fields.catchUp.isGiven ? fields.catchUp.flag() : false,
  };
}

/** `day: 3` for every tier, or `day: { small: 3, large: 1 }`; always in the order of the tiers, so a hash is stable. */
function readDays(day: PolicyValue, tierIds: readonly string[]): Draft<Step['day']> | undefined {
  if (!day.isGiven) return undefined;
  if (!day.isMap) {
    const everyTier = day.integer();
    return everyTier === undefined ? undefined : Object.fromEntries(tierIds.map((tier) => [tier, everyTier]));
  }
  const given = new Map(day.entries('the days').map(({ key, value }) => [key, value.integer()]));
  const inOrder = [...tierIds.filter((tier) => given.has(tier)), ...given.keys()];
  return Object.fromEntries(inOrder.map((tier) => [tier, given.get(tier)]));
}
