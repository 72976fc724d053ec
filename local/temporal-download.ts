import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { promisify } from 'node:util';
import { DomainError } from '../domain/errors.ts';
import { keepAtEnd, removeAtEnd } from './guarded-process.ts';
import type { BuildOptions } from './temporal-build.ts';
import { CLI_VERSION, isNewEnough } from './temporal-versions.ts';

const run = promisify(execFile);
/** Where the SDK's own test environment downloads the CLI from, and in this form. */
const DOWNLOADS = 'https://temporal.download/cli';
const ASK_WITHIN_MS = 10_000;
const FETCH_WITHIN_MS = 15 * 60_000;
const ARCHES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * Downloads the Temporal CLI to `target`. `KEPT_TEMPORAL_DOWNLOAD` names a mirror of the same form, or is `off`.
 * The SDK can download it too, but only while starting it as its own child by a native call that is not public.
 * @returns why it could not be, or `undefined` when it is there
 * @throws DATA_FOLDER_UNUSABLE when the disk is full
 */
export async function downloadCli(target: string, options: BuildOptions): Promise<string | undefined> {
  const from = options.env['KEPT_TEMPORAL_DOWNLOAD'] ?? DOWNLOADS;
  if (from === 'off') return 'the download is switched off';
  const machine = ARCHES[arch()];
  if (machine === undefined) return `there is no download for ${arch()}`;
  const folder = await mkdtemp(`${dirname(target)}-loading-`);
  removeAtEnd(folder);
  try {
    const info = await askFor(`${from}/${CLI_VERSION}?arch=${machine}&platform=${platform()}&format=tar.gz`, options);
    await load(info.archiveUrl, join(folder, 'archive.tar.gz'), options);
    await run('tar', ['-xzf', 'archive.tar.gz', info.fileToExtract], { cwd: folder });
    const program = join(folder, info.fileToExtract);
    await access(program);
    const { stdout } = await run(program, ['--version'], { timeout: ASK_WITHIN_MS });
    if (!isNewEnough(stdout)) return `the download holds ${stdout.trim()}`;
    await mkdir(dirname(target), { recursive: true });
    await rename(program, target);
    return undefined;
  } catch (error) {
    options.signal?.throwIfAborted();
    return reasonOf(error, from);
  } finally {
    await rm(folder, { recursive: true, force: true });
    keepAtEnd(folder);
  }
}

interface ArchiveInfo {
  readonly archiveUrl: string;
  readonly fileToExtract: string;
}

async function askFor(url: string, { signal }: BuildOptions): Promise<ArchiveInfo> {
  const answer = await fetch(url, { signal: limit(signal, ASK_WITHIN_MS) });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const info = (await answer.json()) as Partial<ArchiveInfo>;
  const { archiveUrl, fileToExtract } = info;
  const isPlain = typeof archiveUrl === 'string' && /^[\w.-]+$/.test(fileToExtract ?? '');
  if (!isPlain || fileToExtract === undefined) throw new Error('an unexpected answer');
  return { archiveUrl, fileToExtract };
}

async function load(url: string, file: string, { signal, log }: BuildOptions): Promise<void> {
  const within = limit(signal, FETCH_WITHIN_MS);
  const answer = await fetch(url, { signal: within });
  if (!answer.ok || answer.body === null) throw new Error(`status ${answer.status}`);
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      log.progress(`Downloading the Temporal CLI, once: ${Math.round(bytes / 1e6)} MB`);
      done(null, chunk);
    },
  });
  const body = Readable.fromWeb(answer.body as ReadableStream<Uint8Array>);
  await pipeline(body, counted, createWriteStream(file), { signal: within });
}

function limit(signal: AbortSignal | undefined, withinMs: number): AbortSignal {
  const timeout = AbortSignal.timeout(withinMs);
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
}

function reasonOf(error: unknown, from: string): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return `the download from ${from} failed`;
  if (/ENOSPC|no space left/i.test(cause.message)) {
    throw new DomainError('DATA_FOLDER_UNUSABLE', 'Downloading the Temporal CLI failed: the disk is full.');
  }
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message.split('\n')[0];
  return `the download from ${from} failed (${code})`;
}
