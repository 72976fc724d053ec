import { access, appendFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DomainError } from '../domain/errors.ts';
import { keepAtEnd, removeAtEnd, startGuarded } from './guarded-process.ts';
import type { StackLog } from './stack-log.ts';
import { SERVER_VERSION, UI_VERSION } from './temporal-versions.ts';

/** Two cores take about six minutes from nothing. */
const BUILD_WITHIN_MS = 30 * 60_000;
const TELL_EVERY_MS = 1_000;

export interface BuildOptions {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly log: StackLog;
  readonly signal?: AbortSignal | undefined;
}

/** Builds the Temporal server into `target`. @returns why it could not be, or `undefined` when it is there */
export async function buildServer(target: string, options: BuildOptions): Promise<string | undefined> {
  const what = { name: 'the Temporal server', module: `go.temporal.io/server/cmd/server@${SERVER_VERSION}`, target };
  return await goInstall(what, options);
}

/** Builds the Temporal UI into `target`. @returns why it could not be, or `undefined` when it is there */
export async function buildUi(target: string, options: BuildOptions): Promise<string | undefined> {
  const what = {
    name: 'the Temporal UI',
    module: `github.com/temporalio/ui-server/v2/cmd/server@${UI_VERSION}`,
    target,
  };
  return await goInstall(what, options);
}

interface Build {
  readonly name: string;
  readonly module: string;
  /** Both modules install a program called `server`; each is built into a folder of its own and moved here whole. */
  readonly target: string;
}

async function goInstall({ name, module, target }: Build, options: BuildOptions): Promise<string | undefined> {
  const bin = await mkdtemp(`${dirname(target)}-building-`);
  removeAtEnd(bin);
  try {
    const failure = await runGo(name, module, bin, options);
    if (failure !== undefined) return failure;
    const program = join(bin, 'server');
    await access(program);
    await mkdir(dirname(target), { recursive: true });
    await rename(program, target);
    return undefined;
  } finally {
    await rm(bin, { recursive: true, force: true });
    keepAtEnd(bin);
  }
}

async function runGo(name: string, module: string, bin: string, options: BuildOptions): Promise<string | undefined> {
  const progress = buildProgress(name, options.log);
  const lines: string[] = [];
  options.signal?.throwIfAborted();
  const go = startGuarded({
    command: 'go',
    // -v names each package as it is compiled; -s -w leaves out what only a debugger needs.
    args: ['install', '-v', '-ldflags=-s -w', module],
    stopSignal: 'SIGTERM',
    output: {
      onLine: (line) => {
        progress.saw(line);
        lines.push(line);
      },
    },
    cwd: bin,
    // Without C, so the program runs on any machine of this kind and building it needs no C compiler.
    // An older Go fetches the toolchain that the module asks for, also where its image says `local`.
    env: { ...options.env, GOBIN: bin, CGO_ENABLED: '0', GOTOOLCHAIN: 'auto' },
  });
  let timedOut = false;
  const limit = setTimeout(() => {
    timedOut = true;
    void go.stop();
  }, BUILD_WITHIN_MS);
  const abort = (): void => void go.stop();
  options.signal?.addEventListener('abort', abort);
  const ended = await go.ended;
  options.signal?.removeEventListener('abort', abort);
  clearTimeout(limit);
  progress.end();
  options.signal?.throwIfAborted();
  if (ended === 'code 0') return undefined;
  if (ended === 'ENOENT') return 'Go is not installed';
  if (timedOut) return `go install did not finish within ${BUILD_WITHIN_MS / 60_000} minutes`;
  if (lines.some((line) => /no space left on device/i.test(line))) {
    throw new DomainError('DATA_FOLDER_UNUSABLE', `Building ${name} failed: the disk is full.`);
  }
  const log = `${bin.slice(0, bin.lastIndexOf('-building-'))}.log`;
  await appendFile(log, `${lines.join('\n')}\n`);
  return `go install failed (${lines.at(-1) ?? ended}; all of it in ${log})`;
}

function buildProgress(name: string, log: StackLog): { saw(line: string): void; end(): void } {
  const startedAt = performance.now();
  let packages = 0;
  let latest = '';
  const seconds = (): number => Math.round((performance.now() - startedAt) / 1_000);
  const tell = setInterval(() => {
    const done = packages === 0 ? '' : `, ${packages} packages`;
    log.progress(`Building ${name} (some minutes, only this once): ${seconds()} s${done}, now ${latest}`);
  }, TELL_EVERY_MS);
  return {
    saw(line) {
      if (!line.startsWith('go: ')) packages += 1;
      latest = line.replace(/^go: /, '');
    },
    end() {
      clearInterval(tell);
    },
  };
}
