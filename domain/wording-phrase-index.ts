interface Places {
  readonly starts: number[];
  readonly ends: number[];
}

/** Where a phrase stands in a sentence; `end` is the place after it. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** How many phrases of one set may start between the start and the end of another one: they seldom overlap. */
const OVERLAP_LIMIT = 8;

/** Where the phrases of each set stand in a sentence. They are added by their start; no question looks at all of them. */
export class PhraseIndex {
  private readonly places = new Map<number, Places>();

  /** Forgets all phrases. */
  clear(): void {
    if (this.places.size > 0) this.places.clear();
  }

  /** Adds a phrase. */
  add(set: number, start: number, end: number): void {
    const places = this.places.get(set);
    if (places === undefined) {
      this.places.set(set, { starts: [start], ends: [end] });
    } else {
      places.starts.push(start);
      places.ends.push(end);
    }
  }

  /** Whether a phrase of the set stands anywhere. */
  has(set: number): boolean {
    return this.places.has(set);
  }

  /** Whether one phrase of the set holds a stretch. */
  covers(set: number, { start, end }: Place): boolean {
    return this.before(set, start + 1).some((place) => place.end >= end);
  }

  /** Whether a phrase of the set lies within a stretch. */
  hasWithin(set: number, { start, end }: Place): boolean {
    const places = this.places.get(set);
    if (places === undefined) return false;
    const first = countBelow(places.starts, start);
    const last = Math.min(places.starts.length, first + OVERLAP_LIMIT);
    for (let at = first; at < last; at += 1) {
      if ((places.ends[at] ?? Number.POSITIVE_INFINITY) <= end) return true;
    }
    return false;
  }

  /** The last few phrases of the set that end at most so many words before a place, the nearest first. */
  endingBefore(set: number, place: number, within: number): Place[] {
    const near = this.before(set, place).filter(({ end }) => end <= place && place - end <= within);
    return near.sort((a, b) => b.end - a.end);
  }

  /** The last few phrases of the set that start before a place. */
  private before(set: number, place: number): Place[] {
    const places = this.places.get(set);
    if (places === undefined) return [];
    const last = countBelow(places.starts, place);
    const found: Place[] = [];
    for (let at = Math.max(0, last - OVERLAP_LIMIT); at < last; at += 1) {
      found.push({ start: places.starts[at] ?? 0, end: places.ends[at] ?? 0 });
    }
    return found;
  }
}

/** How many of the ascending numbers are below a limit. */
function countBelow(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
