import { loadTemplates } from '../../activities/templates.ts';
import type { MessageTexts } from '../../activities/template-file.ts';

/**
 * Reads messages as their receivers do: gateways are given the code of an approved template and its values, and the
 * local page that lists them shows the text.
 */
export function sentTexts(): (message: {
  readonly templateCode: string;
  readonly params: Readonly<Record<string, string>>;
}) => string | undefined {
  const byCode = new Map<string, MessageTexts>();
  for (const template of loadTemplates().byName.values()) {
    for (const languages of template.channels.values()) {
      for (const texts of Object.values(languages)) byCode.set(texts.templateCode, texts);
    }
  }
  return ({ templateCode, params }) => byCode.get(templateCode)?.text.fillIn(params);
}
