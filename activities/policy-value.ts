import { type Node, isMap, isScalar, isSeq } from 'yaml';
import { didYouMean, nearest } from '../domain/did-you-mean.ts';
import { type LocalDate, type LocalTime, isLocalDate } from '../domain/instant.ts';
import type { PolicyFile, PolicyPath } from './policy-file.ts';

/** Keys of a map, each with an example of its value, which messages show to say what would be right. */
export type FieldExamples<Key extends string> = Readonly<Record<Key, string>>;

/**
 * One value of a policy file. Each reader gives the value in the asked form, or notes the fault and gives `undefined`.
 * A value that is absent gives `undefined` without a further word: whoever looked for it has said so.
 */
export class PolicyValue {
  readonly path: PolicyPath;
  private readonly file: PolicyFile;
  private readonly node: Node | undefined;
  private readonly offset: number;
  private readonly example: string;

  constructor(
    file: PolicyFile,
    place: { readonly node: Node | undefined; offset: number; path: PolicyPath; example: string },
  ) {
    this.file = file;
    this.path = place.path;
    this.node = place.node;
    this.offset = place.offset;
    this.example = place.example;
  }

  get isGiven(): boolean {
    return this.node !== undefined;
  }

  get isMap(): boolean {
    return isMap(this.node);
  }

  /** The value of one key of a map, whatever other keys there are. */
  at(key: string, example: string): PolicyValue {
    const pair = isMap(this.node) ? this.node.items.find((each) => isScalar(each.key) && each.key.value === key) : null;
    return pair ? this.file.valueOf(pair.value, [...this.path, key], example) : this.absent(key);
  }

  /**
   * The values of a map with exactly the required keys and perhaps the optional ones.
   * @param what names the map in messages, with its article: `a step`.
   */
  fields<Required extends string, Optional extends string = never>(
    what: string,
    required: FieldExamples<Required>,
    optional?: FieldExamples<Optional>,
  ): Readonly<Record<Required | Optional, PolicyValue>> {
    const examples: Record<string, string> = { ...required, ...optional };
    const found = new Map(this.entries(what, examples).map(({ key, value }) => [key, value]));
    const unknown = [...found.keys()].filter((key) => !Object.hasOwn(examples, key));
    for (const key of unknown) {
      const hint = didYouMean(key, Object.keys(examples), 'Its keys');
      this.file.refuseAt([...this.path, key], 'key', `"${key}" is not a key of ${what}.${hint}`);
    }
    const misspelt = unknown.map((key) => nearest(key, Object.keys(examples)));
    for (const [key, example] of Object.entries<string>(required)) {
      if (found.has(key) || misspelt.includes(key) || !isMap(this.node)) continue;
      const message = `${capitalised(what)} lacks "${key}"; write it such as ${key}: ${example}.`;
      this.file.refuse([...this.path, key], this.offset, message);
    }
    const values = Object.keys(examples).map((key) => [key, found.get(key) ?? this.absent(key)]);
    return Object.fromEntries(values) as Record<Required | Optional, PolicyValue>;
  }

  /** Keys and values of a map whose keys are free; the first of two equal keys counts. */
  entries(what: string, examples: Readonly<Record<string, string>> = {}): { key: string; value: PolicyValue }[] {
    if (this.node === undefined) return [];
    if (!isMap(this.node)) {
      const [key = 'key', example = 'value'] = Object.entries(examples)[0] ?? [];
      this.refuse(`${capitalised(what)} is written as keys with values, such as ${key}: ${example}.`);
      return [];
    }
    const [anyExample = this.example] = Object.values(examples);
    return this.node.items.map((pair) => {
      const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
      return { key, value: this.file.valueOf(pair.value, [...this.path, key], examples[key] ?? anyExample) };
    });
  }

  /** The values of a list. */
  items(example: string): PolicyValue[] | undefined {
    if (this.node === undefined) return undefined;
    if (!isSeq(this.node)) return this.refuse(`${this.shown()} is not a list; ${this.suchAs()}.`);
    return this.node.items.map((item, index) => this.file.valueOf(item, [...this.path, index], example));
  }

  text(): string | undefined {
    return this.textLike('text', /\S/);
  }

  /** A lower-case name with dashes, as used for ids. */
  name(): string | undefined {
    return this.textLike('a lower-case name with dashes', /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  }

  time(): LocalTime | undefined {
    return this.textLike('a time of day (HH:MM)', /^([01]\d|2[0-3]):[0-5]\d$/);
  }

  date(): LocalDate | undefined {
    return this.scalar('an existing day (YYYY-MM-DD)', (value) =>
      typeof value === 'string' && isLocalDate(value) ? value : undefined,
    );
  }

  /** @param bounds both inclusive; without them any whole number will do. */
  integer(bounds?: readonly [number, number]): number | undefined {
    const value = this.scalar('a whole number', (given) => (Number.isSafeInteger(given) ? Number(given) : undefined));
    if (value === undefined || bounds === undefined || (value >= bounds[0] && value <= bounds[1])) return value;
    return this.refuse(`${value} is outside of ${bounds[0]} to ${bounds[1]}.`);
  }

  flag(): boolean | undefined {
    return this.scalar('true or false', (value) => (typeof value === 'boolean' ? value : undefined));
  }

  /** One of the choices. @param noun names it in messages, with its article: `a channel`. */
  oneOf<Choice extends string>(noun: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.text();
    const choice = choices.find((each) => each === value);
    if (value === undefined || choice !== undefined) return choice;
    return this.refuse(`"${value}" is not ${noun}.${didYouMean(value, choices, 'Choices')}`);
  }

  /** A value of another form. @param expected names the form in messages, with its article: `an amount`. */
  scalar<T>(expected: string, read: (value: unknown) => T | undefined): T | undefined {
    if (this.node === undefined) return undefined;
    const value = isScalar(this.node) ? read(this.node.value) : undefined;
    return value === undefined ? this.refuse(`${this.shown()} is not ${expected}; ${this.suchAs()}.`) : value;
  }

  /** Whether a fault of this very value has been noted. */
  get isRefused(): boolean {
    return this.file.hasRefused(this.path);
  }

  /** Notes a fault of this value. */
  refuse(message: string): undefined {
    this.file.refuse(this.path, this.offset, message);
  }

  /** Notes a fault of a part of a text, at the place of that part. */
  refuseWithin(part: string, message: string): void {
    this.file.refuse(this.path, this.file.offsetWithin(part, this.offset), message);
  }

  /** Notes a fault of the key that the value stands under. */
  refuseKey(message: string): void {
    this.file.refuseAt(this.path, 'key', message);
  }

  private textLike(expected: string, form: RegExp): string | undefined {
    return this.scalar(expected, (value) => (typeof value === 'string' && form.test(value) ? value : undefined));
  }

  private absent(key: string): PolicyValue {
    return new PolicyValue(this.file, { node: undefined, offset: this.offset, path: [...this.path, key], example: '' });
  }

  private shown(): string {
    if (isMap(this.node)) return 'A map';
    if (isSeq(this.node)) return 'A list';
    const value = isScalar(this.node) ? this.node.value : null;
    return value === null || value === '' ? 'An empty value' : JSON.stringify(value);
  }

  private suchAs(): string {
    const key = this.path.findLast((segment) => typeof segment === 'string');
    const isItem = typeof this.path.at(-1) === 'number';
    return `write it such as ${isItem || key === undefined ? '' : `${key}: `}${this.example}`;
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
