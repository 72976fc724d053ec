import { createHash } from 'node:crypto';
import { CHANNELS, COMPONENTS, type Strategy, type Tier, type Weekday } from '../domain/strategy.ts';
import { type KnownPolicy, checkStrategy } from '../domain/strategy-check.ts';
import type { Draft, StrategyFault } from '../domain/strategy-fault.ts';
import { placeOfAgreement, readAgreements } from './agreement-value.ts';
import { placeOfInterest, readPenaltyInterest } from './interest-value.ts';
import { knownPolicy } from './known-policy.ts';
import { readAmount } from './money-value.ts';
import { PolicyFile, openPolicyFile } from './policy-file.ts';
import type { PolicyValue } from './policy-value.ts';
import { readStep } from './step-value.ts';

const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

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
const STRATEGY_OPTIONS = {
  spreadMinutes: '0',
  rulePacks: '[cn-consumer]',
  agreements: '{ promise: { ... } }',
  penaltyInterest: '{ yearlyPercent: 15, on: principal, fromDay: 1 }',
};
const WINDOW_FIELDS = { from: '09:00', to: '20:00', restDays: '[sun]', restOnHolidays: 'true' };

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
    file.refuseAt(placeOf(path), at, message);
  }
  file.throwFaults('STRATEGY_INVALID');
  // Without a fault nothing of the draft is missing.
  return draft as Strategy;
}

/** Where the file says what stands at a path of the strategy. */
function placeOf(path: StrategyFault['path']): StrategyFault['path'] {
  if (path[0] === 'agreements') return placeOfAgreement(path);
  if (path[0] === 'penaltyInterest') return placeOfInterest(path);
  return path.map((segment) => (segment === 'overdueAmountBelowMinor' ? 'overdueAmountBelow' : segment));
}

function readStrategy(content: PolicyValue): Draft<Strategy> {
  const fields = content.fields('a strategy', STRATEGY_FIELDS, STRATEGY_OPTIONS);
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
    ...(fields.agreements.isGiven && { agreements: readAgreements(fields.agreements, currency) }),
    ...(fields.penaltyInterest.isGiven && { penaltyInterest: readPenaltyInterest(fields.penaltyInterest, currency) }),
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
