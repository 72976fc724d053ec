import type { Language } from '../../domain/events.ts';
import { type Channel, type Strategy, channelsOf } from '../../domain/strategy.ts';
import { messagesOf } from '../../domain/strategy-messages.ts';
import type { Template, TemplateKind } from '../template-file.ts';
import type { Templates } from '../templates.ts';

/** One text that a strategy sends on a channel. */
export interface TextUse {
  readonly template: string;
  readonly kind: TemplateKind;
  readonly templateCode: string;
  /** The values that the text names, and that a provider's template may therefore use. */
  readonly params: readonly string[];
}

const LANGUAGES: readonly Language[] = ['zh', 'en'];

/** The texts that a strategy sends on a channel, as a message's first channel or as a fallback; each once. */
export function textsOn(channel: Channel, strategy: Strategy, { byName }: Templates): TextUse[] {
  const names = messagesOf(strategy)
    .filter((message) => channelsOf(message).includes(channel))
    .map(({ template }) => template);
  return [...new Set(names)].flatMap((name) => {
    const template = byName.get(name);
    return template === undefined ? [] : usesOf(template, channel);
  });
}

function usesOf({ name, kind, channels }: Template, channel: Channel): TextUse[] {
  const texts = channels.get(channel);
  if (texts === undefined) return [];
  return LANGUAGES.map((language) => {
    const { templateCode, subject, text, html } = texts[language];
    const params = new Set([subject, text, html].flatMap((part) => part?.params ?? []));
    return { template: name, kind, templateCode, params: [...params] };
  });
}
