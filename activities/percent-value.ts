import type { PolicyValue } from './policy-value.ts';

/** A percentage such as 15 or 14.75, in hundredths of a percent, which are whole numbers and so reckon exactly. */
export function readBasisPoints(percent: PolicyValue): number | undefined {
  return percent.scalar('a percentage with at most two decimals', (value) => {
    if (typeof value !== 'number' || !(value >= 0) || value > 100) return undefined;
    const basisPoints = Math.round(value * 100);
    return basisPoints / 100 === value ? basisPoints : undefined;
  });
}
