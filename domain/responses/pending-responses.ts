import type { CaseState } from '../case-state.ts';
import { compareText } from '../order.ts';
import { deedsOf } from './deeds.ts';
import type { ResponseModel } from './model.ts';
import { type LoanFacts, type Response, responseTo } from './response.ts';
import { type Saying, sayingsOf } from './sayings.ts';

/** The responses that are still to come about one loan. */
export class PendingResponses {
  private readonly model: ResponseModel;
  private readonly facts: LoanFacts;
  private readonly known = new Set<string>();
  private coming: readonly Response[] = [];
  private lastSeen: CaseState | null = null;

  constructor(model: ResponseModel, facts: LoanFacts) {
    this.model = model;
    this.facts = facts;
  }

  /** The next one, by what the case has done as it stands; null when none is to come. */
  next(state: CaseState): Response | null {
    if (state.closed) return null;
    this.look(state);
    return this.coming[0] ?? null;
  }

  /** Takes the next one, and tells what is said. */
  take(state: CaseState): readonly Saying[] {
    const response = this.next(state);
    this.coming = this.coming.slice(1);
    return response ? sayingsOf(this.model, response, state, this.facts) : [];
  }

  /** Takes note of deeds that are new; each is responded to once. */
  private look(state: CaseState): void {
    const { done, openTasks } = state;
    if (done === this.lastSeen?.done && openTasks === this.lastSeen.openTasks) return;
    this.lastSeen = state;
    const fresh = deedsOf(state).filter(({ key }) => !this.known.has(key));
    if (fresh.length === 0) return;
    for (const { key } of fresh) this.known.add(key);
    const responses = fresh.flatMap((deed) => responseTo(this.model, deed, this.facts) ?? []);
    this.coming = [...this.coming, ...responses].toSorted(
      (a, b) => compareText(a.at, b.at) || compareText(a.deed.key, b.deed.key),
    );
  }
}
