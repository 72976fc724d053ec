import fc from 'fast-check';
import { DAY_MS, MINUTE_MS, instantOf } from '../../../domain/instant.ts';
import {
  CONSENT_KINDS,
  CONTACT_CHANNELS,
  type Consent,
  type Hold,
  INITIATORS,
  type IntentFacts,
  type LedgerEntry,
  PERSONS,
  RESULTS,
} from '../../../domain/rules/facts.ts';
import { NUMBER, PACKS, type PackName } from './support.ts';

/** Zones with their neighbours, so that windows in all of them meet every day. */
const PLACES: readonly (readonly [string, readonly string[]])[] = [
  ['America/New_York', []],
  ['America/New_York', ['America/New_York', 'America/Chicago']],
  ['Europe/London', []],
  ['Europe/London', ['Europe/Paris']],
  ['Australia/Lord_Howe', []],
  ['Asia/Shanghai', []],
  ['Asia/Kolkata', ['Asia/Shanghai']],
];

/** Days around which clocks change somewhere, the year ends, or the Indian draft begins. */
const DAYS = [
  [2026, 2, 8],
  [2026, 2, 29],
  [2026, 3, 4],
  [2026, 4, 11],
  [2026, 5, 30],
  [2026, 9, 3],
  [2026, 9, 25],
  [2026, 10, 1],
  [2026, 11, 31],
] as const;

export const packNames: fc.Arbitrary<PackName[]> = fc.subarray(Object.keys(PACKS) as PackName[], { minLength: 1 });

const debt = fc.constantFrom('L1', 'L1', 'L2');
const number = fc.constantFrom(NUMBER, NUMBER, '+15550199');
const callChannel = fc.constantFrom('call' as const, 'call' as const, 'voice' as const);

/**
 * Facts around a day. @param stepMs all instants but the intent's lie on multiples of it; the intent lies on one, or a
 * second or a millisecond beside it.
 */
export function intentFacts(stepMs: number): fc.Arbitrary<IntentFacts> {
  const steps = (from: number, to: number) =>
    fc.integer({ min: Math.ceil(from / stepMs), max: Math.floor(to / stepMs) }).map((step) => step * stepMs);
  const beside = fc.constantFrom(0, 0, 0, -1_000, -1, 1, 1_000);
  const around = fc
    .tuple(fc.constantFrom(...DAYS), steps(-DAY_MS, 2 * DAY_MS), beside)
    .map(([[year, month, day], offset, aside]) => Date.UTC(year, month, day) + offset + aside);
  return around
    .chain((at) => {
      const base = Math.floor(at / stepMs) * stepMs;
      const within = (from: number, to: number) => steps(from, to).map((offset) => instantOf(base + offset));
      return fc.record({
        debtor: fc.record({
          place: fc.constantFrom(...PLACES),
          optOuts: rarely(
            fc.constantFrom(...CONTACT_CHANNELS).map((channel) => [channel]),
            [],
          ),
          ceaseContact: rarely(fc.constant(true), false),
          unreachable: fc.boolean(),
          requests: rarely(
            request().map((each) => [each]),
            [],
          ),
          consents: fc.array(consentWithin(within), { maxLength: 3 }),
        }),
        holds: rarely(fc.array(holdWithin(within), { minLength: 1, maxLength: 2 }), []),
        ledger: fc.array(entryWithin(within), { maxLength: 24 }),
        intent: fc.record({
          at: fc.constant(instantOf(at)),
          channel: fc.oneof(callChannel, fc.constantFrom(...CONTACT_CHANNELS)),
          debt,
          number,
          to: rarely(fc.constant(PERSONS[1]), PERSONS[0]),
          visibility: rarely(fc.constant('public' as const), 'private' as const),
          thirdPartyRefused: rarely(fc.constant(true), false),
        }),
      });
    })
    .map(
      ({
        debtor: {
          place: [zone, zones],
          ...debtor
        },
        ...rest
      }) => ({ debtor: { ...debtor, zone, zones }, ...rest }),
    );
}

type Within = (from: number, to: number) => fc.Arbitrary<string>;

function entryWithin(within: Within): fc.Arbitrary<LedgerEntry> {
  return fc.record({
    at: fc.oneof(within(-DAY_MS, 0), within(-9 * DAY_MS, 0)),
    channel: fc.oneof({ weight: 6, arbitrary: callChannel }, fc.constantFrom(...CONTACT_CHANNELS)),
    initiator: fc.constantFrom(...INITIATORS, 'us' as const, 'us' as const),
    result: fc.constantFrom(...RESULTS, 'noAnswer' as const, 'noAnswer' as const),
    debt,
    number,
    to: rarely(fc.constant(PERSONS[1]), PERSONS[0]),
  });
}

function consentWithin(within: Within): fc.Arbitrary<Consent> {
  return fc.record({
    kind: fc.constantFrom(...CONSENT_KINDS),
    channel: mostlyNull(callChannel),
    debt: mostlyNull(debt),
    number: mostlyNull(number),
    at: fc.oneof(within(-8 * DAY_MS, 2 * DAY_MS), within(-61 * DAY_MS, -59 * DAY_MS)),
    until: mostlyNull(within(-2 * DAY_MS, 3 * DAY_MS)),
  });
}

function holdWithin(within: Within): fc.Arbitrary<Hold> {
  return fc.record({
    reason: fc.constantFrom('breathing-space', 'mental-health-crisis', 'dispute', 'attorney', 'hardship'),
    from: within(-50 * DAY_MS, 3 * DAY_MS),
    to: fc.option(within(-3 * DAY_MS, 20 * DAY_MS), { freq: 5 }),
    debt: mostlyNull(debt),
    treatmentEnd: fc.option(within(-40 * DAY_MS, 5 * DAY_MS), { freq: 4 }),
  });
}

function request(): fc.Arbitrary<IntentFacts['debtor']['requests'][number]> {
  const quarters = fc.integer({ min: 0, max: 95 });
  return fc.tuple(quarters, fc.integer({ min: 1, max: 20 })).map(([from, length]) => ({
    notBetween: [clockTime(from), clockTime((from + length) % 96)] as const,
  }));
}

function clockTime(quarter: number): string {
  return instantOf(quarter * 15 * MINUTE_MS).slice(11, 16);
}

function rarely<T>(arbitrary: fc.Arbitrary<T>, usual: T): fc.Arbitrary<T> {
  return fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary });
}

function mostlyNull<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}
