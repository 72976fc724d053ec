import { join } from 'node:path';
import type { Language } from '../domain/events.ts';
import type { Channel } from '../domain/strategy.ts';
import { POLICY_DIR, openPolicyFile } from './policy-file.ts';
import type { PolicyValue } from './policy-value.ts';

export type InBothLanguages<T> = Readonly<Record<Language, T>>;

/** Who messages come from. */
export interface Lender {
  readonly name: InBothLanguages<string>;
  /** The number that every message names. */
  readonly hotline: string;
  readonly payUrl: string;
  /** How a customer says no to a channel. */
  readonly optOut: Readonly<Record<Channel, InBothLanguages<string>>>;
  /** Products of the loan system as customers call them; `other` stands for the rest. */
  readonly products: ReadonlyMap<string, InBothLanguages<string>>;
}

const LENDER_FIELDS = {
  name: '{ zh: 守約消費金融, en: Kept Consumer Finance }',
  hotline: '0800-000-123',
  payUrl: 'https://pay.example.com',
  optOut: '{ sms: ..., email: ..., push: ..., voice: ... }',
  products: '{ other: { zh: 貸款, en: loan } }',
};

/**
 * Reads `lender.yaml`.
 * @throws FILE_UNREADABLE; TEMPLATE_INVALID with every fault on its own line as `file:line:column: message`.
 */
export function loadLender(policyDir: string = POLICY_DIR): Lender {
  const file = openPolicyFile(join(policyDir, 'lender.yaml'));
  const fields = file.content.fields('the lender', LENDER_FIELDS);
  const line = '{ zh: 請回覆「停止」, en: Reply STOP }';
  const optOut = fields.optOut.fields('the opt-out', { sms: line, email: line, push: line, voice: line });
  const products = fields.products.entries('the table of products', { other: '{ zh: 貸款, en: loan }' });
  if (fields.products.isMap && !products.some(({ key }) => key === 'other')) {
    fields.products.refuse('The products lack "other", which stands for all that are not listed.');
  }
  const draft = {
    name: readBothLanguages(fields.name, 'a name'),
    hotline: fields.hotline.text(),
    payUrl: fields.payUrl.scalar('an https address', (value) => (isHttps(value) ? value : undefined)),
    optOut: {
      sms: readBothLanguages(optOut.sms, 'an opt-out line'),
      email: readBothLanguages(optOut.email, 'an opt-out line'),
      push: readBothLanguages(optOut.push, 'an opt-out line'),
      voice: readBothLanguages(optOut.voice, 'an opt-out line'),
    },
    products: new Map(products.map(({ key, value }) => [key, readBothLanguages(value, 'a product')])),
  };
  file.throwFaults('TEMPLATE_INVALID');
  // Without a fault nothing is missing.
  return draft as Lender;
}

/** A text in both languages; neither may be missing. */
export function readBothLanguages(value: PolicyValue, what: string): InBothLanguages<string | undefined> {
  const { zh, en } = value.fields(what, { zh: '貸款', en: 'loan' });
  return { zh: zh.text(), en: en.text() };
}

function isHttps(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).protocol === 'https:';
}
