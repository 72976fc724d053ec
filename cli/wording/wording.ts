import { loadWording } from '../../activities/word-list-file.ts';
import type { WordingUse } from '../../domain/wording-list.ts';
import { type Wording, explainFinding } from '../../domain/wording.ts';
import { type TextFile, messageFiles, readTexts } from './texts.ts';

export interface WordingRequest {
  /** Paths of files, `-` for standard input; empty: all messages of the policy. */
  readonly files: readonly string[];
  /** What files are that are not YAML. */
  readonly use: WordingUse;
}

const FOUND = 2;

/** `kept wording`: one line for every forbidden wording. @returns the exit code: 2 when there is one. */
export function wordingCommand({ files, use }: WordingRequest): number {
  const paths = files.length > 0 ? files : messageFiles();
  const wording = loadWording();
  const texts = paths.map((path) => readTexts(path, use));
  const lines = texts.map((file) => findingsOf(file, wording));
  const count = lines.flat().length;
  process.stdout.write(lines.flat().join(''));
  process.stdout.write(summary(count, lines.filter(({ length }) => length > 0).length, paths.length));
  return count > 0 ? FOUND : 0;
}

function findingsOf({ name, texts }: TextFile, wording: Wording): string[] {
  return texts.flatMap((text) =>
    wording.check(text).map((finding) => {
      const { line, column } = text.placeOf(finding);
      return `${name}:${line}:${column}: ${explainFinding(finding)}\n`;
    }),
  );
}

function summary(findings: number, filesWithFindings: number, files: number): string {
  const checked = `${files} ${files === 1 ? 'file' : 'files'} checked`;
  if (findings === 0) return `${checked}: no forbidden wording.\n`;
  return `${checked}: ${findings} ${findings === 1 ? 'finding' : 'findings'} in ${filesWithFindings}.\n`;
}
