import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { didYouMean } from '../domain/did-you-mean.ts';
import { DomainError } from '../domain/errors.ts';
import type { Language } from '../domain/events.ts';
import type { Channel } from '../domain/strategy.ts';
import { type Lender, loadLender } from './lender-file.ts';
import { loadMailFrame } from './mail-frame.ts';
import type { LOAN_PARAMS } from './placeholders.ts';
import { POLICY_DIR } from './policy-file.ts';
import type { OutgoingMessage } from './ports.ts';
import { type Template, loadTemplate } from './template-file.ts';

/** Every approved message, and who sends it. */
export interface Templates {
  readonly byName: ReadonlyMap<string, Template>;
  readonly lender: Lender;
}

/** What a message says of the loan, ready to read; see `messageParams`. */
export type MessageParams = Readonly<Partial<Record<(typeof LOAN_PARAMS)[number], string>>>;

/** The parts of a message that come from its template. */
export type RenderedMessage = Pick<OutgoingMessage, 'templateCode' | 'params' | 'text' | 'subject' | 'html'>;

/**
 * Loads every message from `templates/<name>.yaml`, with the lender and the frame of e-mails.
 * @throws FILE_UNREADABLE; TEMPLATE_INVALID with the faults of the first file that has some.
 */
export function loadTemplates(policyDir: string = POLICY_DIR): Templates {
  const lender = loadLender(policyDir);
  const frame = loadMailFrame(policyDir);
  const dir = join(policyDir, 'templates');
  const names = readdirSync(dir)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  const templates = names.map((name) => [basename(name, '.yaml'), loadTemplate(join(dir, name), frame)] as const);
  return { byName: new Map(templates), lender };
}

/**
 * Fills a message in. What the lender says of itself is added; `params` of the result holds what this message names
 * and nothing else, so a provider learns no more than the text says.
 * @throws TEMPLATE_UNKNOWN when there is no such message for the channel; TEMPLATE_PARAM_MISSING.
 */
export function render(
  { byName, lender }: Templates,
  message: {
    readonly template: string;
    readonly channel: Channel;
    readonly language: Language;
    readonly params: MessageParams;
  },
): RenderedMessage {
  const { template, channel, language } = message;
  const texts = byName.get(template)?.channels.get(channel)?.[language];
  if (!texts) {
    const hint = byName.has(template) ? '' : didYouMean(template, byName.keys(), 'Templates');
    throw new DomainError(
      'TEMPLATE_UNKNOWN',
      `There is no template "${template}" for ${channel} in ${language}.${hint}`,
    );
  }
  const values: Readonly<Record<string, string>> = {
    ...message.params,
    lender: lender.name[language],
    hotline: lender.hotline,
    payUrl: lender.payUrl,
    optOut: lender.optOut[channel][language],
    language: language === 'zh' ? 'zh-Hant' : 'en',
  };
  const { subject, text, html } = texts;
  const named = [...new Set([subject, text, html].flatMap((part) => part?.params ?? []))];
  const missing = named.filter((name) => !values[name]);
  if (missing.length > 0) {
    throw new DomainError('TEMPLATE_PARAM_MISSING', `Template "${template}" needs a value for ${missing.join(', ')}.`);
  }
  return {
    templateCode: texts.templateCode,
    params: Object.fromEntries(named.map((name) => [name, values[name] ?? ''])),
    text: text.fillIn(values),
    ...(subject && { subject: subject.fillIn(values) }),
    ...(html && { html: html.fillIn(values) }),
  };
}
