import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knownPolicy } from '../../activities/known-policy.ts';
import { POLICY_DIR } from '../../activities/policy-file.ts';
import { parseStrategy } from '../../activities/strategy-file.ts';
import { DomainError } from '../../domain/errors.ts';

const FIRST_EN = 'This is an attempt to collect a debt. Any information obtained will be used for that purpose.';
const FIRST_ZH = '本訊息旨在催收債務，所取得的任何資訊將用於此目的。';
const LATER_EN = 'This message is from a debt collector.';
const LATER_ZH = '本訊息由債務催收機構發出。';
const ITEMISED =
  '{{ lender }} {{ hotline }} {{ asOf }} {{ total }} {{ principal }} {{ interest }} {{ penalty }} {{ fees }} {{ optOut }}';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'kept-disclosures-'));
  cpSync(POLICY_DIR, dir, { recursive: true });
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

/** A strategy of an SMS on day 1 (line 12) and another on day 9 (line 13), under a pack. */
function strategyOf(first: string, second: string, pack: string): string {
  return `id: s
version: 1
currency: TWD
calendar: tw
rulePacks: [${pack}]
window: { from: 09:00, to: 20:00, restDays: [], restOnHolidays: false }
perDebtorPerDay: { sms: 1, email: 1 }
allocation: [penalty, interest, principal, fees]
tiers: [{ id: all }]
steps:
  # Each step stands on one line.
  - { id: a, template: ${first}, stage: s, do: contact, channel: sms, day: 1, sendAt: 10:00, validDays: 1 }
  - { id: b, template: ${second}, stage: s, do: contact, channel: sms, day: 9, sendAt: 10:00, validDays: 1 }
  - { id: r, stage: s, do: task, task: review, day: 30, sendAt: 10:00, waitDays: 0 }
`;
}

/** Writes a message of two texts into the folder, after what every message has to say. */
function writeTemplate(name: string, said: { readonly zh: string; readonly en: string }, kind = 'overdue'): void {
  const text = (language: 'zh' | 'en') =>
    `  ${language}: { templateCode: X_${language.toUpperCase()}, text: '${ITEMISED} ${said[language]}' }`;
  writeFileSync(
    join(dir, 'templates', `${name}.yaml`),
    `name: ${name}\nversion: 1\nkind: ${kind}\napproved: { by: tests, on: 2026-03-02 }\nsms:\n${text('zh')}\n${text('en')}\n`,
  );
}

/** The lines of the refusal. */
function faultsOf(text: string): string[] {
  try {
    parseStrategy(text, 's.yaml', knownPolicy(dir));
    return [];
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'STRATEGY_INVALID') throw error;
    return error.message.split('\n');
  }
}

describe('C7 a strategy under us-regf', () => {
  test('is loaded when every text says what the first and what a later message has to', () => {
    writeTemplate('both', { zh: `${FIRST_ZH}${LATER_ZH}`, en: `${FIRST_EN} ${LATER_EN}` });
    expect(faultsOf(strategyOf('both', 'both', 'us-regf'))).toEqual([]);
  });

  test('is refused for each text that does not, at the template of the step, with what to write', () => {
    writeTemplate('half', { zh: `${FIRST_ZH}${LATER_ZH}`, en: FIRST_EN });
    writeTemplate('none', { zh: LATER_ZH, en: LATER_EN });
    const first = 'the first message says that it is an attempt to collect a debt and what information is used for';
    expect(faultsOf(strategyOf('half', 'none', 'us-regf'))).toEqual([
      `s.yaml:12:24: Template "half", sms text in en, by us-regf: The text does not say "from a debt collector" or words like it; every later message says that it is from a debt collector. Write such as: ${LATER_EN} [1006.18(e)]`,
      `s.yaml:13:24: Template "none", sms text in zh, by us-regf: The text does not say "催收債務" or words like it; ${first}. Write such as: ${FIRST_ZH} [1006.18(e)]`,
      `s.yaml:13:24: Template "none", sms text in en, by us-regf: The text does not say "attempting to collect a debt" or words like it; ${first}. Write such as: ${FIRST_EN} [1006.18(e)]`,
    ]);
  });

  test('is refused for the line that the lender puts in', () => {
    const path = join(dir, 'lender.yaml');
    const lender = readFileSync(path, 'utf8');
    writeTemplate('both', { zh: `${FIRST_ZH}${LATER_ZH}`, en: `${FIRST_EN} ${LATER_EN}` });
    writeFileSync(path, lender.replace('Reply STOP to stop texts.', 'Have a nice day.'));
    expect(faultsOf(strategyOf('both', 'both', 'us-regf'))).toEqual([
      expect.stringMatching(/^s\.yaml:12:24: Template "both", sms text in en, by us-regf: .*every electronic message/),
      expect.stringMatching(/^s\.yaml:13:24: /),
    ]);
    writeFileSync(path, lender);
  });

  test('is refused with the shipped messages, which are for a lender in Taiwan', () => {
    const shipped = readFileSync(join(dir, 'strategies', 'unsecured-consumer.yaml'), 'utf8');
    const faults = faultsOf(shipped.replace('[cn-consumer]', '[us-regf]'));
    expect(faults.some((fault) => fault.includes('email text in en (html)'))).toBe(true);
    expect(faults.every((fault) => /^s\.yaml:\d+:\d+: Template "/.test(fault))).toBe(true);
    // Nothing can come before the reminder before the due date.
    expect(faults.filter((fault) => fault.includes('pre-due-reminder') && fault.includes('later message'))).toEqual([]);
  });
});

test('a strategy under cn-consumer is loaded with the shipped messages, and uk-consumer wants advice in a demand', () => {
  expect(faultsOf(strategyOf('overdue-first', 'overdue-second', 'cn-consumer'))).toEqual([]);
  expect(faultsOf(strategyOf('overdue-first', 'overdue-second', 'uk-consumer'))).toEqual([]);
  writeTemplate('lesson', { zh: LATER_ZH, en: LATER_EN }, 'education');
  expect(faultsOf(strategyOf('overdue-first', 'lesson', 'uk-consumer'))).toEqual([
    expect.stringContaining('s.yaml:13:24: Template "lesson", sms text in zh, by uk-consumer: '),
    expect.stringContaining(
      'Write such as: Free and impartial debt advice: MoneyHelper, StepChange or Citizens Advice.',
    ),
  ]);
});

test('a template or channel that is not there has its own fault, and no second one', () => {
  expect(faultsOf(strategyOf('overdue-first', 'overdue-bill', 'us-regf')).at(-1)).toBe(
    's.yaml:13:24: Template "overdue-bill" has no text for sms, only for email.',
  );
});
