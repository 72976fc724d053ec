import { CONSENT_KINDS, CONTACT_CHANNELS, INITIATORS, RESULTS } from '../domain/rules/facts.ts';
import { COUNT_KEYS, RULE_KINDS, type RateCap, type Rule, VERIFIED_MARKS } from '../domain/rules/rule-pack.ts';
import type { Draft } from '../domain/strategy-fault.ts';
import { readBasisPoints } from './percent-value.ts';
import type { PolicyValue } from './policy-value.ts';

// Every key of every kind of rule, with an example that messages show.
const RULE_FIELDS = {
  id: 'US1',
  kind: 'dailyWindow',
  title: 'Contact only from 08:00 to 21:00',
  citation: '12 CFR 1006.6(b)(1)(i)',
  verified: 'V',
};
const RULE_OPTIONS = { channels: '[call, voice]', appliesFrom: '2026-07-01' };
const WINDOW_FIELDS = { ...RULE_FIELDS, permittedFrom: '08:00', permittedTo: '21:00' };
const WINDOW_OPTIONS = { ...RULE_OPTIONS, liftedBy: 'quietHours' };
const COOLDOWN_FIELDS = {
  ...RULE_FIELDS,
  initiators: '[us]',
  results: '[connected, rightParty]',
  per: '[person, debt]',
  periodDays: '7',
};
const CAP_FIELDS = { ...COOLDOWN_FIELDS, max: '7' };
const COUNT_OPTIONS = { ...RULE_OPTIONS, consentDays: '7' };
const HOLD_FIELDS = { ...RULE_FIELDS, reasons: '[dispute]' };
const HOLD_OPTIONS = { ...RULE_OPTIONS, longestDays: '60', daysAfterTreatment: '30' };
const THIRD_PARTY_FIELDS = { ...RULE_FIELDS, permittedWhenUnreachable: 'true' };
const CONSENT_FIELDS = { ...RULE_FIELDS, consent: 'sms' };
const CONSENT_OPTIONS = { ...RULE_OPTIONS, maxAgeDays: '60' };
const RATE_CAP_FIELDS = { ...RULE_FIELDS, yearlyPercent: '16', includesFees: 'false' };

const ENTRY_KINDS = [...RULE_KINDS, 'rateCap'] as const;

/** Bounds, both inclusive. Outside them a number is more likely a slip than a law. */
const MAX = [1, 1_000] as const;
const DAYS = [1, 366] as const;
/** The jurisdiction and the number of a rule. */
const ID = /^[A-Z]{2}[1-9]\d{0,2}$/;

/** Reads one entry of a pack, or notes its faults. A kind that nobody knows is a fault. */
export function readEntry(value: PolicyValue): Draft<Rule> | Draft<RateCap> {
  const kind = value.at('kind', RULE_FIELDS.kind).oneOf('a kind of rule', ENTRY_KINDS);
  return kind === 'rateCap' ? readRateCap(value) : readRule(value, kind);
}

function readRateCap(value: PolicyValue): Draft<RateCap> {
  const fields = value.fields('a cap on interest', RATE_CAP_FIELDS);
  return {
    kind: 'rateCap',
    ...readCitation(fields),
    yearlyBasisPoints: readBasisPoints(fields.yearlyPercent),
    includesFees: fields.includesFees.flag(),
  };
}

function readRule(value: PolicyValue, kind: Rule['kind'] | undefined): Draft<Rule> {
  switch (kind) {
    case 'dailyWindow': {
      const fields = value.fields('a daily window', WINDOW_FIELDS, WINDOW_OPTIONS);
      const permittedFrom = fields.permittedFrom.time();
      const permittedTo = fields.permittedTo.time();
      if (permittedFrom !== undefined && permittedFrom === permittedTo) {
        fields.permittedTo.refuse('The window ends when it begins; leave the rule out if every hour is permitted.');
      }
      const liftedBy = fields.liftedBy.oneOf('a kind of consent', CONSENT_KINDS) ?? null;
      return { kind, ...readBase(fields), permittedFrom, permittedTo, liftedBy };
    }
    case 'countCap': {
      const fields = value.fields('a cap', CAP_FIELDS, COUNT_OPTIONS);
      return { kind, ...readBase(fields), ...readCount(fields), max: fields.max.integer(MAX) };
    }
    case 'talkCooldown': {
      const fields = value.fields('a rest after a talk', COOLDOWN_FIELDS, COUNT_OPTIONS);
      return { kind, ...readBase(fields), ...readCount(fields) };
    }
    case 'holdGate': {
      const fields = value.fields('a gate for holds', HOLD_FIELDS, HOLD_OPTIONS);
      if (fields.longestDays.isGiven && fields.daysAfterTreatment.isGiven) {
        fields.longestDays.refuseKey('A hold that ends after a treatment has no longest time; keep one of the two.');
      }
      return {
        kind,
        ...readBase(fields),
        reasons: readEach(fields.reasons, 'dispute', (reason) => reason.name()),
        longestDays: fields.longestDays.integer(DAYS) ?? null,
        daysAfterTreatment: fields.daysAfterTreatment.integer(DAYS) ?? null,
      };
    }
    case 'thirdPartyGate': {
      const fields = value.fields('a gate for third parties', THIRD_PARTY_FIELDS, RULE_OPTIONS);
      return { kind, ...readBase(fields), permittedWhenUnreachable: fields.permittedWhenUnreachable.flag() };
    }
    case 'consentGate': {
      const fields = value.fields('a gate for consents', CONSENT_FIELDS, CONSENT_OPTIONS);
      const consent = fields.consent.oneOf('a kind of consent', CONSENT_KINDS);
      return { kind, ...readBase(fields), consent, maxAgeDays: fields.maxAgeDays.integer(DAYS) ?? null };
    }
    case 'requestedHours':
    case 'optOutGate':
    case 'ceaseContactGate':
    case 'visibilityGate':
      return { kind, ...readBase(value.fields('a rule', RULE_FIELDS, RULE_OPTIONS)) };
    case undefined:
      // Which keys are right depends on the kind: without one, its absence is all that can be told.
      if (!value.isMap) value.entries('a rule', RULE_FIELDS);
      else if (!value.at('kind', RULE_FIELDS.kind).isGiven)
        value.refuse(`A rule lacks "kind"; write it such as kind: ${RULE_FIELDS.kind}.`);
      return {};
    default:
      return kind satisfies never;
  }
}

type Fields<Key extends string> = Readonly<Record<Key, PolicyValue>>;

function readBase(fields: Fields<keyof typeof RULE_FIELDS | keyof typeof RULE_OPTIONS>) {
  const { channels, appliesFrom } = fields;
  return {
    ...readCitation(fields),
    channels: channels.isGiven ? readChoices(channels, 'a channel', CONTACT_CHANNELS) : CONTACT_CHANNELS,
    appliesFrom: appliesFrom.date() ?? null,
  };
}

function readCitation({ id, title, citation, verified }: Fields<Exclude<keyof typeof RULE_FIELDS, 'kind'>>) {
  return {
    id: id.scalar('the id of a rule', (given) => (typeof given === 'string' && ID.test(given) ? given : undefined)),
    title: title.text(),
    citation: citation.text(),
    verified: verified.oneOf('a mark', VERIFIED_MARKS),
  };
}

function readCount(fields: Fields<'initiators' | 'results' | 'per' | 'periodDays' | 'consentDays'>) {
  return {
    initiators: readChoices(fields.initiators, 'an initiator', INITIATORS),
    results: readChoices(fields.results, 'a result', RESULTS),
    per: readChoices(fields.per, 'a key of a count', COUNT_KEYS),
    periodDays: fields.periodDays.integer(DAYS),
    consentDays: fields.consentDays.integer(DAYS) ?? null,
  };
}

function readChoices<Choice extends string>(list: PolicyValue, noun: string, choices: readonly Choice[]) {
  return readEach(list, choices[0] ?? '', (item) => item.oneOf(noun, choices));
}

/** The values of a list that is not empty and names nothing twice. */
function readEach<T>(list: PolicyValue, example: string, read: (item: PolicyValue) => T | undefined) {
  const items = list.items(example);
  if (items?.length === 0) list.refuse(`An empty list counts nothing; name one or more, such as [${example}].`);
  const seen = new Set<T>();
  return items?.map((item) => {
    const value = read(item);
    if (value !== undefined && seen.has(value)) item.refuse(`"${String(value)}" is named twice; keep one of them.`);
    if (value !== undefined) seen.add(value);
    return value;
  });
}
