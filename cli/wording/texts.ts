import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, type Scalar, isScalar, parseDocument, visit } from 'yaml';
import { POLICY_DIR, openPolicyFile } from '../../activities/policy-file.ts';
import { DomainError } from '../../domain/errors.ts';
import { CHANNELS } from '../../domain/strategy.ts';
import type { WordingUse } from '../../domain/wording-list.ts';
import type { WordingFinding, WordingText } from '../../domain/wording.ts';
import { placeInScalar } from './scalar-place.ts';

/** A line and column of a file, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A text to check, and where in its file a finding stands. */
export interface PlacedText extends WordingText {
  readonly placeOf: (finding: WordingFinding) => Place;
}

/** A file with its texts. */
export interface TextFile {
  /** As messages name it. */
  readonly name: string;
  readonly texts: readonly PlacedText[];
}

/** The name that stands for standard input. */
export const STANDARD_INPUT = '-';

/** Files beside the templates whose texts become part of messages. */
const PARTS_OF_MESSAGES = ['lender.yaml', 'mail.yaml'];

/** The paths of all messages of a policy folder and of what is put into them. */
export function messageFiles(policyDir: string = POLICY_DIR): string[] {
  const templates = readdirSync(join(policyDir, 'templates'))
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  return [
    ...templates.map((name) => join(policyDir, 'templates', name)),
    ...PARTS_OF_MESSAGES.map((name) => join(policyDir, name)),
  ];
}

/**
 * Reads the texts of a file: a YAML file holds messages, any other file is one text.
 * @param use what a file that is not YAML is.
 * @throws FILE_UNREADABLE; TEMPLATE_INVALID when a YAML file cannot be read.
 */
export function readTexts(path: string, use: WordingUse): TextFile {
  if (path.endsWith('.yaml')) return readMessages(path);
  const isInput = path === STANDARD_INPUT;
  let text: string;
  try {
    text = readFileSync(isInput ? 0 : path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new DomainError('FILE_UNREADABLE', `${isInput ? 'Standard input' : path} cannot be read${reason}.`);
  }
  return { name: isInput ? 'stdin' : path, texts: [{ text, use, placeOf: ({ line, column }) => ({ line, column }) }] };
}

function readMessages(path: string): TextFile {
  // Syntax is judged where all policy files are.
  const file = openPolicyFile(path);
  file.throwFaults('TEMPLATE_INVALID');
  const source = readFileSync(path, 'utf8');
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const texts: PlacedText[] = [];
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value !== 'string' || !node.range) return;
      const keys = ancestors.flatMap((each) => ('key' in each && isScalar(each.key) ? [String(each.key.value)] : []));
      if (!isPartOfMessage(keys, path)) return;
      texts.push(messageText(node as Scalar<string>, keys, { path, source, lines }));
    },
  });
  return { name: file.name, texts };
}

/** In a template the texts of its channels; of the other files everything. */
function isPartOfMessage([first = '', ...rest]: readonly string[], path: string): boolean {
  if (PARTS_OF_MESSAGES.some((name) => path.endsWith(name))) return true;
  return CHANNELS.some((channel) => channel === first) && rest.at(-1) !== 'templateCode';
}

function messageText(
  node: Scalar<string>,
  keys: readonly string[],
  { path, source, lines }: { path: string; source: string; lines: LineCounter },
): PlacedText {
  const isHtml = keys.at(-1) === 'html' || path.endsWith('mail.yaml');
  const [from = 0] = node.range ?? [];
  return {
    text: node.value,
    use: 'message',
    form: isHtml ? 'html' : 'plain',
    placeOf: ({ start }) => {
      const { line, col } = lines.linePos(placeInScalar(source, from, node.value, start));
      return { line, column: col };
    },
  };
}
