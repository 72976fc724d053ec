import { join } from 'node:path';
import type { Language } from '../domain/events.ts';
import type { InBothLanguages } from './lender-file.ts';
import { paramsOf, readFillable } from './placeholders.ts';
import { POLICY_DIR, openPolicyFile } from './policy-file.ts';

/** What stands around the text of every e-mail, and its table of the bill. */
export interface MailFrame {
  readonly frame: string;
  readonly bill: InBothLanguages<string>;
}

/**
 * Reads `mail.yaml`.
 * @throws FILE_UNREADABLE; TEMPLATE_INVALID with every fault on its own line as `file:line:column: message`.
 */
export function loadMailFrame(policyDir: string = POLICY_DIR): MailFrame {
  const file = openPolicyFile(join(policyDir, 'mail.yaml'));
  const fields = file.content.fields('the mail frame', { frame: '|', bill: '{ zh: ..., en: ... }' });
  const bill = fields.bill.fields('the bill', { zh: '|', en: '|' });
  const frame = readFillable(fields.frame, ['body']);
  if (frame !== undefined && !paramsOf(frame).includes('body')) {
    fields.frame.refuse('The frame has no place for the text; put {{ body }} there.');
  }
  const draft = { frame, bill: { zh: readFillable(bill.zh), en: readFillable(bill.en) } };
  file.throwFaults('TEMPLATE_INVALID');
  // Without a fault nothing is missing.
  return draft as MailFrame;
}

/** Puts the text of an e-mail into the frame, and the table of the bill into the text. */
export function inFrame({ frame, bill }: MailFrame, body: string, language: Language): string {
  // Replacing by a function: a `$` in a text is then only a dollar.
  const whole = frame.replace(/\{\{\s*body\s*\}\}/, () => body);
  return whole.replaceAll(/\{\{\s*bill\s*\}\}/g, () => bill[language]);
}
