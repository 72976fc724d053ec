import type { AgreementKind } from './agreement.ts';
import type { AgreementLimits, AgreementPolicy, WiderLimits } from './agreement-policy.ts';
import { type HardshipClaim, hardshipAt } from './hardship.ts';
import type { Instant } from './instant.ts';

/** What the limits of an agreement depend on; a case is one. */
export interface LimitTerms {
  readonly agreementPolicy: AgreementPolicy;
  /** Every hardship that the debtor has claimed; left out when nothing is known of any. */
  readonly hardships?: readonly HardshipClaim[];
}

/**
 * The limits that hold for an agreement of a kind at an instant: those of the strategy, and what it permits beyond them
 * while a hardship stands. The one place that says so, for refusals, approvals, offers and what is made of an agreement.
 */
export function limitsOf(
  { agreementPolicy, hardships = [] }: LimitTerms,
  kind: AgreementKind,
  now: Instant,
): AgreementLimits {
  const inHardship = kind === 'promise' ? undefined : agreementPolicy.hardship?.[kind];
  const isHard = inHardship !== undefined && hardshipAt(hardships, now) !== null;
  return isHard ? widened(agreementPolicy[kind], inHardship) : agreementPolicy[kind];
}

/** Limits with others on top of them, which only ever permit more: of each the more generous counts. */
function widened(limits: AgreementLimits, wider: WiderLimits): AgreementLimits {
  return {
    ...limits,
    atMost: Math.max(limits.atMost, wider.atMost ?? 0),
    longestDays: Math.max(limits.longestDays, wider.longestDays ?? 0),
    mostInstalments: Math.max(limits.mostInstalments, wider.mostInstalments ?? 0),
    smallestInstalmentMinor: Math.min(
      limits.smallestInstalmentMinor,
      wider.smallestInstalmentMinor ?? limits.smallestInstalmentMinor,
    ),
    discountPercent: Math.max(limits.discountPercent, wider.discountPercent ?? 0),
    freezesInterest: limits.freezesInterest || wider.freezesInterest === true,
  };
}
