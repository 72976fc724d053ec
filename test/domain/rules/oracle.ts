import { Temporal } from '@js-temporal/polyfill';
import { DAY_MS, MINUTE_MS, instantOf } from '../../../domain/instant.ts';
import type { Consent, IntentFacts, IntentVerdict, LedgerEntry } from '../../../domain/rules/facts.ts';
import type { PackName } from './support.ts';

/**
 * A second judge, written from the rules' wording alone: its numbers are its own, it looks at the calendar of every
 * zone by Temporal, and it finds the first clear instant by trying them all. For facts on whole quarters of an hour.
 */
export const GRID_MS = 15 * MINUTE_MS;
/** How far it looks; null when nothing is clear by then. */
const HORIZON_MS = 80 * DAY_MS;

interface Broken {
  /** Rules that time clears, and rules that it does not. */
  readonly delaying: Set<string>;
  readonly refusing: Set<string>;
}

export function judgeByTrying(facts: IntentFacts, packs: readonly PackName[]): IntentVerdict | null {
  const at = Date.parse(facts.intent.at);
  const { delaying, refusing } = brokenAt(facts, packs, at);
  const rules = [...new Set([...delaying, ...refusing])].sort();
  if (rules.length === 0) return { verdict: 'allow', rules, until: null };
  if (refusing.size > 0) return { verdict: 'deny', rules, until: null };
  for (let time = Math.ceil((at + 1) / GRID_MS) * GRID_MS; time < at + HORIZON_MS; time += GRID_MS) {
    if (brokenAt(facts, packs, time).delaying.size === 0) return { verdict: 'defer', rules, until: instantOf(time) };
  }
  return null;
}

export function brokenAt(facts: IntentFacts, packs: readonly PackName[], time: number): Broken {
  const { debtor, intent } = facts;
  const broken: Broken = { delaying: new Set(), refusing: new Set() };
  const zones = [...debtor.zones, ...(debtor.zone === null ? [] : [debtor.zone])];
  const isCall = intent.channel === 'call' || intent.channel === 'voice';
  const delay = (rule: string, isBroken: boolean) => isBroken && broken.delaying.add(rule);
  const refuse = (rule: string, isBroken: boolean) => isBroken && broken.refusing.add(rule);
  const outside = (from: number, to: number) =>
    zones.some((zone) => local(zone, time).hour < from || local(zone, time).hour >= to);
  const isAsked = zones.some((zone) =>
    debtor.requests.some(({ notBetween: [from, to] }) => {
      const { hour } = local(zone, time);
      const [start, end] = [hours(from), hours(to)];
      return start < end ? start <= hour && hour < end : hour >= start || hour < end;
    }),
  );
  const calls = facts.ledger.filter((entry) => entry.channel === 'call' || entry.channel === 'voice');
  const most = (entries: readonly LedgerEntry[], days: number) =>
    Math.max(
      ...zones.map((zone) => {
        const today = local(zone, time).day;
        const ages = entries.map((entry) => today - local(zone, Date.parse(entry.at)).day);
        return ages.filter((age) => age >= 0 && age < days).length;
      }),
    );
  const isSamePerson = (each: LedgerEntry) =>
    each.to === intent.to && (each.to === 'debtor' || each.number === intent.number);
  const isOptedOut =
    debtor.optOuts.includes(intent.channel) || (intent.channel === 'voice' && debtor.optOuts.includes('call'));
  const hold = (rule: string, reasons: readonly string[], end: (hold: IntentFacts['holds'][number]) => number) => {
    for (const each of facts.holds) {
      if (!reasons.includes(each.reason) || (each.debt !== null && each.debt !== intent.debt)) continue;
      if (Date.parse(each.from) > time || end(each) <= time) continue;
      (end(each) === Number.POSITIVE_INFINITY ? broken.refusing : broken.delaying).add(rule);
    }
  };
  const endOrNever = ({ to }: { to: string | null }) => (to === null ? Number.POSITIVE_INFINITY : Date.parse(to));

  if (packs.includes('CN')) {
    const agreed = debtor.consents.some((each) => each.kind === 'quietHours' && covers(each, intent, time));
    delay('CN1', outside(8, 22) && !agreed);
    const talks = calls.filter((each) => each.initiator === 'us' && isTalk(each) && isSamePerson(each));
    delay('CN2', isCall && most(talks, 1) >= 3);
    const dials = calls.filter((each) => each.initiator === 'us' && !isTalk(each) && each.number === intent.number);
    delay('CN3', isCall && most(dials, 1) >= 6);
    refuse('CN4', intent.to === 'thirdParty' && (!debtor.unreachable || intent.thirdPartyRefused));
    refuse('CN7', intent.visibility === 'public');
  }
  if (packs.includes('US')) {
    delay('US1', outside(8, 21) || isAsked);
    const about = calls.filter((each) => each.debt === intent.debt && isSamePerson(each));
    const placed = about.filter((each) => each.initiator === 'us' && each.result !== 'notConnected');
    const uncovered = placed.filter((each) => !isAgreedCall(facts, zones, each, Date.parse(each.at), 'made'));
    const isFree = isAgreedCall(facts, zones, intent, time, 'intended');
    delay('US2', isCall && !isFree && most(uncovered, 7) >= 7);
    delay('US3', isCall && !isFree && most(about.filter(isTalk), 7) >= 1);
    refuse('US5', isOptedOut);
    refuse('US6', debtor.ceaseContact);
    hold('US7', ['attorney'], endOrNever);
    hold('US8', ['dispute'], endOrNever);
    const fresh = debtor.consents.filter((each) => time - Date.parse(each.at) <= 60 * DAY_MS);
    refuse(
      'US10',
      intent.channel === 'sms' && !fresh.some((each) => each.kind === 'sms' && covers(each, intent, time)),
    );
    const agreed = debtor.consents.some((each) => each.kind === 'email' && covers(each, intent, time));
    refuse('US11', intent.channel === 'email' && !agreed);
    refuse('US14', intent.visibility === 'public' || intent.to === 'thirdParty');
  }
  if (packs.includes('UK')) {
    hold('UK1', ['breathing-space'], (each) => Math.min(endOrNever(each), Date.parse(each.from) + 60 * DAY_MS));
    hold('UK2', ['mental-health-crisis'], ({ treatmentEnd }) => endOrNever({ to: treatmentEnd }) + 30 * DAY_MS);
    delay('UK3', isAsked);
    refuse('UK3', isOptedOut);
    refuse('UK5', intent.visibility === 'public' || intent.to === 'thirdParty');
  }
  if (packs.includes('IN')) {
    delay('IN1', isCall && outside(8, 19));
    if (zones.some((zone) => local(zone, time).day >= Date.UTC(2026, 6, 1) / DAY_MS)) {
      delay('IN2', intent.channel === 'visit' && outside(8, 19));
      delay('IN2', (isCall || intent.channel === 'visit') && isAsked);
      refuse('IN2', intent.visibility === 'public' || intent.to === 'thirdParty');
    }
  }
  return broken;
}

function isTalk(entry: LedgerEntry): boolean {
  return entry.result === 'connected' || entry.result === 'rightParty';
}

interface Target {
  readonly channel: string;
  readonly debt: string | null;
  readonly number: string | null;
}

function covers(consent: Consent, target: Target, time: number): boolean {
  return (
    Date.parse(consent.at) <= time &&
    (consent.until === null || time < Date.parse(consent.until)) &&
    [null, target.channel].includes(consent.channel) &&
    [null, target.debt].includes(consent.debt) &&
    [null, target.number].includes(consent.number)
  );
}

/** Consent to more calls: seven days, the first being its own, and no longer than until the next talk. */
function isAgreedCall(
  facts: IntentFacts,
  zones: readonly string[],
  target: Target,
  time: number,
  when: 'made' | 'intended',
): boolean {
  const talks = facts.ledger.filter(
    (each) =>
      ['call', 'voice'].includes(each.channel) && isTalk(each) && each.to === 'debtor' && each.debt === target.debt,
  );
  return facts.debtor.consents.some((consent) => {
    const given = Date.parse(consent.at);
    const isUsedUp = talks.some(({ at }) => {
      const talk = Date.parse(at);
      return talk > given && (when === 'made' ? talk < time : talk <= time);
    });
    return (
      consent.kind === 'extraCalls' &&
      covers(consent, target, time) &&
      zones.every((zone) => local(zone, time).day - local(zone, given).day < 7) &&
      !isUsedUp
    );
  });
}

function hours(time: string): number {
  return Number(time.slice(0, 2)) + Number(time.slice(3)) / 60;
}

const seen = new Map<string, { readonly day: number; readonly hour: number }>();

/** The local day and the hour with its fraction, to the millisecond. */
function local(zone: string, epochMs: number): { readonly day: number; readonly hour: number } {
  const key = `${epochMs}${zone}`;
  let shown = seen.get(key);
  if (!shown) {
    const { year, month, day, hour, minute, second, millisecond } =
      Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone);
    shown = {
      day: Date.UTC(year, month - 1, day) / DAY_MS,
      hour: hour + minute / 60 + second / 3_600 + millisecond / 3_600_000,
    };
    seen.set(key, shown);
  }
  return shown;
}
