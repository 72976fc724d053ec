import type { AgreementKind } from '../../domain/agreement.ts';
import type { AgreementLine } from '../../domain/run-result.ts';
import { sumOf } from './tally.ts';

/** What agreements have come to; `otherwise`: replaced by another one, or cancelled. */
export const AGREEMENT_ENDS = ['kept', 'partlyKept', 'broken', 'open', 'otherwise'] as const;
export type AgreementEnd = (typeof AGREEMENT_ENDS)[number];

/** The agreements of one kind, by what they came to. */
export interface AgreementFigures {
  readonly kind: AgreementKind;
  readonly made: number;
  readonly agreedMinor: number;
  /** What came in under them, on top of what was agreed included. */
  readonly receivedMinor: number;
  readonly ends: Readonly<Record<AgreementEnd, { readonly number: number; readonly agreedMinor: number }>>;
  /** Those that were kept, kept in part or broken: open ones have not been decided, others never will be. */
  readonly decided: { readonly number: number; readonly agreedMinor: number };
}

/** Figures of each kind that occurs, promises first. */
export function agreementFiguresOf(agreements: readonly AgreementLine[]): AgreementFigures[] {
  const kinds: readonly AgreementKind[] = ['promise', 'plan', 'settlement'];
  return kinds.flatMap((kind) => {
    const those = agreements.filter((line) => line.kind === kind);
    return those.length === 0 ? [] : [figuresOf(kind, those)];
  });
}

function figuresOf(kind: AgreementKind, those: readonly AgreementLine[]): AgreementFigures {
  const amountOf = (lines: readonly AgreementLine[]) => ({
    number: lines.length,
    agreedMinor: sumOf(lines, ({ agreedMinor }) => agreedMinor),
  });
  const endedAs = (end: AgreementEnd) => amountOf(those.filter((line) => endOf(line) === end));
  const ends = {
    kept: endedAs('kept'),
    partlyKept: endedAs('partlyKept'),
    broken: endedAs('broken'),
    open: endedAs('open'),
    otherwise: endedAs('otherwise'),
  };
  const decided = [ends.kept, ends.partlyKept, ends.broken];
  return {
    kind,
    made: those.length,
    agreedMinor: sumOf(those, ({ agreedMinor }) => agreedMinor),
    receivedMinor: sumOf(those, ({ receivedMinor }) => receivedMinor),
    ends,
    decided: { number: sumOf(decided, ({ number }) => number), agreedMinor: sumOf(decided, (end) => end.agreedMinor) },
  };
}

function endOf({ status }: AgreementLine): AgreementEnd {
  return status === 'cancelled' || status === 'replaced' ? 'otherwise' : status;
}
