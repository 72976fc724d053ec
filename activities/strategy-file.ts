import { createHash } from 'node:crypto';
import { isCurrency, minorDigitsOf } from '../domain/money.ts';
import {
  CHANNELS,
  COMPONENTS,
  type Step,
  type Strategy,
  type TaskKind,
  type Tier,
  type Weekday,
} from '../domain/strategy.ts';
import { type KnownPolicy, checkStrategy } from '../domain/strategy-check.ts';
import type { Draft } from '../domain/strategy-fault.ts';
import { knownPolicy } from './known-policy.ts';
import { PolicyFile, openPolicyFile } from './policy-file.ts';
import type { PolicyValue } from './policy-value.ts';

const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** The tasks a strategy may ask for; the other kinds are opened by Kept itself. */
const TASKS: readonly TaskKind[] = ['agentCall', 'fieldVisit', 'legalReferral', 'review'];

const STRATEGY_FIELDS = {
  id: 'unsecured-consumer',
  version: '1',
  currency: 'TWD',
  calendar: 'tw',
  window: '{ from: 09:00, to: 20:00, restDays: [sun], restOnHolidays: true }',
  perDebtorPerDay: '{ sms: 1, email: 1 }',
  allocation: '[penalty, interest, principal, fees]',
  tiers: '[{ id: all }]',
  steps: '[{ id: overdue-first, do: contact, ... }]',
};
const WINDOW_FIELDS = { from: '09:00', to: '20:00', restDays: '[sun]', restOnHolidays: 'true' };
const STEP_FIELDS = { id: 'overdue-first', stage: 'early', do: 'contact', day: '3', sendAt: '10:00' };
const CONTACT_FIELDS = { ...STEP_FIELDS, channel: 'sms', template: 'overdue-first', validDays: '5' };
const TASK_FIELDS = { ...STEP_FIELDS, task: 'agentCall', waitDays: '0' };

/**
 * Reads a strategy file; see docs/strategies.md for the format.
 * @returns the strategy, and a hash of what it means: comments and layout do not count, so they may be improved later.
 * @throws FILE_UNREADABLE; STRATEGY_INVALID with every fault on its own line as `file:line:column: message`.
 */
export function loadStrategy(
  path: string,
  known: KnownPolicy = knownPolicy(),
): { readonly strategy: Strategy; readonly sha256: string } {
  const strategy = strategyOf(openPolicyFile(path), known);
  return {
    strategy,
    sha256: createHash('sha256').update(JSON.stringify(strategy, withoutClosedChannels)).digest('hex'),
  };
}

/** A version that was used before a channel existed keeps its hash: a closed channel says as much as one left out. */
function withoutClosedChannels(key: string, value: unknown): unknown {
  return value === 0 && CHANNELS.some((channel) => channel === key) ? undefined : value;
}

/**
 * Reads the text of a strategy file.
 * @param fileName the name that messages show.
 * @throws STRATEGY_INVALID
 */
export function parseStrategy(yamlText: string, fileName: string, known: KnownPolicy = knownPolicy()): Strategy {
  return strategyOf(new PolicyFile(yamlText, fileName), known);
}

function strategyOf(file: PolicyFile, known: KnownPolicy): Strategy {
  const draft = readStrategy(file.content);
  for (const { path, at, message } of checkStrategy(draft, known)) {
    const inFile = path.map((segment) => (segment === 'overdueAmountBelowMinor' ? 'overdueAmountBelow' : segment));
    file.refuseAt(inFile, at, message);
  }
  file.throwFaults('STRATEGY_INVALID');
  // Without a fault nothing of the draft is missing.
  return draft as Strategy;
}

function readStrategy(content: PolicyValue): Draft<Strategy> {
  const fields = content.fields('a strategy', STRATEGY_FIELDS, { spreadMinutes: '0', rulePacks: '[cn-consumer]' });
  const currency = fields.currency.text();
  const tiers = fields.tiers.items('{ id: all }')?.map((tier) => readTier(tier, currency));
  const tierIds = (tiers ?? []).flatMap(({ id }) => id ?? []);
  return {
    id: fields.id.name(),
    version: fields.version.integer(),
    currency,
    calendar: fields.calendar.text(),
    rulePacks: fields.rulePacks.isGiven ? fields.rulePacks.items('cn-consumer')?.map((pack) => pack.text()) : [],
    window: readWindow(fields.window),
    perDebtorPerDay: readBudget(fields.perDebtorPerDay),
    spreadMinutes: fields.spreadMinutes.isGiven ? fields.spreadMinutes.integer() : 0,
    allocation: fields.allocation.items('penalty')?.map((part) => part.oneOf('a part of a debt', COMPONENTS)),
    tiers,
    steps: fields.steps.items('{ id: overdue-first, ... }')?.map((step) => readStep(step, tierIds)),
  };
}

function readWindow(window: PolicyValue): Draft<Strategy['window']> {
  const { from, to, restDays, restOnHolidays } = window.fields('the window', WINDOW_FIELDS);
  return {
    from: from.time(),
    to: to.time(),
    restDays: restDays.items('sun')?.map((day) => day.oneOf('a weekday', WEEKDAYS)),
    restOnHolidays: restOnHolidays.flag(),
  };
}

function readBudget(budget: PolicyValue): Draft<Strategy['perDebtorPerDay']> {
  const fields = budget.fields('the budget', {}, { sms: '1', email: '1', push: '1', voice: '1' });
  // Left out, a channel is closed; a budget that cannot be read closes none, so its own fault is the only one.
  const mostOf = (limit: PolicyValue) => (limit.isGiven || !budget.isMap ? limit.integer() : 0);
  return {
    sms: mostOf(fields.sms),
    email: mostOf(fields.email),
    push: mostOf(fields.push),
    voice: mostOf(fields.voice),
  };
}

function readTier(tier: PolicyValue, currency: string | undefined): Draft<Tier> {
  const fields = tier.fields('a tier', { id: 'small' }, { overdueAmountBelow: `${currency ?? 'TWD'} 3,000.00` });
  const limit = fields.overdueAmountBelow;
  const id = fields.id.name();
  return limit.isGiven ? { id, overdueAmountBelowMinor: readAmount(limit, currency) } : { id };
}

/** An amount such as `TWD 3,000.00`: its currency is written, so nobody has to know what a minor unit is. */
function readAmount(amount: PolicyValue, currency: string | undefined): number | undefined {
  if (currency === undefined || !isCurrency(currency)) return undefined;
  const digits = minorDigitsOf(currency);
  return amount.scalar(`an amount in ${currency}`, (value) => {
    const form = /^([A-Z]{3}) (\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/;
    const [, code, whole = '', fraction = ''] = form.exec(String(value)) ?? [];
    if (code !== currency || fraction.length > digits) return undefined;
    const amountMinor = Number(whole.replaceAll(',', '') + fraction.padEnd(digits, '0'));
    return Number.isSafeInteger(amountMinor) ? amountMinor : undefined;
  });
}

function readStep(step: PolicyValue, tierIds: readonly string[]): Draft<Step> {
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
    const fields = step.fields('a task step', TASK_FIELDS, { catchUp: 'true' });
    return {
      ...readStepBase(fields, tierIds),
      do: 'task',
      task: fields.task.oneOf('a task', TASKS),
      waitDays: fields.waitDays.integer(),
    };
  }
  // Without a kind nobody knows the other keys; those that every step has are read.
  const others = { ...CONTACT_FIELDS, ...TASK_FIELDS, catchUp: 'true' };
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
