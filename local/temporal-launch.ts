import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GuardedProcess, startGuarded } from './guarded-process.ts';
import { LOOPBACK } from './ports.ts';
import {
  DYNAMIC_CONFIG,
  FILE_PRAGMAS,
  type TemporalStorage,
  dynamicConfig,
  serverConfig,
  uiConfig,
} from './temporal-config.ts';
import { chooseTemporalPorts } from './temporal-ports.ts';
import type { TemporalPrograms } from './temporal-programs.ts';

export interface LaunchOptions {
  readonly dataDir: string;
  readonly storage: TemporalStorage;
  readonly ui: boolean;
  readonly namespace: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly ports: { readonly server?: number; readonly ui?: number };
}

/** Processes that have been started and are not known to be ready yet. */
export interface Launched {
  readonly address: string;
  readonly server: LaunchedProcess;
  /** `null` without a UI; the same process as the server's where that serves the UI too. */
  readonly ui: (LaunchedProcess & { readonly url: string }) | null;
}

export interface LaunchedProcess {
  readonly process: GuardedProcess;
  readonly logFile: string;
}

/** Starts the server, and the UI beside it, on ports that are free now. */
export async function launch(programs: TemporalPrograms, options: LaunchOptions): Promise<Launched> {
  return programs.kind === 'cli' ? await launchCli(programs.cli, options) : await launchServer(programs, options);
}

async function launchServer(
  programs: Extract<TemporalPrograms, { kind: 'server' }>,
  options: LaunchOptions,
): Promise<Launched> {
  const { dataDir, ports, storage } = options;
  const chosen = await chooseTemporalPorts(portsFile(options));
  const frontend = ports.server ?? chosen.frontend;
  const [gossip = 0, h1 = 0, h2 = 0, m1 = 0, m2 = 0, w1 = 0, w2 = 0] = chosen.inner;
  const dynamicFile = join(dataDir, 'dynamic.yaml');
  await writeFile(dynamicFile, dynamicConfig());
  const all = { frontend: [frontend, gossip], history: [h1, h2], matching: [m1, m2], worker: [w1, w2] } as const;
  const flags = await configFlags(join(dataDir, 'server'), serverConfig(all, storage, dynamicFile));
  const server = await start(programs.server, [...flags, '--allow-no-auth', 'start'], 'server', options);
  const address = `${LOOPBACK}:${frontend}`;
  if (!options.ui || programs.ui === null) return { address, server, ui: null };
  const uiPort = ports.ui ?? chosen.ui;
  try {
    const uiFlags = await configFlags(join(dataDir, 'ui'), uiConfig(address, uiPort, options.namespace));
    const ui = await start(programs.ui, [...uiFlags, 'start'], 'ui', options);
    return { address, server, ui: { ...ui, url: `http://${LOOPBACK}:${uiPort}` } };
  } catch (error) {
    await server.process.stop();
    throw error;
  }
}

/** The CLI's development server takes the same settings as flags, and serves the UI itself. */
async function launchCli(cli: string, options: LaunchOptions): Promise<Launched> {
  const { storage } = options;
  const chosen = await chooseTemporalPorts(portsFile(options));
  const port = options.ports.server ?? chosen.frontend;
  const uiPort = options.ports.ui ?? chosen.ui;
  const pragmas = Object.entries(FILE_PRAGMAS).map(([name, value]) => `--sqlite-pragma=${name}=${value}`);
  const settings = Object.entries(DYNAMIC_CONFIG).map(
    ([key, value]) => `--dynamic-config-value=${key}=${JSON.stringify(value)}`,
  );
  const args = [
    'server',
    'start-dev',
    `--ip=${LOOPBACK}`,
    `--port=${port}`,
    '--log-level=warn',
    '--log-format=json',
    ...(options.ui ? [`--ui-port=${uiPort}`, '--ui-disable-news-fetch'] : ['--headless']),
    ...(storage.kind === 'file' ? [`--db-filename=${storage.file}`, ...pragmas] : []),
    ...settings,
  ];
  const server = await start(cli, args, 'server', options);
  const ui = options.ui ? { ...server, url: `http://${LOOPBACK}:${uiPort}` } : null;
  return { address: `${LOOPBACK}:${port}`, server, ui };
}

/** With its state in memory a server starts anew each time, and its ports are new too. */
function portsFile({ dataDir, storage }: LaunchOptions): string | undefined {
  return storage.kind === 'file' ? join(dataDir, 'ports.json') : undefined;
}

/** Writes the configuration file where both programs look for it: `ROOT/config/kept.yaml`. */
async function configFlags(root: string, config: string): Promise<string[]> {
  await mkdir(join(root, 'config'), { recursive: true });
  await writeFile(join(root, 'config', 'kept.yaml'), config);
  return ['--root', root, '--config', 'config', '--env', 'kept'];
}

async function start(
  command: string,
  args: readonly string[],
  name: string,
  { dataDir, storage, env }: LaunchOptions,
): Promise<LaunchedProcess> {
  const logFile = join(dataDir, `${name}.log`);
  await rm(logFile, { force: true });
  const process = startGuarded({
    command,
    args,
    // A server takes a second over its ending, more when it has just started; in memory it has nothing to save.
    stopSignal: storage.kind === 'memory' ? 'SIGKILL' : 'SIGTERM',
    output: { file: logFile },
    cwd: dataDir,
    env: withoutTemporal(env),
  });
  return { process, logFile };
}

/** Both programs read `TEMPORAL_...` variables too, which would change what the flags say. */
function withoutTemporal(env: Readonly<NodeJS.ProcessEnv>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}
