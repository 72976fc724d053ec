import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Document, LineCounter, type Node, isAlias, isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import { DomainError, type ErrorCode } from '../domain/errors.ts';
import { PolicyValue } from './policy-value.ts';

/** Where the policy data of this installation lies. */
export const POLICY_DIR = fileURLToPath(new URL('../policy', import.meta.url));

/** Steps from the top of a file to one of its values: keys and list positions. */
export type PolicyPath = readonly (string | number)[];

interface Fault {
  readonly path: PolicyPath;
  readonly offset: number;
  readonly message: string;
}

/** What to say instead of the parser's words, where ours are plainer. */
const YAML_FAULTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'This line is indented with a tab; use spaces.',
  MULTIPLE_DOCS: 'A second document starts here; one file holds one document.',
  BLOCK_AS_IMPLICIT_KEY: 'This value has a colon in it; put the value in quotes.',
  UNEXPECTED_TOKEN: 'This does not go on from the line above; check the indentation and the dashes.',
  MULTILINE_IMPLICIT_KEY: 'This does not go on from the line above; check the indentation and the dashes.',
  TAG_RESOLVE_FAILED: 'Tags that start with "!" have no meaning here; leave this one out.',
};

/**
 * A YAML file of policy data while it is being read. Readers note every fault with its place and read on, so that
 * an officer sees all of them at once; `throwFaults` ends the reading.
 */
export class PolicyFile {
  readonly name: string;
  /** The whole content; absent when the text is not YAML, which is then the only fault. */
  readonly content: PolicyValue;
  private readonly text: string;
  private readonly lines = new LineCounter();
  private readonly document: Document;
  private readonly isReadable: boolean;
  private readonly faults: Fault[] = [];

  /** @param name the file's name as messages show it. */
  constructor(text: string, name: string) {
    this.name = name;
    this.text = text;
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
    const { errors, warnings } = this.document;
    const duplicates = errors.filter(({ code }) => code === 'DUPLICATE_KEY');
    // After the first fault of syntax the parser has lost its way, and what it says of the rest is noise.
    const [syntax] = errors.filter(({ code }) => code !== 'DUPLICATE_KEY');
    this.isReadable = syntax === undefined;
    for (const { pos } of duplicates) {
      const [key] = /^[^\s:]*/.exec(text.slice(pos[0])) ?? [];
      this.refuse([], pos[0], `The key "${key}" is given twice; keep one of them.`);
    }
    for (const { code, pos, message } of [...(syntax ? [syntax] : []), ...warnings]) {
      this.refuse([], pos[0], YAML_FAULTS[code] ?? `This is not YAML: ${message}.`);
    }
    const top = this.isReadable ? this.document.contents : undefined;
    if (top === null) this.refuse([], 0, 'The file is empty.');
    this.content = this.valueOf(top, [], '');
  }

  /** A value for reading; aliases are followed to what they stand for, but faults are shown at the alias. */
  valueOf(node: unknown, path: PolicyPath, example: string): PolicyValue {
    const offset = rangeStart(node) ?? 0;
    const target = this.resolve(node);
    if (isAlias(node) && !target) this.refuse(path, offset, `No anchor "&${node.source}" stands above this alias.`);
    return new PolicyValue(this, { node: target, offset, path, example });
  }

  /** Notes a fault. */
  refuse(path: PolicyPath, offset: number, message: string): void {
    this.faults.push({ path, offset, message });
  }

  /**
   * Notes a fault found in what was read. The path may say more than the file does (a default, one value for all
   * tiers): the fault is shown at the nearest place. A value that was refused before is not judged again.
   */
  refuseAt(path: PolicyPath, at: 'key' | 'value', message: string): void {
    if (!this.hasRefused(path)) this.refuse(path, this.offsetOf(path, at), message);
  }

  /** Whether a fault of the value at a path has been noted. */
  hasRefused(path: PolicyPath): boolean {
    const place = path.join('.');
    return this.faults.some((fault) => fault.path.length > 0 && fault.path.join('.') === place);
  }

  /** Where a part of a text begins that stands at an offset. */
  offsetWithin(part: string, offset: number): number {
    return Math.max(this.text.indexOf(part, offset), offset);
  }

  /** @throws the code, with every fault on its own line as `file:line:column: message`, in the order of the file. */
  throwFaults(code: ErrorCode): void {
    if (this.faults.length === 0) return;
    const inOrder = this.faults.toSorted((a, b) => a.offset - b.offset);
    const lines = inOrder.map(({ offset, message }) => {
      const { line, col } = this.lines.linePos(offset);
      return `${this.name}:${Math.max(line, 1)}:${Math.max(col, 1)}: ${message}`;
    });
    // One value for several tiers may have the same fault in each.
    const distinct = [...new Set(lines)];
    throw new DomainError(code, distinct.join('\n'), { faults: distinct.length });
  }

  private resolve(node: unknown): Node | undefined {
    const target = isAlias(node) ? node.resolve(this.document) : node;
    return isMap(target) || isSeq(target) || isScalar(target) ? target : undefined;
  }

  private offsetOf(path: PolicyPath, at: 'key' | 'value'): number {
    let node: unknown = this.document.contents;
    let offset = rangeStart(node) ?? 0;
    for (const [depth, segment] of path.entries()) {
      const parent = this.resolve(node);
      const child = isSeq(parent)
        ? parent.items[Number(segment)]
        : isMap(parent)
          ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === segment)
          : undefined;
      if (child === undefined) break;
      const isLast = depth === path.length - 1;
      node = isPair(child) ? child.value : child;
      offset = rangeStart(isPair(child) && isLast && at === 'key' ? child.key : node) ?? offset;
    }
    return offset;
  }
}

/**
 * Opens a policy file for reading; messages name it as seen from the current folder.
 * @throws FILE_UNREADABLE
 */
export function openPolicyFile(path: string): PolicyFile {
  const fromHere = relative(process.cwd(), path);
  const name = fromHere.startsWith('..') ? path : fromHere;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new DomainError('FILE_UNREADABLE', `${name} cannot be read${reason}.`);
  }
  return new PolicyFile(text, name);
}

function rangeStart(node: unknown): number | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range?.[0] : undefined;
}
