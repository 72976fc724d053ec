import { didYouMean } from '../../domain/did-you-mean.ts';
import { type Instant, type LocalTime, parseInstant } from '../../domain/instant.ts';

/** Something wrong in a JSON document, at the place that its JSON pointer (RFC 6901) names. */
export interface JsonFault {
  readonly pointer: string;
  readonly message: string;
}

/** Instants outside of these years are slips of the pen. */
const FIRST_YEAR = '1970';
/** Longer texts are not repeated in messages. */
const SHOWN_LENGTH = 40;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * One value of a JSON document. Each reader gives the value in the asked form, or notes the fault and gives
 * `undefined`; so all faults are found in one reading. Null and an absent key are the same: nothing is given.
 */
export class JsonValue {
  readonly pointer: string;
  private readonly value: unknown;
  private readonly faults: JsonFault[];

  constructor(value: unknown, faults: JsonFault[], pointer = '') {
    this.value = value;
    this.faults = faults;
    this.pointer = pointer;
  }

  get isGiven(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  get isEmptyText(): boolean {
    return this.value === '';
  }

  get isList(): boolean {
    return Array.isArray(this.value);
  }

  /** The value of a key; what is not an object has no keys, and whoever asks for the object has said so. */
  at(key: string): JsonValue {
    const value = isObject(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
    return new JsonValue(value, this.faults, `${this.pointer}/${key}`);
  }

  /** Notes a fault unless the value is an object. @param what names it with its article: `a hold`. */
  object(what: string): boolean {
    if (isObject(this.value)) return true;
    this.refuseAs(`${what}, written { ... }`);
    return false;
  }

  /** The values of a list; an absent one is empty. */
  items(): JsonValue[] {
    if (!this.isGiven) return [];
    if (!Array.isArray(this.value)) {
      this.refuseAs('a list, written [ ... ]');
      return [];
    }
    return this.value.map((item: unknown, index) => new JsonValue(item, this.faults, `${this.pointer}/${index}`));
  }

  /** A text that is not empty. @param what names it with its article: `the id of the case`. */
  text(what: string): string | undefined {
    if (typeof this.value === 'string' && this.value !== '') return this.value;
    return this.refuseAs(`${what}, a text that is not empty`);
  }

  flag(): boolean | undefined {
    return typeof this.value === 'boolean' ? this.value : this.refuseAs('true or false');
  }

  instant(): Instant | undefined {
    if (typeof this.value === 'string' && this.value.slice(0, 4) >= FIRST_YEAR) {
      try {
        return parseInstant(this.value);
      } catch {
        // The message of the domain does not say what would be right here.
      }
    }
    return this.refuseAs('an instant, such as "2026-04-01T09:30:00Z"');
  }

  /** A time of day; `24:00` may be the end of something. */
  time(options: { readonly orMidnight: boolean } = { orMidnight: false }): LocalTime | undefined {
    const { value } = this;
    if (typeof value === 'string' && (TIME.test(value) || (options.orMidnight && value === '24:00'))) return value;
    return this.refuseAs('a time of day, such as "09:00"');
  }

  /** @param noun names the choice with its article: `a channel`. */
  oneOf<Choice extends string>(noun: string, choices: readonly Choice[]): Choice | undefined {
    const choice = choices.find((each) => each === this.value);
    if (choice !== undefined) return choice;
    const listed = `Choices: ${choices.join(', ')}.`;
    const hint = typeof this.value === 'string' ? didYouMean(this.value, choices, 'Choices').trim() : listed;
    this.refuse(this.isGiven ? `${this.shown()} is not ${noun}. ${hint}` : `Missing; give ${noun}. ${listed}`);
    return undefined;
  }

  refuse(message: string): undefined {
    this.faults.push({ pointer: this.pointer, message });
  }

  private refuseAs(expected: string): undefined {
    this.refuse(this.isGiven ? `${this.shown()} is not ${expected}.` : `Missing; give ${expected}.`);
  }

  /** The value as messages name it: never at length, since it may be anything. */
  private shown(): string {
    if (Array.isArray(this.value)) return 'A list';
    if (typeof this.value === 'object') return 'An object';
    const text = JSON.stringify(this.value);
    return text.length <= SHOWN_LENGTH ? text : 'This value';
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
