/** FNV-1a, 32 bits, over the code points of a text: the same on every machine and run. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

/**
 * A whole number in `[0, 2^32)` that looks drawn by lot: texts that differ in one character come far apart. FNV-1a alone
 * leaves the last characters in the low bits, so its result is mixed as MurmurHash3 does at its end.
 */
export function drawOf(text: string): number {
  let hash = fnv1a(text);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
