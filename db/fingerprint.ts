import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** SHA-256, hex, of some JSON content, whatever the order of its fields. */
export function fingerprintOf(value: object): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
