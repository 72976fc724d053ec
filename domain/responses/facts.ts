import type { AgreementPolicy } from '../agreement-policy.ts';
import { instalmentsOf } from '../agreement-terms.ts';
import type { Fact } from '../case-state.ts';
import type { Instant, Zone } from '../instant.ts';
import { MODEL_ACTOR } from './proposal.ts';
import type { Saying } from './sayings.ts';

/** What a saying is to the case that it is said to; null when it goes into the debtor's ledger and not to the case. */
export function factOf(
  saying: Saying,
  {
    at,
    zone,
    agreementPolicy,
  }: { readonly at: Instant; readonly zone: Zone; readonly agreementPolicy: AgreementPolicy },
): Fact | null {
  if (saying.say === 'taskAnswered') {
    const { taskId, answer } = saying;
    return { type: 'taskAnswered', answer: { taskId, answer, actor: MODEL_ACTOR, reason: '', at } };
  }
  if (saying.say !== 'agreed') return null;
  const { parts, ...agreement } = saying.agreement;
  const instalments = instalmentsOf(parts, agreementPolicy[agreement.kind], zone);
  return { type: 'agreementProposed', proposed: { ...agreement, instalments }, at };
}
