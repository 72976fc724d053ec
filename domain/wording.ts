import { type ReadGlyphs, glyphReader } from './wording-glyphs.ts';
import { type WordList, type WordingEntry, type WordingUse, WORDING_USES } from './wording-list.ts';
import { textOfHtml } from './wording-markup.ts';
import { Matcher } from './wording-match.ts';
import { SentenceReader } from './wording-tokens.ts';
import { TermTree } from './wording-tree.ts';

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
  private readonly tree: TermTree;
  private readonly glyphsOf: ReadGlyphs;
  private readonly matchers: Readonly<Record<WordingUse, Matcher>>;

  /** @param lists all of them are used on every text: a text may mix languages. */
  constructor(lists: readonly WordList[]) {
    this.glyphsOf = glyphReader(lists.flatMap(({ same }) => same));
    this.tree = new TermTree(this.glyphsOf);
    this.matchers = { message: new Matcher(this.tree), note: new Matcher(this.tree) };
    for (const list of lists) {
      for (const use of WORDING_USES) {
        this.matchers[use].add(
          list,
          list.entries.filter(({ uses }) => uses.includes(use)),
        );
      }
    }
    this.tree.prepare();
  }

  /** The forbidden words of a text, in the order they stand; at most `FINDINGS_LIMIT`. */
  check({ text, use, form = 'plain' }: WordingText): WordingFinding[] {
    const found: Omit<WordingFinding, 'line' | 'column'>[] = [];
    const reader = new SentenceReader(this.glyphsOf, this.tree, (sentence) => {
      for (const match of this.matchers[use].match(sentence)) {
        const start = sentence.starts[match.start] ?? 0;
        const end = sentence.ends[match.end - 1] ?? start;
        found.push({ entry: match.entry, words: text.slice(start, end), start, end });
      }
    });
    reader.read(form === 'html' ? textOfHtml(text) : text, () => found.length >= FINDINGS_LIMIT);
    return withLines(text, found.slice(0, FINDINGS_LIMIT));
  }
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
