import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DomainError, explain } from '../../domain/errors.ts';
import { LOOPBACK, freePorts } from '../../local/ports.ts';
import { startPostgres } from '../../local/postgres.ts';
import { silentLog } from '../../local/stack-log.ts';
import { type StackOptions, startStack } from '../../local/stack.ts';
import { freshFolder, processesNaming } from './support.ts';

const IS_ROOT = process.getuid?.() === 0;
const OWN = { ...process.env, DATABASE_URL: '', TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: '' };

/** The error that a start ends with; a start that succeeds is stopped and fails the test. */
async function failureOf(options: Partial<StackOptions>): Promise<DomainError> {
  const started = startStack({ profile: 'test', ui: false, log: silentLog, env: OWN, ...options });
  const error: unknown = await started.then(
    async (stack) => {
      await stack.stop();
      return new Error('The stack has started.');
    },
    (failure: unknown) => failure,
  );
  if (!(error instanceof DomainError)) throw error;
  expect(explain(error)).not.toContain('\n');
  return error;
}

/** A file system of its own, so that it can be full. */
function smallDisk(megabytes: number): string {
  const folder = freshFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0711`, 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

function canMount(): boolean {
  if (!IS_ROOT || process.platform !== 'linux') return false;
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a stack that cannot start says why in one sentence and leaves nothing behind:', () => {
  it('no Temporal server anywhere', async () => {
    const dataDir = freshFolder();
    const nothing = { ...OWN, PATH: freshFolder(), KEPT_CACHE_DIR: freshFolder(), KEPT_TEMPORAL_DOWNLOAD: 'off' };

    const error = await failureOf({ dataDir, env: nothing });

    expect(error).toMatchObject({ code: 'SERVER_MISSING' });
    expect(error.message).toBe(
      'No Temporal server 1.32 or newer: there is no temporal command on PATH; the download is switched off; Go is ' +
        'not installed. Any one of these helps: install the Temporal CLI 1.9.1 or newer, install Go 1.21 or newer ' +
        'and try again, or set TEMPORAL_ADDRESS to a server that runs.',
    );
    expect(await processesNaming(dataDir)).toEqual([]);
  });

  it.each(['server', 'ui'] as const)('the port for the Temporal %s is in use', async (which) => {
    const dataDir = freshFolder();
    const [port = 0] = await freePorts(1);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, LOOPBACK, resolve));
    onTestFinished(() => void other.close());

    const error = await failureOf({ dataDir, ui: true, ports: { [which]: port } });

    expect(error).toMatchObject({ code: 'PORT_IN_USE', details: { port } });
    expect(error.message).toContain(`port ${port} on ${LOOPBACK} is in use`);
    expect(await processesNaming(dataDir)).toEqual([]);
  });

  it('the data folder is a file', async () => {
    const file = join(freshFolder(), 'file');
    writeFileSync(file, '');
    expect(await failureOf({ dataDir: file })).toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' });
  });

  it.runIf(canMount())('the disk is nearly full before the start', async () => {
    const error = await failureOf({ dataDir: smallDisk(20) });
    expect(error).toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
      message: expect.stringMatching(/^The disk is nearly full: \d+ MB are free/),
    });
  });

  it.runIf(canMount())('the disk fills up while the database is made', async () => {
    const dataDir = smallDisk(12);
    const start = startPostgres({ dataDir, durability: 'none', log: silentLog });
    await expect(start).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
      message: expect.stringMatching(/the disk is full\.$/),
    });
    expect(await processesNaming(dataDir)).toEqual([]);
  });

  it.runIf(IS_ROOT)('root asks for a data folder that the database user cannot enter', async () => {
    const closed = freshFolder();
    chmodSync(closed, 0o700);
    const error = await failureOf({ dataDir: join(closed, 'data') });
    expect(error).toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
      message: expect.stringMatching(/cannot enter the data folder/),
    });
  });

  it('nobody answers at DATABASE_URL, and the sentence does not tell the password', async () => {
    const [port = 0] = await freePorts(1);
    const error = await failureOf({ env: { ...OWN, DATABASE_URL: `postgres://kept:secret@${LOOPBACK}:${port}/kept` } });
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(error.message).toBe(`The Postgres at ${LOOPBACK}:${port} (DATABASE_URL) does not let us in: ECONNREFUSED.`);
  });

  it.concurrent('another stack runs in the same data folder', async ({ onTestFinished: whenFinished }) => {
    const dataDir = freshFolder(whenFinished);
    const first = await startStack({ profile: 'test', ui: false, log: silentLog, env: OWN, dataDir });
    whenFinished(() => first.stop());

    const error = await failureOf({ dataDir });

    expect(error).toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' });
    expect(error.message).toBe(`Another local stack is running in the data folder ${dataDir}.`);
  });

  it.concurrent('nobody answers at TEMPORAL_ADDRESS', async () => {
    const [port = 0] = await freePorts(1);
    const error = await failureOf({ env: { ...OWN, TEMPORAL_ADDRESS: `${LOOPBACK}:${port}` } });
    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^No Temporal server answers at/),
    });
  });
});

describe('the embedded Postgres', () => {
  it('puts up with a cluster that was only half made', async () => {
    const dataDir = freshFolder();
    mkdirSync(join(dataDir, 'postgres-new', 'base'), { recursive: true });
    const server = await startPostgres({ dataDir, durability: 'none', log: silentLog });
    await server.stop();
    expect(readdirSync(dataDir).sort()).toEqual(['postgres', 'postgres.log', 'postgres.password']);
  });
});
