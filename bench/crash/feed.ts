import type { LoanEvent } from '../../domain/events.ts';
import { inLanes } from '../../platform/in-lanes.ts';

const PARALLEL = 10;

/** Sends loans as their system would, each until it is taken. */
export interface Feed {
  /** Sends what is not yet taken of the first so many; what nobody answers to is left for the next time. */
  sendFirst(count: number, url: string): Promise<void>;
  readonly left: () => number;
}

export function createFeed(events: readonly LoanEvent[]): Feed {
  const taken = new Set<string>();
  return {
    sendFirst: async (count, url) => {
      const due = events.slice(0, count).filter(({ id }) => !taken.has(id));
      await inLanes(PARALLEL, due, async (event) => {
        if (await isTaken(url, event)) taken.add(event.id);
      });
    },
    left: () => events.length - taken.size,
  };
}

async function isTaken(url: string, event: LoanEvent): Promise<boolean> {
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(event) });
    return response.status === 202;
  } catch {
    // The process was killed meanwhile; whether it had committed the event does not matter, since it may come twice.
    return false;
  }
}
