import { describe, expect, test } from 'vitest';
import { loadDisclosures } from '../../activities/disclosure-file.ts';
import { loadTemplates } from '../../activities/templates.ts';
import { type DisclosingMessage, type DisclosurePack, missingDisclosures } from '../../domain/wording-disclosures.ts';

const packs = loadDisclosures();
const { lender } = loadTemplates();

function pack(id: string): DisclosurePack {
  const found = packs.get(id);
  if (found === undefined) throw new Error(`There is no pack ${id}.`);
  return found;
}

const FIRST =
  '{{ lender }}: This is an attempt to collect a debt. Any information obtained will be used for that purpose. {{ optOut }}';
const LATER = '{{ lender }}: This message is from a debt collector. {{ optOut }}';

function missing(id: string, message: Partial<DisclosingMessage>): string[] {
  const whole: DisclosingMessage = {
    channel: 'sms',
    kind: 'overdue',
    language: 'en',
    isFirst: false,
    text: LATER,
    ...message,
  };
  return missingDisclosures(pack(id), whole).map((fault) => fault.id);
}

describe('C7 us-regf', () => {
  test('1006.18(e) the first message says what it is for, a later one whom it is from', () => {
    expect(missing('us-regf', { isFirst: true, text: FIRST })).toEqual([]);
    expect(missing('us-regf', { isFirst: true, text: LATER })).toEqual(['debt-collection-purpose']);
    expect(missing('us-regf', { isFirst: false, text: LATER })).toEqual([]);
    expect(missing('us-regf', { isFirst: false, text: FIRST })).toEqual(['from-debt-collector']);
  });

  test('1006.18(e) both halves of the first disclosure are needed', () => {
    const half = FIRST.replace('Any information obtained will be used for that purpose.', '');
    expect(missing('us-regf', { isFirst: true, text: half })).toEqual(['debt-collection-purpose']);
    expect(
      missingDisclosures(pack('us-regf'), {
        channel: 'call',
        kind: 'overdue',
        language: 'en',
        isFirst: true,
        text: half,
      }),
    ).toEqual([
      {
        pack: 'us-regf',
        id: 'debt-collection-purpose',
        message:
          'The text does not say "information obtained will be used" or words like it; the first message says that it is an attempt to collect a debt and what information is used for. Write such as: This is an attempt to collect a debt. Any information obtained will be used for that purpose. [1006.18(e)]',
        sources: ['1006.18(e)'],
      },
    ]);
  });

  test('1006.18(e)(4) the disclosure is in the language of the message', () => {
    const zh = '{{ lender }}：本訊息旨在催收債務，所取得的任何資訊將用於此目的。{{ optOut }}';
    const simplified = '{{ lender }}：本讯息旨在催收债务，所取得的任何资讯将用于此目的。{{ optOut }}';
    expect(missing('us-regf', { isFirst: true, language: 'zh', text: zh })).toEqual([]);
    expect(missing('us-regf', { isFirst: true, language: 'zh', text: simplified })).toEqual([]);
    expect(missing('us-regf', { isFirst: true, language: 'zh', text: FIRST })).toEqual(['debt-collection-purpose']);
  });

  test('1006.6(e) every electronic message says how to stop it; a letter need not', () => {
    const text = LATER.replace('{{ optOut }}', '');
    for (const channel of ['sms', 'email', 'push', 'im'] as const) {
      expect(missing('us-regf', { channel, text })).toEqual(['opt-out']);
    }
    expect(missing('us-regf', { channel: 'letter', text })).toEqual([]);
  });

  test('1006.6(e) the line that is put in has to say it too', () => {
    const values = { lender: 'Kept', optOut: 'Have a nice day.' };
    expect(missing('us-regf', { values })).toEqual(['opt-out']);
    expect(missing('us-regf', { values: { ...values, optOut: 'Reply STOP to stop texts.' } })).toEqual([]);
  });

  test.each(['sms', 'email', 'push'] as const)(
    '1006.6(e) the shipped line for %s says it in both languages',
    (channel) => {
      for (const language of ['zh', 'en'] as const) {
        const values = { lender: lender.name[language], optOut: lender.optOut[channel][language] };
        expect(missing('us-regf', { channel, language, values })).not.toContain('opt-out');
      }
    },
  );
});

test.each(['cn-consumer', 'uk-consumer', 'in-consumer', 'us-regf'])(
  'C15 %s: a message without its sender is told',
  (id) => {
    expect(
      missing(id, { text: 'Pay please. {{ hotline }} {{ optOut }} This message is from a debt collector.' }),
    ).toEqual(['who-is-calling']);
  },
);

test.each(['cn-consumer', 'in-consumer'])('C15 %s: a message names the hotline, as placeholder or as value', (id) => {
  expect(missing(id, { text: '{{ lender }}' })).toEqual(['hotline']);
  expect(missing(id, { text: '{{ lender }} {{ hotline }}' })).toEqual([]);
  expect(missing(id, { text: 'Kept, 0800-000-123', values: { lender: 'Kept', hotline: '0800-000-123' } })).toEqual([]);
  expect(missing(id, { text: 'Kept, 0800', values: { lender: 'Kept', hotline: '0800-000-123' } })).toEqual(['hotline']);
  expect(missing(id, { text: '{{ lender }} {{ hotline }}', values: { lender: 'Kept', hotline: '' } })).toEqual([
    'hotline',
  ]);
});

test('uk-consumer: a demand and an education message point to free debt advice, a reminder need not', () => {
  expect(missing('uk-consumer', { kind: 'demand' })).toEqual(['debt-advice']);
  expect(missing('uk-consumer', { kind: 'education' })).toEqual(['debt-advice']);
  expect(missing('uk-consumer', { kind: 'overdue' })).toEqual([]);
  const advice = '<p>{{ lender }}</p><p>Free and <b>impartial</b> debt advice: MoneyHelper</p>';
  expect(missing('uk-consumer', { kind: 'demand', text: advice, form: 'html' })).toEqual([]);
});

test('every pack has ids of its own, a reason and words to write in both languages, and these words meet it', () => {
  for (const [id, { disclosures }] of packs) {
    expect(new Set(disclosures.map((each) => each.id)).size).toBe(disclosures.length);
    for (const disclosure of disclosures) {
      expect(disclosure.why).not.toMatch(/[.;]$/);
      for (const language of ['zh', 'en'] as const) {
        const message: Partial<DisclosingMessage> = {
          language,
          isFirst: disclosure.messages === 'first',
          kind: disclosure.kinds[0] ?? 'overdue',
          channel: disclosure.channels[0] ?? 'sms',
          text: disclosure.write[language],
        };
        expect(missing(id, message), `${id} ${disclosure.id} ${language}`).not.toContain(disclosure.id);
      }
    }
  }
});

test('the packs are those of the rules', () => {
  expect([...packs.keys()].sort()).toEqual(['cn-consumer', 'in-consumer', 'uk-consumer', 'us-regf']);
});
