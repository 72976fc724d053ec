/** Something and how often it occurs. */
export interface Count<Name extends string = string> {
  readonly name: Name;
  readonly count: number;
}

export function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

/** Groups in the order in which their first items stand. */
export function groupBy<T, Name extends string>(items: readonly T[], key: (item: T) => Name): Map<Name, T[]> {
  const groups = new Map<Name, T[]>();
  for (const item of items) {
    const name = key(item);
    const known = groups.get(name);
    if (known === undefined) groups.set(name, [item]);
    else known.push(item);
  }
  return groups;
}

/** Most often first; what is equally often, by name. */
export function countBy<T, Name extends string>(items: readonly T[], key: (item: T) => Name): Count<Name>[] {
  return [...groupBy(items, key)]
    .map(([name, those]) => ({ name, count: those.length }))
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
