import type { Language } from './events.ts';
import { FoundTerms } from './wording-found-terms.ts';
import { glyphReader } from './wording-glyphs.ts';
import { textOfHtml } from './wording-markup.ts';
import type { Term } from './wording-terms.ts';
import { SentenceReader } from './wording-tokens.ts';
import { TermTree } from './wording-tree.ts';
import { Vocabulary } from './wording-vocabulary.ts';

/** Which messages of a case have to say something. */
export const DISCLOSURE_MESSAGES = ['first', 'later', 'every'] as const;

/** The forms of contact that disclosures speak of. */
export const DISCLOSURE_CHANNELS = ['sms', 'email', 'push', 'im', 'call', 'voice', 'letter', 'visit'] as const;
export type DisclosureChannel = (typeof DISCLOSURE_CHANNELS)[number];

/** Something that messages have to say. */
export interface Disclosure {
  readonly id: string;
  readonly messages: (typeof DISCLOSURE_MESSAGES)[number];
  /** Empty: all. */
  readonly channels: readonly DisclosureChannel[];
  /** Kinds of message; empty: all. */
  readonly kinds: readonly string[];
  /** Values that the message shows, by the names of their placeholders. */
  readonly names: readonly string[];
  /** Words by language: each line is said in any of its wordings. */
  readonly says: Readonly<Record<Language, readonly Term[]>>;
  /** The reason, to follow a semicolon. */
  readonly why: string;
  /** What to write. */
  readonly write: Readonly<Record<Language, string>>;
  /** Ids of the sources. */
  readonly sources: readonly string[];
}

/** What the messages of one rule pack have to say. */
export interface DisclosurePack {
  readonly id: string;
  readonly disclosures: readonly Disclosure[];
  /** Characters that count as one; see `glyphReader`. */
  readonly same: readonly string[];
}

/** A message as it is sent, or a template with its placeholders. */
export interface DisclosingMessage {
  readonly channel: DisclosureChannel;
  readonly kind: string;
  readonly language: Language;
  /** Whether it is the first one of the case. */
  readonly isFirst: boolean;
  readonly text: string;
  readonly form?: 'plain' | 'html';
  /** Values of placeholders, as far as they are known; each stands where the text has its placeholder, or is in it. */
  readonly values?: Readonly<Record<string, string>>;
}

/** Something that a message does not say although it has to. */
export interface DisclosureFault {
  readonly pack: string;
  readonly id: string;
  readonly message: string;
  readonly sources: readonly string[];
}

const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

/** What a message lacks by a rule pack; empty when it says everything. */
export function missingDisclosures(pack: DisclosurePack, message: DisclosingMessage): DisclosureFault[] {
  const { values = {}, language } = message;
  const text = message.text.replaceAll(PLACEHOLDER, (whole, name: string) => values[name] ?? whole);
  const open = new Set([...text.matchAll(PLACEHOLDER)].map(([, name]) => name));
  const due = pack.disclosures.filter((disclosure) => isDue(disclosure, message));
  const said = saidTerms(pack, due, { text: message.form === 'html' ? textOfHtml(text) : text, language });
  return due.flatMap((disclosure) => {
    const { id, names, says, why, write, sources } = disclosure;
    const unnamed = names.filter((name) => !open.has(name) && !isShown(values[name], text));
    // A value that is not known yet is taken to say what it is there for.
    const isLeftOpen = names.some((name) => open.has(name));
    const unsaid = isLeftOpen ? [] : says[language].filter((line) => !said.has(line));
    if (unnamed.length + unsaid.length === 0) return [];
    const what =
      unnamed.length > 0 ? `{{ ${unnamed.join(' }}, {{ ')} }}` : `"${firstWording(unsaid)}" or words like it`;
    const fault = `The text does not say ${what}; ${why}. Write such as: ${write[language]} [${sources.join(', ')}]`;
    return [{ pack: pack.id, id, message: fault, sources }];
  });
}

function isDue({ messages, channels, kinds }: Disclosure, { isFirst, channel, kind }: DisclosingMessage): boolean {
  if (messages !== 'every' && (messages === 'first') !== isFirst) return false;
  return (channels.length === 0 || channels.includes(channel)) && (kinds.length === 0 || kinds.includes(kind));
}

function isShown(value: string | undefined, text: string): boolean {
  return value !== undefined && value !== '' && text.includes(value);
}

/** The lines that a text says. */
function saidTerms(
  { same }: DisclosurePack,
  disclosures: readonly Disclosure[],
  { text, language }: { text: string; language: Language },
): Set<Term> {
  const lines = disclosures.flatMap(({ says }) => says[language]);
  const said = new Set<Term>();
  if (lines.length === 0) return said;
  const glyphsOf = glyphReader(same);
  const vocabulary = new Vocabulary();
  const tree = new TermTree(glyphsOf, vocabulary);
  const lineOf = new Map(lines.map((line) => [tree.add([line], {}, language), line]));
  tree.prepare();
  const found = new FoundTerms();
  const reader = new SentenceReader(glyphsOf, vocabulary, (sentence) => {
    for (let at = 0; at < sentence.size; at += 1) tree.find(sentence, at, found);
    return false;
  });
  reader.read(text);
  for (const number of found.terms) said.add(lineOf.get(number) ?? '');
  return said;
}

function firstWording([line = '']: readonly Term[]): string {
  return (line.split('|')[0] ?? '').replaceAll('?', '').trim();
}
