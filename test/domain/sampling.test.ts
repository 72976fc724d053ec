import { describe, expect, test } from 'vitest';
import { loadSampling } from '../../activities/sampling-file.ts';
import { type ContactStatus, LEDGER_CHANNELS } from '../../domain/contact-ledger.ts';
import { type SampledContact, type SamplingPolicy, sampleReasonOf } from '../../domain/sampling.ts';

const KEYS = Array.from({ length: 10_000 }, (_, index) => `call:call-${index}`);
const shares = (basisPoints: number): SamplingPolicy['shareBasisPoints'] =>
  Object.fromEntries(LEDGER_CHANNELS.map((channel) => [channel, basisPoints])) as SamplingPolicy['shareBasisPoints'];
const policy = (basisPoints: number, seed = 'test-1') => ({ seed, shareBasisPoints: shares(basisPoints) });
const made = (change: Partial<SampledContact> = {}): SampledContact => ({
  key: 'call:call-1',
  channel: 'call',
  status: 'made',
  result: 'rightParty',
  noteFindings: [],
  ...change,
});
const drawn = (basisPoints: number, seed?: string) =>
  KEYS.filter((key) => sampleReasonOf(policy(basisPoints, seed), made({ key })) === 'share');

describe('T10: which contacts are reviewed', () => {
  // Five standard deviations of a binomial: a fair draw is outside once in two million.
  test.each([50, 100, 1_000, 5_000, 9_900])(
    'of 10,000 calls %i in 10,000 are drawn, as by a fair lot',
    (basisPoints) => {
      const p = basisPoints / 10_000;
      const deviation = Math.sqrt(KEYS.length * p * (1 - p));
      expect(Math.abs(drawn(basisPoints).length - KEYS.length * p)).toBeLessThan(5 * deviation);
    },
  );

  test('a share of nothing draws none, of everything all', () => {
    expect(drawn(0)).toEqual([]);
    expect(drawn(10_000)).toEqual(KEYS);
  });

  test('the same seed draws the same, another one others, and a larger share those of the smaller and more', () => {
    expect(drawn(1_000)).toEqual(drawn(1_000));
    const [some, others] = [new Set(drawn(1_000)), drawn(1_000, 'test-2')];
    const both = others.filter((key) => some.has(key)).length;
    // Of two draws of a tenth that know nothing of each other a hundredth is common.
    expect(both).toBeGreaterThan(50);
    expect(both).toBeLessThan(150);
    const more = new Set(drawn(2_000));
    expect([...some].every((key) => more.has(key))).toBe(true);
  });

  test('keys that end in the same characters are drawn as any other', () => {
    const messages = Array.from({ length: 10_000 }, (_, index) => `TW${String(index).padStart(5, '0')}-1/1/a@1/s/1`);
    const count = messages.filter((key) => sampleReasonOf(policy(1_000), made({ key })) !== null).length;
    expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  test('a note with findings is always reviewed, and that is why', () => {
    expect(sampleReasonOf(policy(0), made({ noteFindings: ['threat-1'] }))).toBe('finding');
    expect(sampleReasonOf(policy(10_000), made({ noteFindings: ['threat-1'] }))).toBe('finding');
    expect(sampleReasonOf(policy(0), made({ noteFindings: ['threat-1'], result: 'noAnswer' }))).toBe('finding');
    expect(sampleReasonOf(policy(0), made({ noteFindings: null }))).toBeNull();
  });

  test.each<[ContactStatus, boolean]>([
    ['sent', true],
    ['made', true],
    ['received', true],
    ['reserved', false],
    ['released', false],
    ['rejected', false],
    ['unknown', false],
    ['undelivered', false],
    ['suppressed', false],
    ['deferred', false],
  ])('of contacts that are %s: %s', (status, isReviewed) => {
    expect(sampleReasonOf(policy(10_000), made({ status })) !== null).toBe(isReviewed);
  });

  test('calls that nobody took are left out, and calls of which nobody says how they went are not', () => {
    const isDrawn = (result: SampledContact['result']) => sampleReasonOf(policy(10_000), made({ result })) !== null;
    expect([isDrawn('noAnswer'), isDrawn('notConnected'), isDrawn('connected'), isDrawn(null)]).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  test('the policy of this installation has a share and questions for every channel', () => {
    const { shareBasisPoints, questions } = loadSampling();
    expect(shareBasisPoints).toMatchObject({ call: 1_000, visit: 10_000, sms: 50 });
    for (const channel of LEDGER_CHANNELS) expect(questions.some(({ of }) => of.includes(channel))).toBe(true);
  });
});
