import { readFileSync } from 'node:fs';
import { loadRulePack, rulePackIds } from '../../activities/rule-pack-file.ts';
import { isZone } from '../../domain/calendar.ts';
import { type Instant, toSeconds } from '../../domain/instant.ts';
import { judgeIntent } from '../../domain/rules/judge-intent.ts';
import type { RulePack } from '../../domain/rules/rule-pack.ts';
import { type JudgedCase, readCases } from './read-cases.ts';

/** The file cannot be judged; nothing has been. */
const REFUSED = 2;

/**
 * `kept judge FILE`: the verdicts on the cases of a file, as JSON on standard output.
 * @returns the exit code: 0, or 2 when the file has a fault; then every fault stands on standard error and nothing on
 * standard output.
 * @throws RULE_PACK_INVALID
 */
export function judgeCommand(path: string): number {
  const document = readJson(path);
  if ('fault' in document) return refuse([`kept: ${path} ${document.fault}`]);
  const read = readCases(document.json, packsOnContacts());
  if ('faults' in read) {
    const isOne = read.faults.length === 1;
    const lines = read.faults.map(({ pointer, message }) => `${pointer || '(the whole file)'}: ${message}`);
    return refuse([`kept: ${path} has ${isOne ? 'a fault' : `${lines.length} faults`}; nothing was judged.`, ...lines]);
  }
  for (const each of read.cases) noteUnknownZones(each);
  const packs = new Map<string, RulePack>();
  for (const id of new Set(read.cases.flatMap((each) => each.packs))) packs.set(id, loadRulePack(id));
  const verdicts = read.cases.map((each) => `  ${JSON.stringify(verdictOn(each, packs))}`);
  process.stdout.write(verdicts.length === 0 ? '[]\n' : `[\n${verdicts.join(',\n')}\n]\n`);
  return 0;
}

/** A misspelt zone is judged as an unknown one, which refuses most contacts: say so. */
function noteUnknownZones({ id, debtor }: JudgedCase): void {
  for (const zone of [debtor.zone, ...debtor.zones]) {
    if (zone === null || isZone(zone)) continue;
    process.stderr.write(`kept: case "${id}": "${zone}" is not a time zone, so the hour at the debtor's is unknown.\n`);
  }
}

/** The verdict in the form of the contract: `id`, `verdict`, `rules`, `until`. */
function verdictOn({ id, packs: names, ...facts }: JudgedCase, packs: ReadonlyMap<string, RulePack>) {
  const named = names.flatMap((name) => packs.get(name) ?? []);
  const { verdict, rules, until } = judgeIntent(facts, named);
  return { id, verdict, rules, until: until === null ? null : shortest(until) };
}

/** Whole seconds without the milliseconds. */
function shortest(instant: Instant): string {
  return instant.endsWith('.000Z') ? toSeconds(instant) : instant;
}

function readJson(path: string): { readonly json: unknown } | { readonly fault: string } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return { fault: `cannot be read${reason}; check the path.` };
  }
  try {
    return { json: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch (error) {
    // The parser's own words may quote the file, and with it a person's number.
    const [, offset] = /at position (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
    const place = offset === undefined ? '' : `; the fault is at ${placeOf(text, Number(offset))}`;
    return { fault: `is not JSON${place}.` };
  }
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

function refuse(lines: readonly string[]): number {
  process.stderr.write(`${lines.join('\n')}\n`);
  return REFUSED;
}

/** Packs that have rules on contacts: one that speaks of interest alone would allow everything. */
function packsOnContacts(): string[] {
  return rulePackIds().filter((id) => loadRulePack(id).rules.length > 0);
}
