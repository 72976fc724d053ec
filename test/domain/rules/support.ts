import { loadRulePack } from '../../../activities/rule-pack-file.ts';
import { plusMs } from '../../../domain/instant.ts';
import type { Consent, DebtorFacts, Hold, Intent, IntentFacts, LedgerEntry } from '../../../domain/rules/facts.ts';
import { judgeIntent } from '../../../domain/rules/judge-intent.ts';
import type { RulePack } from '../../../domain/rules/rule-pack.ts';

/** The shipped packs by their first letters, as rule ids begin. */
export const PACKS = {
  CN: loadRulePack('cn-consumer'),
  US: loadRulePack('us-regf'),
  UK: loadRulePack('uk-consumer'),
  IN: loadRulePack('in-consumer'),
} satisfies Record<string, RulePack>;
export type PackName = keyof typeof PACKS;

export const NUMBER = '+15550100';
export const SECOND_MS = 1_000;

/** What a case says beyond a quiet debtor and an agent's call about loan L1. */
export interface Given extends Partial<DebtorFacts>, Partial<Intent> {
  readonly at: string;
  readonly holds?: readonly (Partial<Hold> & Pick<Hold, 'reason' | 'from'>)[];
  readonly consents?: readonly Consent[];
  readonly ledger?: readonly LedgerEntry[];
}

export function factsOf(given: Given): IntentFacts {
  const { zone, zones, optOuts, ceaseContact, unreachable, requests, consents, holds, ledger, ...intent } = given;
  return {
    debtor: {
      zone: zone === undefined ? 'America/New_York' : zone,
      zones: zones ?? [],
      optOuts: optOuts ?? [],
      ceaseContact: ceaseContact ?? false,
      unreachable: unreachable ?? false,
      requests: requests ?? [],
      consents: consents ?? [],
    },
    holds: (holds ?? []).map((hold) => ({ to: null, debt: null, treatmentEnd: null, ...hold })),
    ledger: ledger ?? [],
    intent: {
      channel: 'call',
      debt: 'L1',
      number: NUMBER,
      to: 'debtor',
      visibility: 'private',
      thirdPartyRefused: false,
      ...intent,
      at: milliseconds(given.at),
    },
  };
}

export function attempt(at: string, entry: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    channel: 'call',
    initiator: 'us',
    result: 'noAnswer',
    debt: 'L1',
    number: NUMBER,
    to: 'debtor',
    ...entry,
    at: milliseconds(at),
  };
}

export function consent(kind: Consent['kind'], at: string, rest: Partial<Consent> = {}): Consent {
  return { kind, channel: null, debt: null, number: null, until: null, ...rest, at: milliseconds(at) };
}

/** The verdict in one line: `allow`, `deny US6`, `defer US1 US3 until 2026-04-08T12:00:00.000Z`. */
export function verdictOf(given: Given, ...packs: readonly PackName[]): string {
  return inWords(
    judgeIntent(
      factsOf(given),
      packs.map((name) => PACKS[name]),
    ),
  );
}

export function inWords({ verdict, rules, until }: ReturnType<typeof judgeIntent>): string {
  return [verdict, ...rules, ...(until === null ? [] : ['until', until])].join(' ');
}

/** An instant moved by whole seconds. */
export function seconds(at: string, count: number): string {
  return plusMs(milliseconds(at), count * SECOND_MS);
}

/** `2026-04-08T12:00Z` with its seconds and milliseconds. */
export function milliseconds(at: string): string {
  return new Date(at).toISOString();
}
