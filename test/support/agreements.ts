import type { AgreementKind } from '../../domain/agreement.ts';
import { CAUTIOUS_AGREEMENTS } from '../../domain/agreement-policy.ts';
import type { ProposedAgreement } from '../../domain/agreement-refusal.ts';
import { type AgreedPart, instalmentsOf } from '../../domain/agreement-terms.ts';
import type { Strategy } from '../../domain/strategy.ts';
import {
  type AgreementAnswer,
  PLACE_HOLD,
  PROPOSE_AGREEMENT,
  type PlaceHoldInput,
  RELEASE_HOLD,
  type ReleaseHoldInput,
  caseWorkflowId,
} from '../../workflows/contract.ts';
import type { TestSandbox } from './sandbox.ts';

/** What people agree on with a debtor in Taipei. */
export function agreedOn(
  strategy: Strategy,
  kind: AgreementKind,
  parts: readonly AgreedPart[],
  change: Partial<ProposedAgreement> = {},
): ProposedAgreement {
  const limits = (strategy.agreements ?? CAUTIOUS_AGREEMENTS)[kind];
  return {
    agreementId: `${kind}-1`,
    kind,
    way: 'phone',
    reason: 'jobLoss',
    actor: 'agent-1',
    discountMinor: 0,
    instalments: instalmentsOf(parts, limits, 'Asia/Taipei'),
    ...change,
  };
}

/** What people who work on a case tell it. */
export function peopleOf({ kept, settled }: TestSandbox, loanRef: string) {
  const handle = kept.client.workflow.getHandle(caseWorkflowId(loanRef));
  return {
    propose: async (proposed: ProposedAgreement): Promise<AgreementAnswer> => {
      const answer = await handle.executeUpdate<AgreementAnswer, [ProposedAgreement]>(PROPOSE_AGREEMENT, {
        args: [proposed],
      });
      await settled(loanRef);
      return answer;
    },
    placeHold: async (input: PlaceHoldInput) => {
      await handle.executeUpdate<void, [PlaceHoldInput]>(PLACE_HOLD, { args: [input] });
      return settled(loanRef);
    },
    releaseHold: async (input: ReleaseHoldInput) => {
      await handle.executeUpdate<void, [ReleaseHoldInput]>(RELEASE_HOLD, { args: [input] });
      return settled(loanRef);
    },
  };
}
