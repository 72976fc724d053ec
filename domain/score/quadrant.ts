import type { CharacteristicPoints, PointsTable, Side } from './scorecard.ts';

/** Whether somebody seems able and willing to pay, measured by the middle of those whom the scorecard learned from. */
export const QUADRANTS = ['canPayWillPay', 'canPayWontPay', 'cannotPayWillPay', 'cannotPayWontPay'] as const;
export type Quadrant = (typeof QUADRANTS)[number];

/** Points of one characteristic of one loan. */
export interface Scored {
  readonly characteristic: CharacteristicPoints;
  readonly points: number;
}

/** The points of all characteristics about one side. */
export function sidePoints(scored: readonly Scored[], side: Side): number {
  return scored.reduce((sum, { characteristic, points }) => sum + (characteristic.about === side ? points : 0), 0);
}

export function quadrantOf(side: { ability: number; willingness: number }, cuts: PointsTable['cuts']): Quadrant {
  const isAble = side.ability >= cuts.ability;
  const isWilling = side.willingness >= cuts.willingness;
  if (isAble) return isWilling ? 'canPayWillPay' : 'canPayWontPay';
  return isWilling ? 'cannotPayWillPay' : 'cannotPayWontPay';
}
