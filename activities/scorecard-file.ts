import { CHARACTERISTICS } from '../domain/score/characteristics.ts';
import type { Scorecard } from '../domain/score/scorecard.ts';
import { isCurrency } from '../domain/money.ts';
import { readBothLanguages } from './lender-file.ts';
import { openPolicyFile } from './policy-file.ts';
import type { PolicyValue } from './policy-value.ts';
import { readCategoryBins, readFigures, readNumberBins } from './scorecard-bins.ts';
import { readCalibration } from './scorecard-calibration.ts';
import { readFairness, readQuality, readTraining } from './scorecard-measures.ts';
import {
  PART_FIELDS,
  POINTS_BOUNDS,
  readBands,
  readId,
  readReasons,
  readScale,
  readSide,
  readTexts,
  refuseRepeated,
} from './scorecard-parts.ts';

const MAP = '{ ... }';
const FIELDS = {
  id: 'consumer-card',
  version: '1',
  currency: 'TWD',
  intendedUse: PART_FIELDS.text,
  limits: `[${PART_FIELDS.text}]`,
  scale: PART_FIELDS.scale,
  calibration: '[{ points: 480, probability: 0.05 }]',
  basePoints: '242',
  bands: PART_FIELDS.bands,
  cuts: '{ ability: 180, willingness: 60 }',
  reasonsShown: '4',
  characteristics: `[${MAP}]`,
  training: MAP,
  quality: MAP,
  fairness: MAP,
};
const CHARACTERISTIC_FIELDS = {
  id: PART_FIELDS.id,
  about: PART_FIELDS.about,
  name: PART_FIELDS.name,
  averagePoints: '12',
  bins: '[{ below: 0.5, points: 20, loans: 300, settled: 120 }, ...]',
  missing: '{ points: 12, loans: 0, settled: 0 }',
  reasons: PART_FIELDS.reasons,
};

/**
 * Reads a scorecard.
 * @throws FILE_UNREADABLE; SCORECARD_INVALID with every fault on its own line as `file:line:column: message`.
 */
export function loadScorecard(path: string): Scorecard {
  const file = openPolicyFile(path);
  const fields = file.content.fields('a scorecard', FIELDS);
  const cuts = fields.cuts.fields('the cuts', { ability: '180', willingness: '60' });
  const items = fields.characteristics.items(MAP) ?? [];
  if (fields.characteristics.isGiven && items.length === 0) {
    fields.characteristics.refuse('A scorecard has at least one characteristic.');
  }
  const characteristics = items.map(readCharacteristic);
  refuseRepeated(
    items,
    characteristics.map(({ id }) => id),
  );
  const draft = {
    id: fields.id.name(),
    version: fields.version.integer([1, 9_999]),
    currency: fields.currency.scalar('a known currency', (given) =>
      typeof given === 'string' && isCurrency(given) ? given : undefined,
    ),
    intendedUse: readBothLanguages(fields.intendedUse, 'the intended use'),
    limits: readTexts(fields.limits),
    scale: readScale(fields.scale),
    calibration: readCalibration(fields.calibration),
    basePoints: fields.basePoints.integer(POINTS_BOUNDS),
    bands: readBands(fields.bands),
    cuts: { ability: cuts.ability.integer(POINTS_BOUNDS), willingness: cuts.willingness.integer(POINTS_BOUNDS) },
    reasonsShown: fields.reasonsShown.integer([1, 20]),
    characteristics,
    training: readTraining(fields.training),
    quality: readQuality(fields.quality),
    fairness: readFairness(fields.fairness),
  };
  file.throwFaults('SCORECARD_INVALID');
  // Without a fault nothing is missing.
  return draft as Scorecard;
}

function readCharacteristic(value: PolicyValue) {
  const fields = value.fields('a characteristic', CHARACTERISTIC_FIELDS, {
    outside: CHARACTERISTIC_FIELDS.missing,
    other: CHARACTERISTIC_FIELDS.missing,
  });
  const id = readId(fields.id);
  const { kind } = CHARACTERISTICS[id ?? 'monthsOfHistory'];
  const shared = {
    id,
    about: readSide(fields.about),
    name: readBothLanguages(fields.name, 'a name'),
    averagePoints: fields.averagePoints.integer(POINTS_BOUNDS),
    missing: readFigures(fields.missing),
    ...(fields.outside.isGiven ? { outside: readFigures(fields.outside) } : {}),
    reasons: readReasons(fields.reasons),
  };
  if (kind === 'number') {
    if (fields.other.isGiven) fields.other.refuseKey('"other" is for characteristics with named values.');
    return { ...shared, kind, bins: readNumberBins(fields.bins) };
  }
  if (!fields.other.isGiven) value.refuse('Named values need "other", for those that no bin names.');
  return { ...shared, kind, bins: readCategoryBins(fields.bins), other: readFigures(fields.other) };
}
