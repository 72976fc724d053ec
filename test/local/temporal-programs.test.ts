import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LOOPBACK, freePorts } from '../../local/ports.ts';
import { silentLog } from '../../local/stack-log.ts';
import { findTemporal, programFolders } from '../../local/temporal-programs.ts';
import { CLI_VERSION, isNewEnough } from '../../local/temporal-versions.ts';
import { eventually, folderWithScript, freshFolder, processesNaming, startFixture } from './support.ts';

/** The tools of the system that the scripts below need. */
const SYSTEM_PATH = '/usr/bin:/bin';

function environment(cache: string, bin: string): NodeJS.ProcessEnv {
  return { PATH: `${bin}:${SYSTEM_PATH}`, KEPT_CACHE_DIR: cache, KEPT_TEMPORAL_DOWNLOAD: 'off' };
}

/** Stands in for Go: writes a program called `server` when the file `gate` is there. */
function fakeGo(gate: string, calls: string): string {
  return folderWithScript('go', [
    `echo call >> '${calls}'`,
    'echo "go: downloading go.temporal.io/server v0.0.0" >&2',
    'echo "go.temporal.io/server/common" >&2',
    'printf half > "$GOBIN/server"',
    `until [ -e '${gate}' ]; do sleep 0.05; done`,
    'printf "#!/bin/sh\\necho whole\\n" > "$GOBIN/server"',
    'chmod 755 "$GOBIN/server"',
  ]);
}

/** The state of a process as the system tells it: `S` sleeps, `R` runs or wants to. */
function stateOf(pid: number | undefined): string | undefined {
  return /^\d+ \(.*\) (\w)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
}

function callsIn(file: string): number {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
}

describe('the version line of the temporal command', () => {
  it.each([
    ['temporal version 1.8.2 (Server 1.31.9, UI 2.53.1)', false],
    ['temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)', true],
    ['temporal version 2.0.0 (Server 2.0.0, UI 3.0.0)', true],
    ['temporal version 0.9.0 (Server 0.99.0, UI 1.0.0)', false],
    ['something else', false],
  ])('%s is new enough: %s', (line, expected) => {
    expect(isNewEnough(line)).toBe(expected);
  });
});

describe('the search for a Temporal server', () => {
  it('takes the temporal command on PATH before anything else', async () => {
    const bin = folderWithScript('temporal', ['echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"']);
    const found = await findTemporal({ env: environment(freshFolder(), bin), ui: true, log: silentLog });
    expect(found).toEqual({ kind: 'cli', cli: 'temporal' });
  });

  it('passes an older temporal command by and names it when there is nothing else', async () => {
    const bin = folderWithScript('temporal', ['echo "temporal version 1.8.2 (Server 1.31.2, UI 2.53.1)"']);
    const search = findTemporal({ env: { ...environment(freshFolder(), bin), PATH: bin }, ui: false, log: silentLog });
    await expect(search).rejects.toMatchObject({
      code: 'SERVER_MISSING',
      message: expect.stringMatching(
        /the temporal command on PATH is too old \(temporal version 1\.8\.2 \(Server 1\.31\.2, UI 2\.53\.1\)\)/,
      ),
    });
  });

  it('builds once and takes what it has built from then on', async () => {
    const [cache, other] = [freshFolder(), freshFolder()];
    const [gate, calls] = [join(other, 'gate'), join(other, 'calls')];
    writeFileSync(gate, '');
    const env = environment(cache, fakeGo(gate, calls));

    const first = await findTemporal({ env, ui: true, log: silentLog });
    const second = await findTemporal({ env: { ...env, PATH: SYSTEM_PATH }, ui: true, log: silentLog });

    const { server, ui } = programFolders(env);
    expect(first).toEqual({ kind: 'server', server, ui });
    expect(second).toEqual(first);
    expect(callsIn(calls)).toBe(2);
    expect(execFileSync(server, { encoding: 'utf8' })).toBe('whole\n');
  });

  it('goes on without the UI when only that cannot be built, and says so', async () => {
    const cache = freshFolder();
    const env = { ...environment(cache, freshFolder()), PATH: freshFolder() };
    const { server } = programFolders(env);
    mkdirSync(join(server, '..'), { recursive: true });
    writeFileSync(server, '#!/bin/sh\n', { mode: 0o755 });
    const lines: string[] = [];

    const found = await findTemporal({ env, ui: true, log: { ...silentLog, info: (line) => lines.push(line) } });

    expect(found).toEqual({ kind: 'server', server, ui: null });
    expect(lines).toEqual(['The Temporal UI is left out: Go is not installed.']);
  });

  it('tells how far a build is', async () => {
    const other = freshFolder();
    const [gate, calls] = [join(other, 'gate'), join(other, 'calls')];
    const told: string[] = [];
    const progress = (line: string): void => {
      told.push(line);
      writeFileSync(gate, '');
    };
    const env = environment(freshFolder(), fakeGo(gate, calls));
    await findTemporal({ env, ui: false, log: { ...silentLog, progress } });
    expect(told[0]).toMatch(
      /^Building the Temporal server \(some minutes, only this once\): \d+ s, 1 packages, now go\.temporal\.io/,
    );
  });

  it('says what the build complained of', async () => {
    const bin = folderWithScript('go', ['echo "go: cannot find the module" >&2', 'exit 1']);
    const search = findTemporal({ env: environment(freshFolder(), bin), ui: false, log: silentLog });
    await expect(search).rejects.toMatchObject({
      code: 'SERVER_MISSING',
      message: expect.stringMatching(/go install failed \(go: cannot find the module; all of it in /),
    });
  });

  it('calls a full disk a full disk', async () => {
    const bin = folderWithScript('go', ['echo "write /x: no space left on device" >&2', 'exit 1']);
    const search = findTemporal({ env: environment(freshFolder(), bin), ui: false, log: silentLog });
    await expect(search).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
      message: expect.stringMatching(/the disk is full/),
    });
  });
});

describe('a build', () => {
  it('is done once when two processes want it at the same time', async () => {
    const [cache, other] = [freshFolder(), freshFolder()];
    const [gate, calls] = [join(other, 'gate'), join(other, 'calls')];
    const env = environment(cache, fakeGo(gate, calls));
    const [one, two] = [startFixture('searcher', env), startFixture('searcher', env)];
    await eventually('one of them builds', () => callsIn(calls) > 0);

    writeFileSync(gate, '');

    const { server } = programFolders(env);
    const found = { kind: 'server', server, ui: null };
    expect(await Promise.all([one.firstLine, two.firstLine])).toEqual([found, found]);
    expect(callsIn(calls)).toBe(1);
  });

  it('that is killed with kill -9 leaves no half program, no process and no lock that holds', async () => {
    const [cache, other] = [freshFolder(), freshFolder()];
    const [gate, calls] = [join(other, 'gate'), join(other, 'calls')];
    const bin = fakeGo(gate, calls);
    const env = environment(cache, bin);
    const killed = startFixture('searcher', env);
    await eventually('it builds', () => callsIn(calls) > 0);

    // The child may run before its parent does again; only a parent that is back at rest has told the guard of it.
    await eventually('its parent rests', () => stateOf(killed.child.pid) === 'S');
    killed.child.kill('SIGKILL');

    await eventually('the build has ended', async () => (await processesNaming(bin)).length === 0);
    await eventually('its folder is gone', () => readdirSync(cache).every((name) => !name.includes('-building-')));
    expect(existsSync(programFolders(env).server)).toBe(false);
    writeFileSync(gate, '');
    expect(await findTemporal({ env, ui: false, log: silentLog })).toMatchObject({ kind: 'server' });
  });
});

describe('the download', () => {
  /** Serves a program that calls itself the Temporal CLI, the way the download site does. */
  async function downloads(versionLine: string): Promise<string> {
    const folder = folderWithScript('temporal', [`echo "${versionLine}"`]);
    execFileSync('tar', ['-czf', join(folder, 'cli.tar.gz'), '-C', folder, 'temporal']);
    const [port = 0] = await freePorts(1);
    const site = `http://${LOOPBACK}:${port}`;
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '', site).pathname;
      if (path === `/cli/${CLI_VERSION}`) {
        response.end(JSON.stringify({ archiveUrl: `${site}/cli.tar.gz`, fileToExtract: 'temporal' }));
      } else if (path === '/cli.tar.gz') response.end(readFileSync(join(folder, 'cli.tar.gz')));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(port, LOOPBACK, resolve));
    onTestFinished(() => void server.close());
    return `${site}/cli`;
  }

  it('is preferred to a build, and kept', async () => {
    const cache = freshFolder();
    const site = await downloads('temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)');
    const env = { ...environment(cache, freshFolder()), KEPT_TEMPORAL_DOWNLOAD: site };
    const found = await findTemporal({ env, ui: true, log: silentLog });
    expect(found).toEqual({ kind: 'cli', cli: programFolders(env).cli });
    const again = await findTemporal({ env: { ...env, KEPT_TEMPORAL_DOWNLOAD: 'off' }, ui: true, log: silentLog });
    expect(again).toEqual(found);
  });

  it.each([
    ['holds another version', 'temporal version 1.8.0 (Server 1.31.0, UI 2.53.0)', '', /the download holds temporal/],
    ['is not there', 'temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)', '/elsewhere', /failed \(status 404\)/],
  ])('that %s is told of and nothing of it is kept', async (_what, versionLine, path, reason) => {
    const cache = freshFolder();
    const env = {
      ...environment(cache, ''),
      PATH: SYSTEM_PATH,
      KEPT_TEMPORAL_DOWNLOAD: (await downloads(versionLine)) + path,
    };
    const search = findTemporal({ env, ui: false, log: silentLog });
    await expect(search).rejects.toMatchObject({ code: 'SERVER_MISSING', message: expect.stringMatching(reason) });
    expect(existsSync(programFolders(env).cli)).toBe(false);
  });
});
