import { type Instant, daysBetween, epochMsOf, instantOf } from '../instant.ts';
import { capClear, cooldownClear } from './counting.ts';
import { requestsClear, windowClear } from './daily-hours.ts';
import type { IntentFacts, IntentVerdict } from './facts.ts';
import { consentClear, holdsClear, isOptedOut, isWrongPerson } from './gates.ts';
import type { Rule, RulePack } from './rule-pack.ts';
import { type ClearFrom, type Situation, situationOf } from './situation.ts';

/**
 * How many edges of rules the search for the first clear instant passes before it gives up: five a day for more
 * than a year of windows that never open at the same time.
 */
const EDGE_LIMIT = 2_000;
/** The last instant that can be written with four digits of the year; later is never. */
const LAST_MS = epochMsOf('9999-12-31T23:59:59.999Z');
const NEVER = Number.POSITIVE_INFINITY;

/**
 * Whether the packs allow an intent at its instant. The strictest wins: every rule of every pack must be kept.
 *
 * A rule that time alone clears delays the contact; any other refuses it. A deferral looks at what clears by itself: a
 * gate that closes in the meantime (a consent grows old, a hold without an end begins) shows when the contact is judged
 * again at `until`, as every contact is right before it is made.
 */
export function judgeIntent(facts: IntentFacts, packs: readonly RulePack[]): IntentVerdict {
  const situation = situationOf(facts);
  const { atMs } = situation;
  const broken = new Set<string>();
  const judged: ClearFrom[] = [];
  let isRefused = false;
  for (const pack of packs) {
    for (const rule of pack.rules) {
      if (!rule.channels.includes(facts.intent.channel)) continue;
      const clearFrom = onceInForce(rule, situation);
      judged.push(clearFrom);
      const clearMs = clearFrom(atMs);
      if (clearMs === atMs) continue;
      broken.add(rule.id);
      if (clearMs === NEVER) isRefused = true;
    }
  }
  const rules = [...broken].sort();
  if (rules.length === 0) return { verdict: 'allow', rules, until: null };
  const until = isRefused ? null : firstClear(judged, atMs);
  return until === null ? { verdict: 'deny', rules, until } : { verdict: 'defer', rules, until };
}

/**
 * The first instant from `atMs` on at which every delaying rule is clear; null when there is none. No rule is clear
 * before the instant it names, so the latest of those names is never too late; asked again there, all agree in the end.
 */
function firstClear(judged: readonly ClearFrom[], atMs: number): Instant | null {
  let candidateMs = atMs;
  for (let edge = 0; edge < EDGE_LIMIT && candidateMs <= LAST_MS; edge += 1) {
    let latestMs = candidateMs;
    for (const clearFrom of judged) {
      const clearMs = clearFrom(candidateMs);
      if (clearMs !== NEVER && clearMs > latestMs) latestMs = clearMs;
    }
    if (latestMs === candidateMs) return instantOf(candidateMs);
    candidateMs = latestMs;
  }
  return null;
}

/** A rule applies once its first day has come at any place the debtor may be at. */
function onceInForce(rule: Rule, situation: Situation): ClearFrom {
  const clearFrom = clearOf(rule, situation);
  if (rule.appliesFrom === null) return clearFrom;
  const firstDay = daysBetween('1970-01-01', rule.appliesFrom);
  return (atMs) => (situation.clocks.some((clock) => clock.dayAt(atMs) >= firstDay) ? clearFrom(atMs) : atMs);
}

function clearOf(rule: Rule, situation: Situation): ClearFrom {
  const { debtor, intent } = situation;
  switch (rule.kind) {
    case 'dailyWindow':
      return windowClear(rule, situation);
    case 'requestedHours':
      return requestsClear(situation);
    case 'countCap':
      return capClear(rule, situation);
    case 'talkCooldown':
      return cooldownClear(rule, situation);
    case 'holdGate':
      return holdsClear(rule, situation);
    case 'consentGate':
      return consentClear(rule, situation);
    case 'optOutGate':
      return openUnless(isOptedOut(situation));
    case 'ceaseContactGate':
      return openUnless(debtor.ceaseContact);
    case 'thirdPartyGate':
      return openUnless(isWrongPerson(rule, situation));
    case 'visibilityGate':
      return openUnless(intent.visibility === 'public');
    default:
      return rule satisfies never;
  }
}

/** A gate that no passing of time opens. */
function openUnless(isClosed: boolean): ClearFrom {
  return (atMs) => (isClosed ? NEVER : atMs);
}
