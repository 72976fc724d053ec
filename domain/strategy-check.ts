import { didYouMean } from './did-you-mean.ts';
import type { LocalTime } from './instant.ts';
import { formatMoney, isCurrency } from './money.ts';
import type { RateCap } from './rules/rule-pack.ts';
import { COMPONENTS, type Channel, type Step, type Strategy } from './strategy.ts';
import { checkAgreements } from './strategy-agreement-check.ts';
import { checkBudget, checkChannels } from './strategy-channel-check.ts';
import { type Lack, type TemplateUse, checkDisclosures } from './strategy-disclosure-check.ts';
import { type Draft, type StrategyFault, wrong } from './strategy-fault.ts';
import { checkInterest } from './strategy-interest-check.ts';
import { checkLadders } from './strategy-ladder-check.ts';
import { STRATEGY_LIMITS, outside } from './strategy-limits.ts';

/** The names a strategy may use. */
export interface KnownPolicy {
  readonly calendars: ReadonlySet<string>;
  readonly rulePacks: ReadonlySet<string>;
  /** What may accrue under one of them; null when it does not say. */
  readonly rateCapOf: (rulePack: string) => RateCap | null;
  /** Channels that each template has a text for. */
  readonly templates: ReadonlyMap<string, ReadonlySet<Channel>>;
  /** Those that name values of an agreement, which no other message has. */
  readonly agreementTemplates: ReadonlySet<string>;
  /** What a template does not say although a rule pack demands it; empty for one that has no text for the channel. */
  readonly lacking: (use: TemplateUse) => readonly Lack[];
}

/**
 * Every fault in the meaning of a strategy: unknown names, numbers out of bounds, steps that overlap, cannot be reached
 * or leave a case without an end. A draft is judged by what is there.
 */
export function checkStrategy(strategy: Draft<Strategy>, known: KnownPolicy): StrategyFault[] {
  return [
    ...checkHead(strategy, known),
    ...checkBudget(strategy),
    ...checkWindow(strategy),
    ...checkTiers(strategy),
    ...(strategy.steps ?? []).flatMap((step, index) => checkStep(step, index, strategy, known)),
    ...checkDuplicateIds(strategy.steps ?? [], 'steps'),
    ...checkLadders(strategy),
    ...checkAgreements(strategy, known),
    ...checkInterest(strategy, known),
    ...checkDisclosures(strategy, known.lacking),
  ];
}

function checkHead(strategy: Draft<Strategy>, known: KnownPolicy): StrategyFault[] {
  const { currency, calendar, allocation } = strategy;
  const faults = [
    ...outside(strategy.version, 'version', ['version']),
    ...outside(strategy.spreadMinutes, 'spreadMinutes', ['spreadMinutes']),
    ...outside(strategy.tiers?.length, 'tiers', ['tiers'], 'tiers'),
    ...outside(strategy.steps?.length, 'steps', ['steps'], 'steps'),
  ];
  if (currency !== undefined && !isCurrency(currency)) {
    faults.push(wrong(['currency'], `"${currency}" is not a known ISO 4217 currency; write it such as TWD.`));
  }
  if (calendar !== undefined && !known.calendars.has(calendar)) {
    const hint = didYouMean(calendar, known.calendars, 'Calendars');
    faults.push(wrong(['calendar'], `There is no calendar "${calendar}".${hint}`));
  }
  for (const [index, pack] of (strategy.rulePacks ?? []).entries()) {
    if (pack === undefined || known.rulePacks.has(pack)) continue;
    const hint = didYouMean(pack, known.rulePacks, 'Rule packs');
    faults.push(wrong(['rulePacks', index], `There is no rule pack "${pack}".${hint}`));
  }
  if (allocation !== undefined && !allocation.includes(undefined)) {
    const isComplete = allocation.length === COMPONENTS.length && COMPONENTS.every((each) => allocation.includes(each));
    if (!isComplete) {
      faults.push(wrong(['allocation'], `The allocation names each of ${COMPONENTS.join(', ')} exactly once.`));
    }
  }
  return faults;
}

function checkWindow({ window }: Draft<Strategy>): StrategyFault[] {
  const faults: StrategyFault[] = [];
  if (window?.from !== undefined && window.to !== undefined && window.from >= window.to) {
    faults.push(wrong(['window', 'to'], `The window ends at ${window.to}, not after its start at ${window.from}.`));
  }
  if (new Set(window?.restDays).size === 7) {
    faults.push(wrong(['window', 'restDays'], 'All seven days are days of rest; leave at least one for contacts.'));
  }
  return faults;
}

function checkTiers({ tiers = [], currency }: Draft<Strategy>): StrategyFault[] {
  const faults = checkDuplicateIds(tiers, 'tiers');
  // Without a currency the limits could not be read; they are judged when it is right.
  if (currency === undefined || !isCurrency(currency)) return faults;
  let belowMinor = 0;
  for (const [index, tier] of tiers.entries()) {
    const limitMinor = tier.overdueAmountBelowMinor;
    const isLast = index === tiers.length - 1;
    if (isLast && limitMinor !== undefined) {
      const message = 'The last tier takes every amount above the others; leave its limit out.';
      faults.push({ path: ['tiers', index, 'overdueAmountBelowMinor'], at: 'key', message });
    } else if (!isLast && limitMinor === undefined) {
      const message = `Tier "${tier.id}" has no limit, so the tiers below it are never reached; give it one.`;
      faults.push(wrong(['tiers', index, 'overdueAmountBelowMinor'], message));
    } else if (limitMinor !== undefined && limitMinor <= belowMinor) {
      const amount = (amountMinor: number) => formatMoney({ amountMinor, currency });
      const message = `The limit ${amount(limitMinor)} does not lie above ${amount(belowMinor)}, where the tier begins.`;
      faults.push(wrong(['tiers', index, 'overdueAmountBelowMinor'], message));
    }
    belowMinor = Math.max(belowMinor, limitMinor ?? 0);
  }
  return faults;
}

function checkStep(step: Draft<Step>, index: number, strategy: Draft<Strategy>, known: KnownPolicy): StrategyFault[] {
  const at = ['steps', index];
  const faults = checkSendAt(step.sendAt, index, strategy);
  const tiers = strategy.tiers?.map((tier) => tier.id) ?? [];
  const days = Object.entries(step.day ?? {});
  for (const [tier, day] of days) {
    if (!tiers.includes(undefined) && !tiers.includes(tier)) {
      const hint = didYouMean(tier, tiers as string[], 'Tiers');
      faults.push({ path: [...at, 'day', tier], at: 'key', message: `There is no tier "${tier}".${hint}` });
    }
    faults.push(...outside(day, 'day', [...at, 'day', tier]));
  }
  if (step.day !== undefined && days.length === 0) {
    faults.push(wrong([...at, 'day'], `Step "${step.id}" has no day in any tier, so it never happens.`));
  }
  if (step.do === 'task') {
    faults.push(...outside(step.waitDays, 'waitDays', [...at, 'waitDays']));
    faults.push(...outside(step.cooldownDays, 'cooldownDays', [...at, 'cooldownDays']));
    if (step.cooldownDays !== undefined && step.task !== 'agentCall') {
      faults.push({
        path: [...at, 'cooldownDays'],
        at: 'key',
        message: 'Only a call can be refused: leave cooldownDays out.',
      });
    }
  }
  if (step.do === 'contact') {
    faults.push(...outside(step.validDays, 'validDays', [...at, 'validDays']));
    faults.push(...checkChannels(step, at, known));
    if (step.catchUp === true && days.some(([, day]) => (day ?? 0) < 0)) {
      const message = 'A reminder before the due date could be made up for after it; leave catchUp out.';
      faults.push(wrong([...at, 'catchUp'], message));
    }
    const early = days.find(([, day]) => (day ?? 0) < 0 && (day ?? 0) + (step.validDays ?? 0) > 0);
    if (early) {
      const [, day = 0] = early;
      const message = `A reminder of day ${day} with validDays ${step.validDays} could go out after the due date; write ${-day} at most.`;
      faults.push(wrong([...at, 'validDays'], message));
    }
  }
  return faults;
}

/** A step falls due while the window is open, even with the longest jitter; otherwise it would slip to the next day. */
function checkSendAt(sendAt: LocalTime | undefined, index: number, strategy: Draft<Strategy>): StrategyFault[] {
  const { from, to } = strategy.window ?? {};
  if (sendAt === undefined || from === undefined || to === undefined || from >= to) return [];
  const [, mostMinutes] = STRATEGY_LIMITS.spreadMinutes;
  const givenMinutes = strategy.spreadMinutes ?? 0;
  // A spread that is no spread has its own fault; it says nothing about the steps.
  const spreadMinutes = givenMinutes > mostMinutes ? 0 : Math.max(givenMinutes, 0);
  // The jitter stays below the spread, so the last contact may come up to the end of the window.
  if (sendAt >= from && minutesOf(sendAt) + Math.max(spreadMinutes, 1) <= minutesOf(to)) return [];
  const spread = spreadMinutes > 0 ? ` with a spread of ${spreadMinutes} minutes` : '';
  const message = `${sendAt}${spread} is not within the window, from ${from} until before ${to}.`;
  return [wrong(['steps', index, 'sendAt'], message)];
}

function checkDuplicateIds(
  list: readonly { readonly id?: string | undefined }[],
  key: 'tiers' | 'steps',
): StrategyFault[] {
  return list.flatMap(({ id }, index) => {
    const first = list.findIndex((other) => other.id === id);
    if (id === undefined || first === index) return [];
    return [wrong([key, index, 'id'], `"${id}" is also the id of number ${first + 1} in ${key}; give each its own.`)];
  });
}

function minutesOf(time: LocalTime): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
