import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadServiceLevels } from '../../activities/service-levels-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'kept-levels-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const KIND =
  '{acknowledgeWithinHours: 24, decideWithinDays: 15, answerWithinDays: 3, correctWithinDays: 7, ' +
  'escalateAgainAfterDays: 3, suspendDays: 14}';

function faultsOf(text: string): string[] {
  writeFileSync(join(dir, 'service-levels.yaml'), text);
  try {
    loadServiceLevels(dir);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => line.replace(/^.*levels\.yaml/, 'levels.yaml'));
  }
}

describe('the service levels', () => {
  test('of this installation suspend for an upheld complaint, and for no dispute', () => {
    const levels = loadServiceLevels();
    expect([levels.complaint.suspendDays > 0, levels.dispute.suspendDays]).toEqual([true, 0]);
  });

  test.each([
    ['a year of hours', '24,', '8760,', []],
    ['an hour more', '24,', '8761,', ['levels.yaml:2:37: 8761 is outside of 1 to 8760.']],
    ['no time at all', 'Days: 15', 'Days: 0', ['levels.yaml:2:59: 0 is outside of 1 to 365.']],
    ['no suspension', 'suspendDays: 14', 'suspendDays: 0', []],
  ])('%s', (_what, from, to, faults) => {
    expect(faultsOf(`version: 1\ncomplaint: ${KIND.replace(from, to)}\ndispute: ${KIND}\n`)).toEqual(faults);
  });

  test('a kind that is left out is told', () => {
    expect(faultsOf(`version: 1\ncomplaint: ${KIND}\n`)).toEqual([
      expect.stringContaining('A table of service levels lacks "dispute"'),
    ]);
  });
});
