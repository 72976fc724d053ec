import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BillFacts, messageParams } from '../../activities/message-params.ts';
import { POLICY_DIR } from '../../activities/policy-file.ts';
import { type MessageParams, loadTemplates, render } from '../../activities/templates.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Language } from '../../domain/events.ts';
import type { Channel } from '../../domain/strategy.ts';

const templates = loadTemplates();
const FACTS: BillFacts = {
  loanRef: 'TW00011-1',
  product: 'credit-card',
  currency: 'TWD',
  due: { principal: 1_070_01, interest: 31_02, penalty: 5_03, fees: 1_04 },
  dueOn: '2026-07-01',
  asOfOn: '2026-07-31',
  agreed: { amountMinor: 450_50, dueOn: '2026-08-05' },
};
const HOTLINE = '0800-000-123';

/** Every message that is shipped. */
const MESSAGES = [...templates.byName].flatMap(([template, { channels }]) =>
  [...channels.keys()].flatMap((channel) =>
    (['zh', 'en'] as const).map((language) => [template, channel, language] as const),
  ),
);

function message(template: string, channel: Channel, language: Language, facts: BillFacts = FACTS) {
  const params = messageParams(templates, { template, language, facts });
  return render(templates, { template, channel, language, params });
}

describe('Every shipped message', () => {
  test('there are eleven, each in both languages', () => {
    expect([...templates.byName.keys()]).toEqual([
      'credit-record-help',
      'demand-notice',
      'instalment-reminder',
      'overdue-bill',
      'overdue-first',
      'overdue-push',
      'overdue-second',
      'plan-broken',
      'pre-due-reminder',
      'promise-broken',
      'promise-reminder',
    ]);
    expect(MESSAGES).toHaveLength(44);
  });

  test.each(MESSAGES)(
    'C8 %s by %s in %s itemises principal, interest, penalty, fees and their sum as of sending',
    (...which) => {
      const { text, html } = message(...which);
      for (const part of html === undefined ? [text] : [text, html]) {
        for (const said of ['NT$1,070.01', 'NT$31.02', 'NT$5.03', 'NT$1.04', 'NT$1,107.10', '2026-07-31']) {
          expect(part).toContain(said);
        }
      }
    },
  );

  test.each(MESSAGES)('C15 %s by %s in %s names the hotline', (...which) => {
    const { text, html } = message(...which);
    expect(text).toContain(HOTLINE);
    expect(html ?? HOTLINE).toContain(HOTLINE);
  });

  test.each(MESSAGES)('%s by %s in %s says how to stop it, and who sends it', (template, channel, language) => {
    const { text } = message(template, channel, language);
    expect(text).toContain(templates.lender.optOut[channel][language]);
    expect(text).toContain(templates.lender.name[language]);
  });

  test.each(MESSAGES)('%s by %s in %s shows no loan reference in full, and no gap', (...which) => {
    const { text, html = '', subject = '' } = message(...which);
    for (const part of [text, html, subject]) {
      expect(part).not.toMatch(/TW0*11|undefined|\{\{|\}\}|NaN/);
    }
    expect(text).toContain('0111');
  });

  // C7: a first net only; the list of forbidden words belongs to policy/words.
  test.each(MESSAGES)('C7 %s by %s in %s threatens nobody', (...which) => {
    const { text, html = '' } = message(...which);
    expect(`${text}${html}`).not.toMatch(
      /court order|lawsuit|sue you|police|seize|immediately|last warning|final|提告|告訴您的家人|強制執行|查封|法院|警察|立即|最後/i,
    );
  });
});

test('C8 a text message reads like this', () => {
  expect(message('overdue-first', 'sms', 'zh')).toEqual({
    templateCode: 'KEPT_OVERDUE_FIRST_ZH',
    params: {
      lender: '守約消費金融',
      loanLabel: '信用卡（尾碼 0111）',
      dueOn: '2026-07-01',
      asOf: '2026-07-31',
      total: 'NT$1,107.10',
      principal: 'NT$1,070.01',
      interest: 'NT$31.02',
      penalty: 'NT$5.03',
      fees: 'NT$1.04',
      payUrl: 'https://pay.example.com',
      hotline: HOTLINE,
      optOut: '不想再收到簡訊請回覆「停止」。',
    },
    text: '【守約消費金融】您好，您的信用卡（尾碼 0111）款項已於 2026-07-01 到期，我們尚未收到。截至 2026-07-31 應繳 NT$1,107.10（本金 NT$1,070.01、利息 NT$31.02、違約金 NT$5.03、費用 NT$1.04）。若您已繳款，謝謝您，請忽略本訊息。繳款：https://pay.example.com 如有困難歡迎來電 0800-000-123。不想再收到簡訊請回覆「停止」。',
  });
  expect(message('overdue-first', 'sms', 'en').text).toBe(
    'Kept Consumer Finance: The payment on your credit card (ending 0111) was due on 2026-07-01 and has not reached us yet. As of 2026-07-31 it comes to NT$1,107.10 (principal NT$1,070.01, interest NT$31.02, late charge NT$5.03, fees NT$1.04). If you have paid, thank you, and please ignore this. Pay: https://pay.example.com If it is difficult right now, call us: 0800-000-123. Reply STOP to stop texts.',
  );
});

test('T3 the demand notice states the overdue facts, sets a date and says how to dispute', () => {
  const { templateCode, subject, text, html } = message('demand-notice', 'email', 'en');
  expect(templateCode).toBe('demand-notice@1');
  expect(subject).toBe('Kept Consumer Finance: notice of overdue payment, credit card (ending 0111)');
  for (const part of [text, html]) {
    expect(part).toContain('30 days overdue');
    expect(part).toContain('2026-07-01');
    expect(part).toContain('2026-08-14');
    expect(part).toContain('If you dispute the debt');
  }
});

test('T8 C17 the education mail explains the credit record and the ways to get help', () => {
  const { text } = message('credit-record-help', 'email', 'en');
  expect(text).toContain('your credit record');
  expect(text).toContain('Instalments or more time');
  expect(text).toContain('Legal Aid Foundation');
});

test('An e-mail is whole: language, frame, bill as a table, values escaped', () => {
  const params: MessageParams = {
    ...messageParams(templates, { template: 'overdue-bill', language: 'zh', facts: FACTS }),
    loanLabel: '<b>&',
  };
  const { html, text, subject } = render(templates, {
    template: 'overdue-bill',
    channel: 'email',
    language: 'zh',
    params,
  });
  expect(html).toMatch(/^<!doctype html>\n<html lang="zh-Hant">/);
  expect(html).toContain('&lt;b&gt;&amp;');
  expect(html).not.toContain('<b>&');
  expect(html).toMatch(/<td[^>]*>本金<\/td><td[^>]*>NT\$1,070\.01<\/td>/);
  expect(html).not.toMatch(/<style|<script|class=/);
  expect(text).toContain('<b>&');
  expect(subject).toContain('<b>&');
});

function params(change: Partial<BillFacts>, language: Language = 'en', template = 'overdue-bill'): MessageParams {
  return messageParams(templates, { template, language, facts: { ...FACTS, ...change } });
}

describe('A message about an agreement', () => {
  const ABOUT_AGREEMENTS = MESSAGES.filter(([template]) => /^(promise|instalment|plan)-/.test(template));

  test('there are four, each by SMS, e-mail and app push in both languages', () => {
    expect(ABOUT_AGREEMENTS).toHaveLength(4 * 3 * 2);
  });

  test.each(ABOUT_AGREEMENTS)('%s by %s in %s says how much was agreed, and by which day', (...which) => {
    const { text, html = text } = message(...which);
    for (const part of [text, html]) {
      expect(part).toContain('NT$450.50');
      expect(part).toContain('2026-08-05');
    }
  });

  test('is not sent when nothing is agreed', () => {
    const { agreed: _, ...nothingAgreed } = FACTS;
    expect(() => message('promise-reminder', 'sms', 'en', nothingAgreed)).toThrow(
      'Template "promise-reminder" needs a value for agreedAmount, agreedOn.',
    );
  });
});

describe('Values of a message', () => {
  test('a product without a name of its own is a loan', () => {
    expect(params({ product: 'boat' }).loanLabel).toBe('loan (ending 0111)');
    expect(params({ product: 'boat' }, 'zh').loanLabel).toBe('貸款（尾碼 0111）');
  });

  test('of a short loan reference at most half is shown', () => {
    expect(params({ loanRef: 'AB-CDEF12' }).loanLabel).toBe('credit card (ending EF12)');
    expect(params({ loanRef: 'A-1234' }).loanLabel).toBe('credit card (ending 34)');
    expect(params({ loanRef: 'A1' }).loanLabel).toBe('credit card (ending 1)');
    expect(params({ loanRef: '7' }).loanLabel).toBe('credit card');
  });

  test('days past due start at nothing', () => {
    expect(params({ asOfOn: '2026-06-28' }).daysPastDue).toBe('0');
    expect(params({ asOfOn: '2026-07-01' }).daysPastDue).toBe('0');
    expect(params({ asOfOn: '2026-07-02' }).daysPastDue).toBe('1');
  });

  test('only a notice has a date to pay by', () => {
    expect(params({})).not.toHaveProperty('payBy');
    expect(params({}, 'en', 'demand-notice').payBy).toBe('2026-08-14');
  });

  test('of a template that is not there', () => {
    expect(() => params({}, 'en', 'nothing')).toThrow(expect.objectContaining({ code: 'TEMPLATE_UNKNOWN' }));
  });
});

describe('render refuses', () => {
  const all = messageParams(templates, { template: 'demand-notice', language: 'en', facts: FACTS });
  const rendering = (template: string, channel: Channel, params: MessageParams) => () =>
    render(templates, { template, channel, language: 'en', params });

  test('a template that is not there', () => {
    expect(rendering('overdue-frist', 'sms', all)).toThrow(
      expect.objectContaining({
        code: 'TEMPLATE_UNKNOWN',
        message: 'There is no template "overdue-frist" for sms in en. Did you mean "overdue-first"?',
      }),
    );
  });

  test('a channel that the template has no text for', () => {
    expect(rendering('overdue-first', 'push', all)).toThrow('There is no template "overdue-first" for push in en.');
  });

  test.each([
    ['missing', {}],
    ['empty', { payBy: '' }],
  ])('a value that is %s, rather than leave a gap', (_, payBy) => {
    const { payBy: __, total: ___, ...rest } = all;
    expect(rendering('demand-notice', 'email', { ...rest, ...payBy })).toThrow(
      expect.objectContaining({
        code: 'TEMPLATE_PARAM_MISSING',
        message: 'Template "demand-notice" needs a value for total, payBy.',
      }),
    );
  });
});

describe('Loading', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kept-policy-'));
    cpSync(POLICY_DIR, dir, { recursive: true });
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  /** The lines of the refusal after an edit of a policy file, without the folder; each with the text of its line. */
  function faultsAfter(name: string, from: string, to: string): { line: string; message: string }[] {
    const path = join(dir, name);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(from);
    const changed = text.replace(from, () => to);
    writeFileSync(path, changed);
    try {
      loadTemplates(dir);
      return [];
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'TEMPLATE_INVALID') throw error;
      return error.message.split('\n').map((fault) => {
        const [, line, column, message] = /:(\d+):(\d+): (.*)$/.exec(fault) ?? [];
        return { line: changed.split('\n')[Number(line) - 1]?.slice(Number(column) - 1) ?? '', message: message ?? '' };
      });
    }
  }

  test('the shipped folder is sound', () => {
    expect([...loadTemplates(dir).byName.keys()]).toEqual([...templates.byName.keys()]);
  });

  const FIRST = 'templates/overdue-first.yaml';
  const PUSH = 'templates/overdue-push.yaml';
  const BILL = 'templates/overdue-bill.yaml';
  const NOTICE = 'templates/demand-notice.yaml';
  test.each<[title: string, file: string, from: string, to: string, at: RegExp, message: string]>([
    [
      'a misspelt placeholder',
      FIRST,
      '{{ total }}',
      '{{ totl }}',
      /^\{\{ totl \}\}/,
      'There is no value "totl" to put in. Did you mean "total"?',
    ],
    [
      'a placeholder with code in it',
      FIRST,
      '{{ payUrl }}',
      '{{ it.payUrl }}',
      /^\{\{ it\.payUrl \}\}/,
      '"{{ it.payUrl }}" is not a placeholder; write one such as {{ total }}.',
    ],
    [
      'a placeholder that runs code',
      FIRST,
      '{{ payUrl }}',
      '{{! exit() }}',
      /^\{\{! exit/,
      '"{{! exit() }}" is not a placeholder; write one such as {{ total }}.',
    ],
    [
      'three braces',
      FIRST,
      '{{ payUrl }}',
      '{{{ payUrl }}}',
      /^\{\{\{ payUrl/,
      '"{{{ payUrl }}" is not a placeholder; write one such as {{ total }}.',
    ],
    [
      'a brace that is never closed',
      BILL,
      '{{ optOut }}\n    html',
      '{{ optOut }\n    html',
      /^\|/,
      'The text has a "{{" without its partner; write it such as {{ total }}.',
    ],
    [
      'C8 no interest',
      FIRST,
      '利息 {{ interest }}',
      '利息',
      /^>-/,
      'The text does not say {{ interest }}; a message itemises the amount.',
    ],
    [
      'C8 no day that the amounts are of',
      FIRST,
      '截至 {{ asOf }}',
      '現在',
      /^>-/,
      'The text does not say {{ asOf }}; an amount is as of a day.',
    ],
    [
      'C8 a mail without its bill',
      BILL,
      '{{ bill }}',
      '',
      /^\|/,
      'The text does not say {{ principal }}; a message itemises the amount.',
    ],
    [
      'C15 no hotline',
      FIRST,
      '{{ hotline }}',
      '服務專線',
      /^>-/,
      'The text does not say {{ hotline }}; a message names the hotline.',
    ],
    [
      'no way to stop it',
      FIRST,
      '{{ optOut }}',
      '',
      /^>-/,
      'The text does not say {{ optOut }}; a message says how to stop it.',
    ],
    ['no sender', FIRST, '{{ lender }}', '', /^>-/, 'The text does not say {{ lender }}; a message says who sends it.'],
    [
      'T3 a notice without a date',
      NOTICE,
      '{{ payBy }} 以前繳清',
      '近日繳清',
      /^\|/,
      'The text does not say {{ payBy }}; a notice sets a date.',
    ],
    [
      'T3 a notice without the days',
      NOTICE,
      '{{ daysPastDue }}',
      '數',
      /^\|/,
      'The text does not say {{ daysPastDue }}; a notice states the overdue facts.',
    ],
    [
      'a date without its days',
      NOTICE,
      'payWithinDays: 14\n',
      '',
      /^\{\{ payBy/,
      '"payBy" needs payWithinDays at the top of the file, such as payWithinDays: 14.',
    ],
    ['a date of the same day', NOTICE, 'payWithinDays: 14', 'payWithinDays: 0', /^0/, '0 is outside of 1 to 60.'],
    ['only one language', FIRST, '  en:', '  de:', /^de:/, '"de" is not a key of the sms text. Its keys: zh, en.'],
    [
      'no approval',
      FIRST,
      'approved: { by: Kept sample policy, on: 2026-03-02 }\n',
      '',
      /^name/,
      'A template lacks "approved"; write it such as approved: { by: compliance, on: 2026-03-02 }.',
    ],
    [
      'an approval by nobody',
      FIRST,
      'by: Kept sample policy',
      'by:',
      /^, on/,
      'An empty value is not text; write it such as by: compliance.',
    ],
    [
      'an approval on no day',
      FIRST,
      'on: 2026-03-02',
      'on: 2026-02-30',
      /^2026-02-30/,
      '"2026-02-30" is not an existing day (YYYY-MM-DD); write it such as on: 2026-03-02.',
    ],
    ['a version of nothing', FIRST, 'version: 2', 'version: 0', /^0/, '0 is outside of 1 to 9999.'],
    [
      'a kind that is none',
      FIRST,
      'kind: overdue',
      'kind: overdu',
      /^over/,
      '"overdu" is not a kind of message. Did you mean "overdue"?',
    ],
    [
      'another name than the file',
      FIRST,
      'name: overdue-first',
      'name: overdue-frist',
      /^overdue-frist/,
      'The file is named "overdue-first" and says "overdue-frist"; make them agree.',
    ],
    [
      'a channel that is none',
      FIRST,
      'sms:',
      'smss:',
      /^smss/,
      '"smss" is not a key of a template. Did you mean "sms"?',
    ],
    [
      'no text at all',
      PUSH,
      'push:',
      'psh:',
      /^overdue-push/,
      'The template has no text; add one of sms, email, push, voice.',
    ],
    [
      'a text message without its code',
      FIRST,
      '    templateCode: KEPT_OVERDUE_FIRST_ZH\n',
      '',
      /^text/,
      'A message lacks "templateCode"; write it such as templateCode: OVERDUE_FIRST_ZH.',
    ],
    [
      'a mail without a subject',
      BILL,
      "    subject: '{{ lender }}：您的{{ loanLabel }}帳單明細'\n",
      '',
      /^text/,
      'An e-mail lacks "subject"; write it such as subject: \'{{ lender }}: your bill\'.',
    ],
    [
      'a frame without a place for the text',
      'mail.yaml',
      '{{ body }}',
      '',
      /^\|/,
      'The frame has no place for the text; put {{ body }} there.',
    ],
    [
      'a misspelt value in the bill',
      'mail.yaml',
      '{{ fees }}',
      '{{ fee }}',
      /^\{\{ fee \}\}/,
      'There is no value "fee" to put in. Did you mean "fees"?',
    ],
    [
      'a lender without a hotline',
      'lender.yaml',
      'hotline: 0800-000-123\n',
      '',
      /^name/,
      'The lender lacks "hotline"; write it such as hotline: 0800-000-123.',
    ],
    [
      'a page to pay on that is not safe',
      'lender.yaml',
      'https://pay',
      'http://pay',
      /^http:/,
      '"http://pay.example.com" is not an https address; write it such as payUrl: https://pay.example.com.',
    ],
    [
      'a lender without a name for other products',
      'lender.yaml',
      '  other:',
      '  car:',
      /^credit-card/,
      'The products lack "other", which stands for all that are not listed.',
    ],
    [
      'a channel without a way to stop it',
      'lender.yaml',
      '  push:',
      '  psh:',
      /^psh/,
      '"psh" is not a key of the opt-out. Did you mean "push"?',
    ],
  ])('refuses %s', (_, file, from, to, at, message) => {
    const faults = faultsAfter(file, from, to);
    expect(faults.map((fault) => fault.message)).toContain(message);
    expect(faults.find((fault) => fault.message === message)?.line).toMatch(at);
  });

  test('tells every fault of a file at once', () => {
    expect(faultsAfter(FIRST, '{{ total }}（本金', '{{ totl }}（本金{{ no }}')).toHaveLength(3);
  });
});
