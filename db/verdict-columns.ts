import type { Verdict } from '../domain/judge.ts';

/** How a contact stands in the ledger right after its verdict. */
export const STATUS_AFTER = { allow: 'reserved', defer: 'deferred', deny: 'suppressed' } as const satisfies Readonly<
  Record<Verdict['verdict'], string>
>;

/** What the ledger keeps of a verdict. */
export function verdictColumns(verdict: Verdict) {
  return {
    localDate: verdict.verdict === 'allow' ? verdict.localDate : null,
    status: STATUS_AFTER[verdict.verdict],
    rules: verdict.verdict === 'allow' ? [] : [...verdict.rules],
    deferredUntil: verdict.verdict === 'defer' ? verdict.until : null,
  };
}
