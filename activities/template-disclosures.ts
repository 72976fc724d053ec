import type { Language } from '../domain/events.ts';
import type { Lack, TemplateUse } from '../domain/strategy-disclosure-check.ts';
import { type DisclosurePack, missingDisclosures } from '../domain/wording-disclosures.ts';
import { loadDisclosures } from './disclosure-file.ts';
import { POLICY_DIR } from './policy-file.ts';
import type { MessageTexts } from './template-file.ts';
import type { Templates } from './templates.ts';

const LANGUAGES: readonly Language[] = ['zh', 'en'];

/**
 * Holds the templates of a policy folder against what its rule packs have messages say, with the lender's own lines
 * put in. The disclosures are read when they are first asked for: a strategy without rule packs never does.
 * @returns a function that throws FILE_UNREADABLE and TEMPLATE_INVALID.
 */
export function lackingIn(templates: Templates, policyDir: string = POLICY_DIR): (use: TemplateUse) => readonly Lack[] {
  let packs: ReadonlyMap<string, DisclosurePack> | undefined;
  return ({ pack, template, channel, isFirst }) => {
    packs ??= loadDisclosures(policyDir);
    const disclosures = packs.get(pack);
    const { kind, channels } = templates.byName.get(template) ?? {};
    const texts = channels?.get(channel);
    if (disclosures === undefined || kind === undefined || texts === undefined) return [];
    return LANGUAGES.flatMap((language) => {
      const values = lenderLines(templates, channel, language);
      return bodiesOf(texts[language]).flatMap(({ text, form }) =>
        missingDisclosures(disclosures, { channel, kind, language, isFirst, text, form, values }).map(
          ({ id, message }): Lack => ({ id, language, form, message }),
        ),
      );
    });
  };
}

/** Both texts of a mail say what has to be said: which one is seen is up to the reader's program. */
function bodiesOf({ text, html }: MessageTexts): { readonly text: string; readonly form: 'plain' | 'html' }[] {
  return [{ text: text.source, form: 'plain' }, ...(html ? [{ text: html.source, form: 'html' } as const] : [])];
}

function lenderLines({ lender }: Templates, channel: TemplateUse['channel'], language: Language) {
  const { name, hotline, optOut } = lender;
  return { lender: name[language], hotline, optOut: optOut[channel][language] };
}
