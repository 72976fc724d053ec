import { type PolicyFile, openPolicyFile } from '../../../activities/policy-file.ts';
import type { PolicyValue } from '../../../activities/policy-value.ts';
import { readBothLanguages } from '../../../activities/lender-file.ts';
import {
  PART_FIELDS,
  readBands,
  readId,
  readReasons,
  readScale,
  readSide,
  readTexts,
  refuseRepeated,
} from '../../../activities/scorecard-parts.ts';
import { DIRECTIONS, type TrainingPlan } from './plan.ts';

const FIELDS = {
  id: 'consumer-card',
  version: '1',
  intendedUse: PART_FIELDS.text,
  limits: `[${PART_FIELDS.text}]`,
  scale: PART_FIELDS.scale,
  bands: PART_FIELDS.bands,
  reasonsShown: '4',
  characteristics: '[{ id: paidToBilled, ... }]',
};
const CHARACTERISTIC_FIELDS = {
  id: PART_FIELDS.id,
  about: PART_FIELDS.about,
  direction: 'falling',
  name: PART_FIELDS.name,
  reasons: PART_FIELDS.reasons,
};

/**
 * Reads what an officer decided before a training.
 * @throws FILE_UNREADABLE; SCORECARD_INVALID with every fault on its own line as `file:line:column: message`.
 */
export function loadTrainingPlan(path: string): TrainingPlan {
  const file: PolicyFile = openPolicyFile(path);
  const fields = file.content.fields('a training plan', FIELDS);
  const items = fields.characteristics.items('{ id: paidToBilled, ... }') ?? [];
  const characteristics = items.map(readCharacteristic);
  refuseRepeated(
    items,
    characteristics.map(({ id }) => id),
  );
  const draft = {
    id: fields.id.name(),
    version: fields.version.integer([1, 9_999]),
    intendedUse: readBothLanguages(fields.intendedUse, 'the intended use'),
    limits: readTexts(fields.limits),
    scale: readScale(fields.scale),
    bands: readBands(fields.bands),
    reasonsShown: fields.reasonsShown.integer([1, 20]),
    characteristics,
  };
  file.throwFaults('SCORECARD_INVALID');
  // Without a fault nothing is missing.
  return draft as TrainingPlan;
}

function readCharacteristic(value: PolicyValue) {
  const fields = value.fields('a characteristic', CHARACTERISTIC_FIELDS);
  return {
    id: readId(fields.id),
    about: readSide(fields.about),
    direction: fields.direction.oneOf('a direction', DIRECTIONS),
    name: readBothLanguages(fields.name, 'a name'),
    reasons: readReasons(fields.reasons),
  };
}
