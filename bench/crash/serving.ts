import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('serving-child.ts', import.meta.url));

/** A process that serves: API, relay and worker in one. */
export interface Serving {
  /** The name of its connections to the database. */
  readonly name: string;
  readonly url: string;
  /** SIGKILL, at once. */
  kill(): boolean;
  /** SIGTERM: it finishes what it has begun. */
  stop(): boolean;
  readonly ended: Promise<unknown>;
}

/** Starts a process and waits until it serves. @throws when it ends before that. */
export async function startServing(name: string, env: NodeJS.ProcessEnv): Promise<Serving> {
  const child: ChildProcess = fork(CHILD, {
    env: { ...env, PGAPPNAME: name },
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const first = await Promise.race([once(child, 'message') as Promise<[{ url: string }]>, ended.then(() => null)]);
  if (!first) throw new Error(`The process ${name} has ended before it served.`);
  return { name, url: first[0].url, kill: () => child.kill('SIGKILL'), stop: () => child.kill('SIGTERM'), ended };
}
