import { CHARACTERISTIC_IDS, type CharacteristicId } from '../domain/score/characteristics.ts';
import { type Reasons, SIDES } from '../domain/score/scorecard.ts';
import type { Draft } from '../domain/strategy-fault.ts';
import { readBothLanguages } from './lender-file.ts';
import type { PolicyValue } from './policy-value.ts';

const REASON = '{ code: R01, en: ..., zh: ... }';
export const PART_FIELDS = {
  scale: '{ pointsToDoubleOdds: 20, evenOddsAt: 600 }',
  bands: '[{ id: A, probabilityFrom: 0.75 }, { id: B, probabilityFrom: 0 }]',
  id: 'utilisationKnownAccount',
  about: 'ability',
  name: '{ en: share of the credit limit in use, zh: 額度使用率 }',
  reasons: `{ high: ${REASON}, unknown: ${REASON} }`,
  text: '{ en: ..., zh: ... }',
};

/** Points are whole; far more than any scorecard gives. */
export const POINTS_BOUNDS = [-100_000, 100_000] as const;

export function readNumber(value: PolicyValue, from: number, to: number): number | undefined {
  const given = value.scalar('a number', (each) => (Number.isFinite(each) ? Number(each) : undefined));
  if (given === undefined || (given >= from && given <= to)) return given;
  return value.refuse(`${given} is outside of ${from} to ${to}.`);
}

export function readShare(value: PolicyValue): number | undefined {
  return readNumber(value, 0, 1);
}

export function readScale(value: PolicyValue) {
  const fields = value.fields('the scale', { pointsToDoubleOdds: '20', evenOddsAt: '600' });
  return {
    pointsToDoubleOdds: fields.pointsToDoubleOdds.integer([1, 1_000]),
    evenOddsAt: fields.evenOddsAt.integer(POINTS_BOUNDS),
  };
}

/** Bands fall, and the last one takes everything down to 0. */
export function readBands(value: PolicyValue) {
  const items = value.items('{ id: A, probabilityFrom: 0.75 }') ?? [];
  const bands = items.map((item) => {
    const fields = item.fields('a band', { id: 'A', probabilityFrom: '0.75' });
    return { id: fields.id.text(), probabilityFrom: readShare(fields.probabilityFrom) };
  });
  for (const [index, { id, probabilityFrom }] of bands.entries()) {
    const above = bands[index - 1]?.probabilityFrom;
    if (above !== undefined && probabilityFrom !== undefined && probabilityFrom >= above) {
      items[index]?.refuse('Bands fall: give this one a lower "probabilityFrom" than the one above.');
    }
    if (bands.findIndex((band) => band.id === id) < index) items[index]?.refuse(`The band "${id}" is given twice.`);
  }
  const last = bands.at(-1)?.probabilityFrom;
  if (value.isGiven && !value.isRefused && last !== 0 && !(bands.length > 0 && last === undefined)) {
    value.refuse('The last band has "probabilityFrom: 0", so that every loan has a band.');
  }
  return bands;
}

export function readTexts(value: PolicyValue) {
  return (value.items(PART_FIELDS.text) ?? []).map((item) => readBothLanguages(item, 'a text'));
}

export function readId(value: PolicyValue): CharacteristicId | undefined {
  return value.oneOf('a characteristic', CHARACTERISTIC_IDS);
}

export function readSide(value: PolicyValue) {
  return value.oneOf('a side', SIDES);
}

/** `unknown` always has a sentence, and a value that is known has at least one that fits. */
export function readReasons(value: PolicyValue): Draft<Reasons> {
  const fields = value.fields('the reasons', { unknown: REASON }, { low: REASON, high: REASON, other: REASON });
  if (value.isMap && !fields.low.isGiven && !fields.high.isGiven && !fields.other.isGiven) {
    value.refuse('The reasons need "low" and "high", or "other" for both.');
  }
  const given = (['low', 'high', 'other', 'unknown'] as const).filter((key) => fields[key].isGiven);
  return Object.fromEntries(given.map((key) => [key, readReason(fields[key])]));
}

function readReason(value: PolicyValue) {
  const { code, ...texts } = value.fields('a reason', { code: 'R01', en: '...', zh: '...' });
  const codeForm = (given: unknown) => (typeof given === 'string' && /^[A-Z]\d{2,3}$/.test(given) ? given : undefined);
  return { code: code.scalar('a reason code', codeForm), en: texts.en.text(), zh: texts.zh.text() };
}

/** Notes the ids that stand twice. */
export function refuseRepeated(values: readonly PolicyValue[], ids: readonly (string | undefined)[]): void {
  for (const [index, id] of ids.entries()) {
    if (id !== undefined && ids.indexOf(id) < index) values[index]?.refuse(`"${id}" is given twice; keep one of them.`);
  }
}
