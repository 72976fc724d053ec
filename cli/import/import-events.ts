import type { Database } from '../../db/client.ts';
import { type Acceptance, type IntakeContext, acceptEvents } from '../../db/intake.ts';
import type { LoanEvent } from '../../domain/events.ts';
import { inLanes } from '../../platform/in-lanes.ts';

/** Events in one transaction: large enough to be fast, small enough to hold no lock for long. */
const BATCH = 500;
/** Batches under way at once. */
const LANES = 4;

/** How many events became what; the refused ones with their reasons. */
export interface ImportCount {
  accepted: number;
  duplicate: number;
  parked: number;
  readonly refused: Extract<Acceptance, { status: 'refused' }>[];
}

/**
 * Takes many events in, as the API would one by one. Events of one loan stay in one batch, so no two batches wait for
 * the same loan. Running it twice changes nothing.
 */
export async function importEvents(
  db: Database,
  events: readonly LoanEvent[],
  context: IntakeContext & { readonly onProgress: (events: number) => void },
): Promise<ImportCount> {
  const count: ImportCount = { accepted: 0, duplicate: 0, parked: 0, refused: [] };
  await inLanes(LANES, batchesByLoan(events), async (batch) => {
    for (const result of await acceptEvents(db, batch, context)) {
      if (result.status === 'refused') count.refused.push(result);
      else count[result.status] += 1;
    }
    context.onProgress(batch.length);
  });
  return count;
}

function batchesByLoan(events: readonly LoanEvent[]): LoanEvent[][] {
  const byLoan = new Map<string, LoanEvent[]>();
  for (const event of events) {
    const known = byLoan.get(event.data.loanRef);
    if (known) known.push(event);
    else byLoan.set(event.data.loanRef, [event]);
  }
  const batches: LoanEvent[][] = [];
  let batch: LoanEvent[] = [];
  for (const ofLoan of byLoan.values()) {
    if (batch.length > 0 && batch.length + ofLoan.length > BATCH) {
      batches.push(batch);
      batch = [];
    }
    batch.push(...ofLoan);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
