import { Document, isMap, isSeq, visit } from 'yaml';
import type { CharacteristicPoints, Scorecard } from '../../../domain/score/scorecard.ts';

const HEADER = ` A points scorecard, written by \`kept score train\`. \`kept score show\` prints it; docs/scoring.md describes the format.
 A loan gets the base, and from each characteristic the points of the one bin that its value lies in.`;
/** Keys whose maps stand on one line, so that a table reads as a table. */
const ON_ONE_LINE = new Set([
  'scale',
  'bands',
  'calibration',
  'cuts',
  'name',
  'bins',
  'missing',
  'outside',
  'other',
  'low',
  'high',
  'unknown',
  'deciles',
]);
const LISTS_ON_ONE_LINE = new Set(['foldAucs', 'unused', 'used', 'values']);
/** No line is broken: a bin is a row. */
const NO_WIDTH = 0;

/** The scorecard file; the same scorecard gives the same bytes. */
export function scorecardText({ characteristics, training, quality, fairness, ...head }: Scorecard): string {
  const content = { ...head, training, quality, fairness, characteristics: characteristics.map(inFileOrder) };
  const document = new Document(content, { aliasDuplicateObjects: false });
  document.commentBefore = HEADER;
  visit(document, {
    Pair(_, { key, value }) {
      const name = String(key);
      if (isMap(value) && ON_ONE_LINE.has(name)) value.flow = true;
      if (!isSeq(value)) return;
      if (LISTS_ON_ONE_LINE.has(name)) value.flow = true;
      if (ON_ONE_LINE.has(name)) for (const item of value.items) if (isMap(item)) item.flow = true;
    },
  });
  return document.toString({ lineWidth: NO_WIDTH, flowCollectionPadding: true });
}

/** The kind is not written: the id says it. The last bin has no bound. */
function inFileOrder(characteristic: CharacteristicPoints) {
  const { id, about, name, averagePoints, missing, outside, reasons } = characteristic;
  const bins =
    characteristic.kind === 'category'
      ? characteristic.bins
      : characteristic.bins.map(({ below, ...figures }) => (below === null ? figures : { below, ...figures }));
  return {
    id,
    about,
    name,
    averagePoints,
    bins,
    ...(characteristic.kind === 'category' ? { other: characteristic.other } : {}),
    missing,
    ...(outside === undefined ? {} : { outside }),
    reasons,
  };
}
