/** What could be read of something: a part is `undefined` where the reader has already found a fault. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly Draft<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Draft<T[Key]> | undefined }
    : T | undefined;

/** A fault of a strategy: where it is, what is wrong and what would be right. */
export interface StrategyFault {
  /** Keys and list positions from the top of the strategy. */
  readonly path: readonly (string | number)[];
  /** Whether the key at the path is wrong, or its value. */
  readonly at: 'key' | 'value';
  readonly message: string;
}

/** A fault of the value at a path. */
export function wrong(path: StrategyFault['path'], message: string): StrategyFault {
  return { path, at: 'value', message };
}
