import { describe, expect, test } from 'vitest';
import type { ContactStep, Strategy } from '../../domain/strategy.ts';
import { type Lack, type TemplateUse, checkDisclosures } from '../../domain/strategy-disclosure-check.ts';
import { contact, strategy, task } from '../support/strategy.ts';

const LACK: Lack = { id: 'purpose', language: 'en', form: 'plain', message: 'The text does not say why.' };

/** What is asked of each step, such as `first sms first` and `first sms later`. */
function asked(steps: readonly ContactStep[], rulePacks: readonly string[] = ['us-regf']): string[] {
  const uses: TemplateUse[] = [];
  checkDisclosures(strategy({ rulePacks, steps: [...steps, task()] }), (use) => {
    uses.push(use);
    return [];
  });
  return uses.map(({ template, channel, isFirst }) => `${template} ${channel} ${isFirst ? 'first' : 'later'}`);
}

function step(template: string, change: Partial<ContactStep> = {}): ContactStep {
  return contact({ id: template, template, ...change });
}

describe('what is asked of a step', () => {
  test('nothing without rule packs, and of each pack the same', () => {
    expect(asked([step('a')], [])).toEqual([]);
    expect(asked([step('a')], ['us-regf', 'uk-consumer'])).toEqual(['a sms first', 'a sms first']);
  });

  test('the only message of a strategy is the first one of its case, whichever the day', () => {
    expect(asked([step('a', { day: { large: 30 } })])).toEqual(['a sms first']);
  });

  test('any later step may find that nothing has reached the debtor before, and so be the first too', () => {
    expect(asked([step('a', { day: { large: 1 } }), step('b', { day: { large: 30 } })])).toEqual([
      'a sms first',
      'a sms later',
      'b sms first',
      'b sms later',
    ]);
  });

  test.each([
    [-1, 0, false],
    [-1, 1, false],
    [-3, -1, true],
    [0, 1, true],
    [0, -1, true],
  ])('a step of day %i beside one of day %i: it may follow: %s', (day, other, follows) => {
    const own = asked([step('a', { day: { small: day } }), step('b', { day: { large: other } })]);
    expect(own.includes('a sms first')).toBe(true);
    expect(own.includes('a sms later')).toBe(follows);
  });

  test('a step before the due date in one tier and after it in another may follow', () => {
    const own = asked([step('a', { day: { small: -3, large: 1 } }), step('b', { day: { large: 5 } })]);
    expect(own).toContain('a sms later');
  });

  test('tasks say nothing', () => {
    expect(asked([])).toEqual([]);
  });

  test('every fallback as much as the channel itself', () => {
    expect(asked([step('a', { fallback: ['voice', 'email'] })])).toEqual([
      'a sms first',
      'a voice first',
      'a email first',
    ]);
  });
});

describe('faults', () => {
  const faultsOf = (change: Partial<Strategy>, lacking: (use: TemplateUse) => readonly Lack[]) =>
    checkDisclosures(strategy({ rulePacks: ['us-regf'], ...change }), lacking).map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    );

  test('stand at the template of the step and name text, pack and what to write', () => {
    expect(faultsOf({}, () => [LACK])).toEqual([
      'steps.0.template.sms.en.plain.us-regf.purpose: Template "overdue-first", sms text in en, by us-regf: The text does not say why.',
    ]);
  });

  test('are told once, though a message lacks the same as the first and as a later one', () => {
    const steps = [step('a', { day: { large: 1 } }), step('b', { day: { large: 30 } })];
    expect(faultsOf({ steps }, ({ template }) => (template === 'b' ? [LACK] : []))).toHaveLength(1);
  });

  test('are told of each text of a mail', () => {
    const steps = [step('a', { channel: 'email' })];
    expect(faultsOf({ steps }, () => [LACK, { ...LACK, form: 'html' }])).toEqual([
      expect.stringContaining('email text in en, by us-regf'),
      expect.stringContaining('email text in en (html), by us-regf'),
    ]);
  });
});
