import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('gateway-child.ts', import.meta.url));

export interface BenchGateway {
  readonly url: string;
  /** How many messages it has taken. */
  taken(): Promise<number>;
  stop(): void;
}

export async function startBenchGateway(): Promise<BenchGateway> {
  const child = fork(CHILD, { execArgv: ['--import', 'tsx'] });
  const [url] = (await once(child, 'message')) as [string];
  return {
    url,
    taken: async () => {
      child.send('taken');
      const [count] = (await once(child, 'message')) as [number];
      return count;
    },
    stop: () => child.disconnect(),
  };
}
