import { CHARACTERISTIC_IDS, SENSITIVE_IDS } from '../domain/score/characteristics.ts';
import type { PolicyValue } from './policy-value.ts';
import { readShare } from './scorecard-parts.ts';

const COUNT = [0, 1_000_000_000] as const;
const ROW = { loans: '459', predicted: '0.35', settled: '0.36' };

/** What a scorecard was learned from. */
export function readTraining(value: PolicyValue) {
  const fields = value.fields('the training', {
    source: 'loans of 2026',
    sha256: 'the hash',
    asOf: '2026-09-30',
    loans: '4592',
    borrowers: '4126',
    settled: '1600',
    firstDue: '2026-04-01',
    lastDue: '2026-09-01',
    folds: '5',
    unused: '[product]',
  });
  const hash = (given: unknown) => (typeof given === 'string' && /^[0-9a-f]{64}$/.test(given) ? given : undefined);
  return {
    source: fields.source.text(),
    sha256: fields.sha256.scalar('a SHA-256 of 64 hexadecimal digits', hash),
    asOf: fields.asOf.date(),
    loans: fields.loans.integer(COUNT),
    borrowers: fields.borrowers.integer(COUNT),
    settled: fields.settled.integer(COUNT),
    firstDue: fields.firstDue.date(),
    lastDue: fields.lastDue.date(),
    folds: fields.folds.integer([2, 100]),
    unused: (fields.unused.items('product') ?? []).map((item) => item.oneOf('a characteristic', CHARACTERISTIC_IDS)),
  };
}

/** What was measured on loans that were not learned from. */
export function readQuality(value: PolicyValue) {
  const fields = value.fields('the quality', {
    auc: '0.87',
    ks: '0.55',
    brier: '0.13',
    worstDecileGap: '0.03',
    foldAucs: '[0.87, 0.88]',
    deciles: '[{ loans: 459, predicted: 0.35, settled: 0.36 }]',
    bands: '[{ band: A, loans: 459, predicted: 0.9, settled: 0.91 }]',
  });
  return {
    auc: readShare(fields.auc),
    ks: readShare(fields.ks),
    brier: readShare(fields.brier),
    worstDecileGap: readShare(fields.worstDecileGap),
    foldAucs: (fields.foldAucs.items('0.87') ?? []).map(readShare),
    deciles: (fields.deciles.items('{ loans: 459, ... }') ?? []).map((item) => rowOf(item.fields('a decile', ROW))),
    bands: (fields.bands.items('{ band: A, ... }') ?? []).map((item) => {
      const row = item.fields('a band', { band: 'A', ...ROW });
      return { band: row.band.text(), ...rowOf(row) };
    }),
  };
}

/** What leaving out age, education and region costs. */
export function readFairness(value: PolicyValue) {
  const fields = value.fields('the fairness', { used: '[]', aucWithout: '0.87', aucWithAll: '0.87' });
  return {
    used: (fields.used.items('age') ?? []).map((item) => item.oneOf('a sensitive characteristic', SENSITIVE_IDS)),
    aucWithout: readShare(fields.aucWithout),
    aucWithAll: readShare(fields.aucWithAll),
  };
}

function rowOf({ loans, predicted, settled }: Readonly<Record<keyof typeof ROW, PolicyValue>>) {
  return { loans: loans.integer(COUNT), predicted: readShare(predicted), settled: readShare(settled) };
}
