import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadWording } from '../../activities/word-list-file.ts';
import { POLICY_DIR } from '../../activities/policy-file.ts';
import { loadScorecard } from '../../activities/scorecard-file.ts';
import { loadTrainingPlan } from '../../cli/score/train/plan-file.ts';
import { scorecardText } from '../../cli/score/train/scorecard-text.ts';

const CARD = join(POLICY_DIR, 'scorecards', 'consumer-card.yaml');
const PLAN = join(POLICY_DIR, 'scorecards', 'training-plan.yaml');
const text = readFileSync(CARD, 'utf8');

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kept-card-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** The faults of the shipped scorecard after an edit, without the name of the file. */
function faultsAfter(edit: (card: string) => string): string {
  const path = join(dir, 'card.yaml');
  const edited = edit(text);
  expect(edited).not.toBe(text);
  writeFileSync(path, edited);
  try {
    loadScorecard(path);
    return 'none';
  } catch (error) {
    expect(error).toMatchObject({ code: 'SCORECARD_INVALID' });
    return error instanceof Error ? error.message : '';
  }
}

test('a scorecard read and written again is the same file', () => {
  expect(scorecardText(loadScorecard(CARD))).toBe(text);
});

test('the shipped scorecard is of the shipped plan', () => {
  const [card, plan] = [loadScorecard(CARD), loadTrainingPlan(PLAN)];
  expect(card).toMatchObject({ id: plan.id, version: plan.version, bands: plan.bands, limits: plan.limits });
  for (const { id, reasons, about } of card.characteristics) {
    expect(plan.characteristics.find((each) => each.id === id)).toMatchObject({ reasons, about });
  }
});

test('what is said to a customer has no forbidden wording, and one code says one thing', () => {
  const wording = loadWording();
  const said = new Map<string, string>();
  for (const { reasons } of loadTrainingPlan(PLAN).characteristics) {
    for (const reason of Object.values(reasons)) {
      const { code, en, zh } = reason;
      expect(said.get(code) ?? en).toBe(en);
      said.set(code, en);
      for (const words of [en, zh]) expect(wording.check({ text: words, use: 'message' })).toEqual([]);
    }
  }
});

describe('faults are told with line and column', () => {
  test.each<[string, (card: string) => string, RegExp]>([
    [
      'a misspelt key',
      (card) => card.replace('basePoints', 'basePoint'),
      /:\d+:1: "basePoint" is not a key of a scorecard. Did you mean "basePoints"\?/,
    ],
    ['not a number', (card) => card.replace(/basePoints: \d+/, 'basePoints: .nan'), /:\d+:13: .*is not a whole number/],
    ['a fraction of a point', (card) => card.replace(/points: 61/, 'points: 61.5'), /61\.5 is not a whole number/],
    ['bounds that fall', (card) => card.replace('below: 116000', 'below: 1'), /Bounds rise/],
    [
      'an open bin in the middle',
      (card) => card.replace('below: 116000, ', ''),
      /Only the last bin may be without "below"/,
    ],
    [
      'a characteristic that there is not',
      (card) => card.replace('id: paidToBilled', 'id: paidToBiled'),
      /Did you mean "paidToBilled"/,
    ],
    [
      'a characteristic given twice',
      (card) => card.replace('id: paidToBilled', 'id: monthsCovered'),
      /"monthsCovered" is given twice/,
    ],
    [
      'a calibration that falls',
      (card) => card.replace(/(calibration:\n.*\n.*probability: )[\d.]+/, '$10.0001'),
      /The calibration rises/,
    ],
    ['bands that rise', (card) => card.replace('probabilityFrom: 0.45', 'probabilityFrom: 0.9'), /Bands fall/],
    [
      'no last band',
      (card) => card.replace('  - { id: E, probabilityFrom: 0 }\n', ''),
      /The last band has "probabilityFrom: 0"/,
    ],
    [
      'more settled than there were',
      (card) => card.replace(/loans: 66, settled: \d+/, 'loans: 66, settled: 67'),
      /67 of 66 loans/,
    ],
    ['a share beyond 1', (card) => card.replace(/auc: 0\.\d+/, 'auc: 1.2'), /1\.2 is outside of 0 to 1/],
    ['an unknown currency', (card) => card.replace('currency: TWD', 'currency: XXX'), /"XXX" is not a known currency/],
    ['a missing sentence', (card) => card.replace(/unknown: \{ code: R02.*\n/, '\n'), /The reasons lacks? "unknown"/],
    ['not YAML', (card) => `${card}\n\t- [`, /:\d+:\d+: /],
    ['an empty file', () => '', /The file is empty/],
  ])('%s', (_, edit, message) => {
    expect(faultsAfter(edit)).toMatch(message);
  });

  test('all at once, in the order of the file', () => {
    const message = faultsAfter((card) =>
      card.replace('currency: TWD', 'currency: XXX').replace(/auc: 0\.\d+/, 'auc: 7'),
    );
    expect(message.split('\n')).toHaveLength(2);
  });

  test('a file that is not there', () => {
    expect(() => loadScorecard(join(dir, 'none.yaml'))).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE' }));
  });
});
