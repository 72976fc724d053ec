import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Fact } from '../../../domain/case-state.ts';
import type { MakeContactsInput } from '../../../workflows/contract.ts';

export interface WorkerCall {
  readonly id: number;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly input: MakeContactsInput;
}

/** What came of a call: its facts, or the code of its failure, which the engine would answer with another try. */
export type WorkerAnswer = { readonly id: number } & (
  | { readonly facts: readonly Fact[]; readonly failure?: never }
  | { readonly failure: string; readonly facts?: never }
);

export interface RaceWorker {
  makeContacts(input: MakeContactsInput, attempt: number): Promise<WorkerAnswer>;
  stop(): Promise<void>;
}

const CHILD = fileURLToPath(new URL('worker-child.ts', import.meta.url));

/** Starts workers in processes of their own. */
export function startWorkers(count: number, env: NodeJS.ProcessEnv): Promise<RaceWorker[]> {
  return Promise.all(Array.from({ length: count }, () => startWorker(env)));
}

async function startWorker(env: NodeJS.ProcessEnv): Promise<RaceWorker> {
  const child: ChildProcess = fork(CHILD, { env: { ...process.env, ...env }, execArgv: ['--import', 'tsx'] });
  const ended = once(child, 'exit');
  const calls = new Map<number, (answer: WorkerAnswer) => void>();
  let called = 0;
  await Promise.race([
    once(child, 'message'),
    ended.then(() => {
      throw new Error('The worker has ended before it was ready.');
    }),
  ]);
  child.on('message', (answer: WorkerAnswer) => {
    calls.get(answer.id)?.(answer);
    calls.delete(answer.id);
  });
  // Nobody waits for ever for a worker that has died.
  child.once('exit', () => {
    for (const [id, answer] of calls) answer({ id, failure: 'The worker has ended.' });
  });
  return {
    makeContacts: (input, attempt) => {
      const id = (called += 1);
      return new Promise((resolve) => {
        calls.set(id, resolve);
        child.send({ id, attempt, input } satisfies WorkerCall);
      });
    },
    stop: async () => {
      child.disconnect();
      await ended;
    },
  };
}
