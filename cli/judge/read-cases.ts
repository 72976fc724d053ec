import {
  CONSENT_KINDS,
  CONTACT_CHANNELS,
  CALL_CHANNELS,
  type Consent,
  type ContactRequest,
  type DebtorFacts,
  type Hold,
  INITIATORS,
  type Intent,
  type IntentFacts,
  type LedgerEntry,
  PERSONS,
  RESULTS,
  VISIBILITIES,
} from '../../domain/rules/facts.ts';
import type { Draft } from '../../domain/strategy-fault.ts';
import { type JsonFault, JsonValue } from './json-value.ts';

/** An intent with its facts, and the packs it is judged by. */
export interface JudgedCase extends IntentFacts {
  readonly id: string;
  readonly packs: readonly string[];
}

/** Channels that a contact cannot be made on without a number. */
const NUMBERED = new Set<string | undefined>([...CALL_CHANNELS, 'sms']);

/**
 * Reads one case or a list of cases; keys that nobody asks for are passed over.
 * @returns the cases, or every fault of the document when it has one.
 */
export function readCases(
  document: unknown,
  packIds: readonly string[],
): { readonly cases: readonly JudgedCase[] } | { readonly faults: readonly JsonFault[] } {
  const faults: JsonFault[] = [];
  const top = new JsonValue(document, faults);
  const values = top.isList ? top.items() : [top];
  const cases = values.map((value) => readCase(value, packIds));
  // Without a fault nothing of a draft is missing.
  return faults.length > 0 ? { faults } : { cases: cases as JudgedCase[] };
}

function readCase(value: JsonValue, packIds: readonly string[]): Draft<JudgedCase> {
  if (!value.object('a case')) return {};
  const packs = value.at('packs');
  const names = packs.items();
  if (names.length === 0 && (packs.isList || !packs.isGiven)) {
    packs.refuse(
      `Name one rule pack or more; a case without one would be allowed anything. Packs: ${packIds.join(', ')}.`,
    );
  }
  return {
    id: value.at('id').text('the id of the case'),
    packs: names.map((name) => name.oneOf('a rule pack', packIds)),
    debtor: readDebtor(value.at('debtor')),
    holds: value.at('holds').items().map(readHold),
    ledger: value.at('ledger').items().map(readEntry),
    intent: readIntent(value.at('intent')),
  };
}

function readDebtor(value: JsonValue): Draft<DebtorFacts> {
  if (!value.object('the facts of a debtor')) return {};
  value.at('id').text('the id of the debtor');
  return {
    // A zone that is not known is a fact to be judged by, not a fault: whoever wrote the case may not know it.
    zone: optional(value.at('zone'), readZone),
    zones: value.at('zones').items().map(readZone),
    optOuts: value
      .at('optOuts')
      .items()
      .map((item) => item.oneOf('a channel', CONTACT_CHANNELS)),
    ceaseContact: flagOf(value.at('ceaseContact')),
    unreachable: flagOf(value.at('unreachable')),
    requests: value.at('requests').items().map(readRequest),
    consents: value.at('consents').items().map(readConsent),
  };
}

function readZone(value: JsonValue): string | undefined {
  return value.isEmptyText ? '' : value.text('the name of a time zone');
}

function readRequest(value: JsonValue): Draft<ContactRequest> {
  if (!value.object('a request')) return {};
  const hours = value.at('notBetween');
  const ends = hours.items();
  const [from, to] = ends;
  if (ends.length !== 2 || !from || !to) {
    if (hours.isList || !hours.isGiven) hours.refuse('Give two times of day, such as ["09:00", "12:00"].');
    return {};
  }
  const [fromTime, toTime] = [from.time(), to.time({ orMidnight: true })];
  if (fromTime !== undefined && fromTime === toTime) {
    to.refuse('The hours end when they begin; for the whole day give ["00:00", "24:00"].');
  }
  return { notBetween: [fromTime, toTime] };
}

function readConsent(value: JsonValue): Draft<Consent> {
  if (!value.object('a consent')) return {};
  return {
    kind: value.at('kind').oneOf('a kind of consent', CONSENT_KINDS),
    channel: optional(value.at('channel'), (channel) => channel.oneOf('a channel', CONTACT_CHANNELS)),
    debt: textOrNull(value.at('debt'), 'the id of the debt'),
    number: textOrNull(value.at('number'), 'the number'),
    at: value.at('at').instant(),
    until: instantOrNull(value.at('until')),
  };
}

function readHold(value: JsonValue): Draft<Hold> {
  if (!value.object('a hold')) return {};
  const [from, to] = [value.at('from').instant(), instantOrNull(value.at('to'))];
  if (from !== undefined && to !== undefined && to !== null && to < from) {
    value.at('to').refuse('The hold ends before it begins; give an instant that is not before "from".');
  }
  return {
    reason: value.at('reason').text('the reason of the hold'),
    from,
    to,
    debt: textOrNull(value.at('debt'), 'the id of the debt'),
    treatmentEnd: instantOrNull(value.at('treatmentEnd')),
  };
}

function readEntry(value: JsonValue): Draft<LedgerEntry> {
  if (!value.object('an attempt')) return {};
  const channel = value.at('channel').oneOf('a channel', CONTACT_CHANNELS);
  const readResult = (result: JsonValue) => result.oneOf('a result', RESULTS);
  const isCall = channel !== undefined && CALL_CHANNELS.includes(channel);
  return {
    at: value.at('at').instant(),
    channel,
    initiator: value.at('initiator').oneOf('an initiator', INITIATORS),
    result: isCall ? readResult(value.at('result')) : optional(value.at('result'), readResult),
    debt: textOrNull(value.at('debt'), 'the id of the debt'),
    number: textOrNull(value.at('number'), 'the number'),
    to: optional(value.at('to'), (to) => to.oneOf('a person', PERSONS)) ?? 'debtor',
  };
}

function readIntent(value: JsonValue): Draft<Intent> {
  if (!value.object('an intent')) return {};
  const channel = value.at('channel').oneOf('a channel', CONTACT_CHANNELS);
  const number = value.at('number');
  return {
    at: value.at('at').instant(),
    channel,
    debt: value.at('debt').text('the id of the debt'),
    number: NUMBERED.has(channel) ? number.text('the number') : textOrNull(number, 'the number'),
    to: value.at('to').oneOf('a person', PERSONS),
    visibility: optional(value.at('visibility'), (given) => given.oneOf('a visibility', VISIBILITIES)) ?? 'private',
    thirdPartyRefused: flagOf(value.at('thirdPartyRefused')),
  };
}

/** Null when nothing is given. */
function optional<T>(value: JsonValue, read: (value: JsonValue) => T): T | null {
  return value.isGiven ? read(value) : null;
}

function textOrNull(value: JsonValue, what: string) {
  return optional(value, (given) => given.text(what));
}

function instantOrNull(value: JsonValue) {
  return optional(value, (given) => given.instant());
}

/** False when nothing is given. */
function flagOf(value: JsonValue) {
  return value.isGiven ? value.flag() : false;
}
