/**
 * The terms that were found from one place on. A list of this kind is used again and again, because it is filled in the
 * innermost loop: what lies behind `size` is old.
 */
export class FoundTerms {
  readonly terms: number[] = [];
  /** The places after the terms. */
  readonly ends: number[] = [];
  size = 0;

  clear(): void {
    this.size = 0;
  }

  add(term: number, end: number): void {
    this.terms[this.size] = term;
    this.ends[this.size] = end;
    this.size += 1;
  }

  /** Whether none before ends at the same place. */
  isFirst(at: number): boolean {
    for (let before = 0; before < at; before += 1) if (this.ends[before] === this.ends[at]) return false;
    return true;
  }
}
