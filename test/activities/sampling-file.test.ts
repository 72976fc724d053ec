import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { POLICY_DIR } from '../../activities/policy-file.ts';
import { loadSampling } from '../../activities/sampling-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'kept-sampling-'));
const shipped = readFileSync(join(POLICY_DIR, 'sampling.yaml'), 'utf8');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The faults of the shipped file after a change, without their places. */
function faultsAfter(from: string, to: string): string[] {
  expect(shipped).toContain(from);
  writeFileSync(join(dir, 'sampling.yaml'), shipped.replace(from, to));
  try {
    loadSampling(dir);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'SAMPLING_INVALID' });
    return (error as Error).message.split('\n').map((line) => line.replace(/^\S+ /, ''));
  }
}

test('the shipped file is read: shares in hundredths of a percent, questions in both languages', () => {
  const { version, shareBasisPoints, questions } = loadSampling();
  expect(version).toBe(1);
  expect(shareBasisPoints).toEqual({
    call: 1_000,
    visit: 10_000,
    letter: 1_000,
    voice: 100,
    sms: 50,
    email: 50,
    push: 50,
  });
  expect(questions.find(({ id }) => id === 'tone')).toMatchObject({
    kind: 'rating',
    zh: expect.stringContaining('语气'),
  });
});

test.each([
  ['  call: 10\n', '', 'The table of shares lacks "call"; write it such as call: 0.5.'],
  ['call: 10', 'call: 101', '101 is not a percentage with at most two decimals'],
  ['call: 10', 'call: 0.001', '0.001 is not a percentage with at most two decimals'],
  ['call: 10', 'fax: 10', '"fax" is not a key of the table of shares.'],
  ['kind: rating', 'kind: stars', '"stars" is not a kind of question.'],
  ['id: remarks', 'id: tone', '"tone" is used twice; give each question its own id.'],
  ['of: [call, visit]', 'of: [call, fax]', '"fax" is not a channel.'],
  ['seed: kept-2026-1\n', '', 'The sampling of contacts lacks "seed"'],
])('%j for %j is refused', (from, to, message) => {
  expect(faultsAfter(from, to).join('\n')).toContain(message);
});

test('a channel about which nothing is asked is refused', () => {
  const withoutPush = shipped.replaceAll(', push]', ']');
  writeFileSync(join(dir, 'sampling.yaml'), withoutPush);
  expect(() => loadSampling(dir)).toThrow('Nothing is asked about push; name them under "of".');
});
