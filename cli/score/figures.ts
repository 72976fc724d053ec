/** `42.0%`. */
export function share(value: number): string {
  return `${(value * 100).toFixed(1)}%`;
}

/** `+12`, `0`, `−3`, with a true minus. */
export function signed(points: number): string {
  return points < 0 ? `−${-points}` : points > 0 ? `+${points}` : '0';
}
