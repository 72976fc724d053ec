import { existsSync } from 'node:fs';
import { type Reject, writeRejects } from '../portfolio/rejects.ts';

/**
 * Lists the rows that were left out, beside the output, as `OUT.rejects.csv`, unless told otherwise.
 * @returns the exit code: 2 when there is one.
 * @throws OUTPUT_UNWRITABLE
 */
export async function leaveRejects(
  rejects: readonly Reject[],
  outFile: string,
  rejectsFile: string | null,
): Promise<number> {
  const path = rejectsFile ?? `${outFile}.rejects.csv`;
  // A list that an earlier run left here must not be taken for that of this one.
  if (rejects.length === 0 && rejectsFile === null && !existsSync(path)) return 0;
  await writeRejects(path, rejects);
  if (rejects.length === 0) return 0;
  const first = rejects
    .slice(0, 3)
    .map(({ file, line, code, reason }) => `  ${file}, line ${line}: ${reason} [${code}]`);
  process.stderr.write(`${rejects.length} rows were left out: see ${path}.\n${first.join('\n')}\n`);
  return 2;
}
