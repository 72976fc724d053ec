import { readFile } from 'node:fs/promises';

/** One line of the gateway's log. */
interface LogLine {
  readonly event: 'accepted' | 'repeated' | 'conflict' | 'rejected';
  readonly key: string;
  readonly to?: string;
  readonly providerRef?: string;
}

export interface LedgerRow {
  readonly key: string;
  readonly status: string;
  readonly providerRef: string | null;
}

/** What a run has come to, by the gateway's log and the final ledger and nothing else. */
export interface Effects {
  readonly messages: number;
  /** Numbers that got more than one message. */
  readonly doubled: number;
  /** Numbers that got none. */
  readonly lost: number;
  /** Hand-overs of a key that the gateway had taken before. */
  readonly repeats: number;
  readonly conflicts: number;
  /** Messages of which the ledger does not say that they were sent, with the gateway's reference. */
  readonly notOnLedger: number;
  /** Rows that say sent of what the gateway has not taken. */
  readonly notAtGateway: number;
  /** Rows without a final outcome, or with one that is not known. */
  readonly inDoubt: number;
}

/** @param numbers everybody who was to get one message. */
export async function effectsOf(
  logFile: string,
  ledger: readonly LedgerRow[],
  numbers: readonly string[],
): Promise<Effects> {
  const lines = (await readFile(logFile, 'utf8')).split('\n').filter((line) => line !== '');
  const log = lines.map((line) => JSON.parse(line) as LogLine);
  const accepted = log.filter(({ event }) => event === 'accepted');
  const perNumber = new Map(numbers.map((number) => [number, 0]));
  for (const { to = '' } of accepted) perNumber.set(to, (perNumber.get(to) ?? 0) + 1);
  const counts = [...perNumber.values()];
  const sent = new Map(ledger.filter(({ status }) => status === 'sent').map((row) => [row.key, row.providerRef]));
  const taken = new Set(accepted.map(({ key }) => key));
  return {
    messages: accepted.length,
    doubled: counts.filter((count) => count > 1).length,
    lost: counts.filter((count) => count === 0).length,
    repeats: log.filter(({ event }) => event === 'repeated').length,
    conflicts: log.filter(({ event }) => event === 'conflict').length,
    notOnLedger: accepted.filter(({ key, providerRef }) => sent.get(key) !== providerRef).length,
    notAtGateway: [...sent.keys()].filter((key) => !taken.has(key)).length,
    inDoubt: ledger.filter(({ status }) => !FINAL.has(status)).length,
  };
}

const FINAL = new Set(['sent', 'rejected', 'suppressed', 'deferred']);

export function isExact(effects: Effects): boolean {
  const { messages: _messages, repeats: _repeats, ...faults } = effects;
  return Object.values(faults).every((count) => count === 0);
}
