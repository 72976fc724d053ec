import type { Currency } from '../money.ts';
import type { LocalDate } from '../instant.ts';
import type { CharacteristicId, SensitiveId } from './characteristics.ts';
import type { InBothLanguages } from './loan-facts.ts';

/** What a characteristic is about; `other` counts for neither side of the quadrant. */
export const SIDES = ['ability', 'willingness', 'other'] as const;
export type Side = (typeof SIDES)[number];

/** A sentence fit for the person it is about. */
export interface Reason extends InBothLanguages {
  /** Such as `R12`. */
  readonly code: string;
}

/**
 * What is said when a characteristic cost points: its value lies below or above that of its best bin, or is not known.
 * `other` fits both sides, and categories.
 */
export interface Reasons {
  readonly low?: Reason;
  readonly high?: Reason;
  readonly other?: Reason;
  readonly unknown: Reason;
}

export interface BinFigures {
  readonly points: number;
  /** Loans of the training in this bin, and those of them that settled. */
  readonly loans: number;
  readonly settled: number;
}

/** Values from the bound of the bin before it, included, up to `below`, excluded; the last bin has no bound. */
export interface NumberBin extends BinFigures {
  readonly below: number | null;
}

export interface CategoryBin extends BinFigures {
  readonly values: readonly string[];
}

interface CharacteristicBase {
  readonly id: CharacteristicId;
  readonly about: Side;
  readonly name: InBothLanguages;
  readonly reasons: Reasons;
  /** What the loans of the training that it applies to got on average; who gets less has lost points. */
  readonly averagePoints: number;
  /** For what is not known. */
  readonly missing: BinFigures;
  /** For loans that it does not apply to; absent when it applies to all. */
  readonly outside?: BinFigures;
}

export interface NumberPoints extends CharacteristicBase {
  readonly kind: 'number';
  readonly bins: readonly NumberBin[];
}

export interface CategoryPoints extends CharacteristicBase {
  readonly kind: 'category';
  readonly bins: readonly CategoryBin[];
  /** For values that no bin names. */
  readonly other: BinFigures;
}

export type CharacteristicPoints = NumberPoints | CategoryPoints;

/** A band holds probabilities from `probabilityFrom` on, up to that of the band above it. */
export interface Band {
  readonly id: string;
  readonly probabilityFrom: number;
}

/** Points to odds: at `evenOddsAt` points settling is as likely as not; each `pointsToDoubleOdds` more double the odds. */
export interface Scale {
  readonly pointsToDoubleOdds: number;
  readonly evenOddsAt: number;
}

/** What loans with so many points came to when they had not been learned from. */
export interface CalibrationPoint {
  readonly points: number;
  /** Between 0 and 1, both excluded. */
  readonly probability: number;
}

/** A decile of predicted probability, or a band: what was predicted on average and what came. */
export interface CalibrationRow {
  readonly loans: number;
  readonly predicted: number;
  readonly settled: number;
}

/** How well probabilities ranked and fitted loans that the model had not seen. */
export interface Quality {
  readonly auc: number;
  readonly ks: number;
  readonly brier: number;
  /** The biggest distance between predicted and settled share of a decile. */
  readonly worstDecileGap: number;
  readonly deciles: readonly CalibrationRow[];
  /** Bands that held loans, best first. */
  readonly bands: readonly (CalibrationRow & { readonly band: string })[];
  /** Of each fold by itself. */
  readonly foldAucs: readonly number[];
}

/** What leaving out age, education and region costs: the AUC without any of them, and with all three. */
export interface Fairness {
  readonly used: readonly SensitiveId[];
  readonly aucWithout: number;
  readonly aucWithAll: number;
}

export interface Training {
  readonly source: string;
  /** SHA-256 of what was learned from, in whatever order the rows stood. */
  readonly sha256: string;
  readonly asOf: LocalDate;
  readonly loans: number;
  readonly borrowers: number;
  readonly settled: number;
  readonly firstDue: LocalDate;
  readonly lastDue: LocalDate;
  readonly folds: number;
  /** Characteristics that were planned, and told loans apart too little to get points. */
  readonly unused: readonly CharacteristicId[];
}

/** What a score is computed from: the base, and the points of one bin a characteristic. */
export interface PointsTable {
  readonly scale: Scale;
  /** Corrects the scale where loans came to something else; both values rise. Empty: the scale stands as it is. */
  readonly calibration: readonly CalibrationPoint[];
  readonly basePoints: number;
  /** Best first; the last one begins at 0. */
  readonly bands: readonly Band[];
  /** From these points on somebody counts as able, and as willing: the medians of the training. */
  readonly cuts: { readonly ability: number; readonly willingness: number };
  /** The most reasons that a score gives. */
  readonly reasonsShown: number;
  readonly characteristics: readonly CharacteristicPoints[];
}

/** A points scorecard with what it is for, what it was learned from and what was measured of it. */
export interface Scorecard extends PointsTable {
  readonly id: string;
  readonly version: number;
  readonly currency: Currency;
  readonly intendedUse: InBothLanguages;
  readonly limits: readonly InBothLanguages[];
  readonly training: Training;
  readonly quality: Quality;
  readonly fairness: Fairness;
}
