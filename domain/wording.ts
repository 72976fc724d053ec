import { type ReadGlyphs, glyphReader } from './wording-glyphs.ts';
import type { WordList, WordingCategory, WordingEntry, WordingUse } from './wording-list.ts';
import { textOfHtml } from './wording-markup.ts';
import { Matcher } from './wording-match.ts';
import { SentenceReader } from './wording-tokens.ts';
import { Vocabulary } from './wording-vocabulary.ts';

/** Forbidden words of a text. */
export interface WordingFinding {
  readonly entry: WordingEntry;
  /** The words as the text has them. */
  readonly words: string;
  /** Where they stand, in UTF-16 units from the start of the text; `end` is the place after them. */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** What the categories are called in messages. */
export const CATEGORY_NAMES: Readonly<Record<WordingCategory, string>> = {
  threat: 'threat',
  insult: 'insult',
  impersonation: 'impersonation',
  falseLegalClaim: 'false legal claim',
  disclosureToThirdParty: 'disclosure to a third party',
  shaming: 'shaming',
  harassment: 'harassment',
  pressureOnTime: 'pressure on time',
};

/** What is wrong with a finding, why, and what to write instead, for the person who wrote it. */
export function explainFinding({ entry, words }: Pick<WordingFinding, 'entry' | 'words'>): string {
  const { category, severity, why, instead, sources } = entry;
  const look = severity === 'warn' ? ' (a person decides)' : '';
  const said = words.replaceAll(/\s+/g, ' ');
  return `${CATEGORY_NAMES[category]}${look}: "${said}". ${why} Write such as: ${instead} [${sources.join(', ')}]`;
}

/** A text is read no further once it has so many findings. */
export const FINDINGS_LIMIT = 1_000;

export interface WordingText {
  readonly text: string;
  readonly use: WordingUse;
  /** In HTML tags are looked through. */
  readonly form?: 'plain' | 'html';
}

/**
 * Checks texts for forbidden wording. Width, case, accents, look-alike letters, invisible characters, signs between
 * letters and the script of Chinese make no difference. The time grows with the length of the text and no faster.
 */
export class Wording {
  private readonly lists: readonly WordList[];
  private readonly glyphsOf: ReadGlyphs;
  private readonly checkers: Partial<Record<WordingUse, Checker>> = {};

  /** @param lists all of them are used on every text: a text may mix languages. */
  constructor(lists: readonly WordList[]) {
    this.lists = lists;
    this.glyphsOf = glyphReader(lists.flatMap(({ same }) => same));
  }

  /** The forbidden words of a text, in the order they stand; at most `FINDINGS_LIMIT`. */
  check({ text, use, form = 'plain' }: WordingText): WordingFinding[] {
    const { vocabulary, matcher } = this.checkerFor(use);
    const found: Omit<WordingFinding, 'line' | 'column'>[] = [];
    const reader = new SentenceReader(this.glyphsOf, vocabulary, (sentence) => {
      for (const match of matcher.match(sentence)) {
        const start = sentence.starts[match.start] ?? 0;
        const end = sentence.ends[match.end - 1] ?? start;
        found.push({ entry: match.entry, words: text.slice(start, end), start, end });
      }
      return found.length >= FINDINGS_LIMIT;
    });
    reader.read(form === 'html' ? textOfHtml(text) : text);
    return withLines(text, found.slice(0, FINDINGS_LIMIT));
  }

  /** Made when it is first needed: a run that loads messages reads no notes. */
  private checkerFor(use: WordingUse): Checker {
    const known = this.checkers[use];
    if (known !== undefined) return known;
    const vocabulary = new Vocabulary();
    const matcher = new Matcher(this.glyphsOf, vocabulary);
    for (const list of this.lists) {
      matcher.add(
        list,
        list.entries.filter(({ uses }) => uses.includes(use)),
      );
    }
    matcher.prepare();
    const checker = { vocabulary, matcher };
    this.checkers[use] = checker;
    return checker;
  }
}

interface Checker {
  readonly vocabulary: Vocabulary;
  readonly matcher: Matcher;
}

function withLines(text: string, found: readonly Omit<WordingFinding, 'line' | 'column'>[]): WordingFinding[] {
  let line = 1;
  let lineStart = 0;
  return found.map((finding) => {
    for (let next = text.indexOf('\n', lineStart); next !== -1 && next < finding.start; ) {
      line += 1;
      lineStart = next + 1;
      next = text.indexOf('\n', lineStart);
    }
    return { ...finding, line, column: finding.start - lineStart + 1 };
  });
}
