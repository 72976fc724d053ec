import { basename, dirname, join } from 'node:path';
import type { Language } from '../domain/events.ts';
import type { LocalDate } from '../domain/instant.ts';
import { CHANNELS, type Channel } from '../domain/strategy.ts';
import { type Wording, explainFinding } from '../domain/wording.ts';
import type { InBothLanguages } from './lender-file.ts';
import { type MailFrame, inFrame } from './mail-frame.ts';
import { AGREEMENT_PARAMS, type FillableText, type Param, fillable, paramsOf, readFillable } from './placeholders.ts';
import { openPolicyFile } from './policy-file.ts';
import type { PolicyValue } from './policy-value.ts';
import { loadWording } from './word-list-file.ts';

export type TemplateKind = 'reminder' | 'overdue' | 'education' | 'demand';
const KINDS: readonly TemplateKind[] = ['reminder', 'overdue', 'education', 'demand'];

/** One message in one language on one channel. */
export interface MessageTexts {
  /** The provider's approved template of the same wording; e-mail names ours. */
  readonly templateCode: string;
  readonly text: FillableText;
  readonly subject?: FillableText;
  readonly html?: FillableText;
}

/** The texts of one message, approved as they are. */
export interface Template {
  readonly name: string;
  readonly version: number;
  readonly kind: TemplateKind;
  readonly approved: { readonly by: string; readonly on: LocalDate };
  /** Days from sending to the date `payBy`. */
  readonly payWithinDays: number | null;
  readonly channels: ReadonlyMap<Channel, InBothLanguages<MessageTexts>>;
}

/** What every text says, and why. */
const ALWAYS_SAID: Partial<Record<Param, string>> = {
  lender: 'a message says who sends it',
  principal: 'a message itemises the amount',
  interest: 'a message itemises the amount',
  penalty: 'a message itemises the amount',
  fees: 'a message itemises the amount',
  total: 'a message itemises the amount',
  asOf: 'an amount is as of a day',
  hotline: 'a message names the hotline',
  optOut: 'a message says how to stop it',
};
/** What a formal notice says besides. */
const SAID_IN_A_DEMAND: Partial<Record<Param, string>> = {
  dueOn: 'a notice states the overdue facts',
  daysPastDue: 'a notice states the overdue facts',
  payBy: 'a notice sets a date',
};

const TEMPLATE_FIELDS = {
  name: 'overdue-first',
  version: '1',
  kind: 'overdue',
  approved: '{ by: compliance, on: 2026-03-02 }',
};
const TEXT_FIELDS = { templateCode: 'OVERDUE_FIRST_ZH', text: '>-' };
const MAIL_FIELDS = { subject: "'{{ lender }}: your bill'", text: '|', html: '|' };

/**
 * Reads a template file; the lists of forbidden wording stand beside the folder of templates.
 * @throws FILE_UNREADABLE; TEMPLATE_INVALID with every fault on its own line as `file:line:column: message`.
 */
export function loadTemplate(path: string, frame: MailFrame): Template {
  const file = openPolicyFile(path);
  const fields = file.content.fields('a template', TEMPLATE_FIELDS, {
    payWithinDays: '14',
    sms: '{ zh: ..., en: ... }',
    email: '{ zh: ..., en: ... }',
    push: '{ zh: ..., en: ... }',
    voice: '{ zh: ..., en: ... }',
  });
  const approved = fields.approved.fields('the approval', { by: 'compliance', on: '2026-03-02' });
  const name = fields.name.name();
  const head = {
    name,
    version: fields.version.integer([1, 9_999]),
    kind: fields.kind.oneOf('a kind of message', KINDS),
    approved: { by: approved.by.text(), on: approved.on.date() },
    payWithinDays: fields.payWithinDays.isGiven ? fields.payWithinDays.integer([1, 60]) : null,
  };
  const fileName = basename(path, '.yaml');
  if (name !== undefined && name !== fileName) {
    fields.name.refuse(`The file is named "${fileName}" and says "${name}"; make them agree.`);
  }
  const given = CHANNELS.filter((channel) => fields[channel].isGiven);
  if (given.length === 0 && fields.name.isGiven) {
    fields.name.refuse(`The template has no text; add one of ${CHANNELS.join(', ')}.`);
  }
  const context = { ...head, wording: loadWording(join(dirname(path), '..')) };
  const channels = given.map((channel) => [channel, readChannel(fields[channel], channel, context, frame)] as const);
  file.throwFaults('TEMPLATE_INVALID');
  // Without a fault nothing is missing.
  return { ...head, channels: new Map(channels) } as Template;
}

/** Whether a text of the template names values that only an agreement has. */
export function speaksOfAgreement({ channels }: Template): boolean {
  const texts = [...channels.values()].flatMap(({ zh, en }) => [zh, en]);
  const params = texts.flatMap(({ subject, text, html }) =>
    [subject, text, html].flatMap((part) => part?.params ?? []),
  );
  return params.some((param) => AGREEMENT_PARAMS.includes(param));
}

type Head = Partial<Record<'kind' | 'name', string | undefined>> & {
  readonly version: number | undefined;
  readonly payWithinDays: number | null | undefined;
  readonly wording: Wording;
};

function readChannel(value: PolicyValue, channel: Channel, head: Head, frame: MailFrame) {
  const languages = value.fields(`the ${channel} text`, { zh: '{ text: ... }', en: '{ text: ... }' });
  return {
    zh: readTexts(languages.zh, channel, 'zh', head, frame),
    en: readTexts(languages.en, channel, 'en', head, frame),
  };
}

function readTexts(value: PolicyValue, channel: Channel, language: Language, head: Head, frame: MailFrame) {
  if (channel !== 'email') {
    const fields = value.fields('a message', TEXT_FIELDS);
    return { templateCode: fields.templateCode.text(), text: readPart(fields.text, 'plain', head) };
  }
  const fields = value.fields('an e-mail', MAIL_FIELDS);
  const subject = readFillable(fields.subject);
  if (subject !== undefined) refuseForbidden(fields.subject, subject, 'plain', head.wording);
  return {
    templateCode: `${head.name}@${head.version}`,
    subject: subject === undefined ? undefined : fillable(subject, 'plain'),
    text: readPart(fields.text, 'plain', head),
    html: readPart(fields.html, 'html', head, (body) => inFrame(frame, body, language)),
  };
}

/** Reads one text of a message and checks that it says what it must. @param framed what is put around it. */
function readPart(
  value: PolicyValue,
  form: 'plain' | 'html',
  head: Head,
  framed: (body: string) => string = (body) => body,
): FillableText | undefined {
  const body = readFillable(value, form === 'html' ? ['bill'] : []);
  if (body === undefined) return undefined;
  refuseForbidden(value, body, form, head.wording);
  const text = framed(body);
  const said = paramsOf(text);
  for (const [param, why] of Object.entries({ ...ALWAYS_SAID, ...(head.kind === 'demand' ? SAID_IN_A_DEMAND : {}) })) {
    if (!said.includes(param)) value.refuse(`The text does not say {{ ${param} }}; ${why}.`);
  }
  if (said.includes('payBy') && head.payWithinDays === null) {
    value.refuseWithin('{{ payBy }}', '"payBy" needs payWithinDays at the top of the file, such as payWithinDays: 14.');
  }
  return value.isRefused ? undefined : fillable(text, form);
}

/** Notes every forbidden wording at its words. What only deserves a look is shown by `kept wording`. */
function refuseForbidden(value: PolicyValue, text: string, form: 'plain' | 'html', wording: Wording): void {
  for (const finding of wording.check({ text, use: 'message', form })) {
    if (finding.entry.severity === 'refuse') value.refuseWithin(finding.words, `Forbidden: ${explainFinding(finding)}`);
  }
}
