import type { CharacteristicId } from '../../../domain/score/characteristics.ts';
import type { InBothLanguages } from '../../../domain/score/loan-facts.ts';
import type { Band, Reasons, Scale, Side } from '../../../domain/score/scorecard.ts';

/** `rising`: a higher value never costs points; `falling`: it never brings any; `free`: whatever the loans say. */
export const DIRECTIONS = ['rising', 'falling', 'free'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export interface PlannedCharacteristic {
  readonly id: CharacteristicId;
  readonly about: Side;
  readonly direction: Direction;
  readonly name: InBothLanguages;
  readonly reasons: Reasons;
}

/** What an officer decides before a scorecard is trained. */
export interface TrainingPlan {
  readonly id: string;
  readonly version: number;
  readonly intendedUse: InBothLanguages;
  readonly limits: readonly InBothLanguages[];
  readonly scale: Scale;
  readonly bands: readonly Band[];
  readonly reasonsShown: number;
  readonly characteristics: readonly PlannedCharacteristic[];
}
