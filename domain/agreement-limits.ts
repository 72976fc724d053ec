import type { AgreementKind } from './agreement.ts';
import type { AgreementLimits, AgreementPolicy, AgreementRole, WiderLimits } from './agreement-policy.ts';
import { type HardshipClaim, hardshipAt } from './hardship.ts';
import type { Instant } from './instant.ts';

/** What the limits of an agreement depend on; a case is one. */
export interface LimitTerms {
  readonly agreementPolicy: AgreementPolicy;
  /** Every hardship that the debtor has claimed; left out when nothing is known of any. */
  readonly hardships?: readonly HardshipClaim[];
}

/**
 * The limits that hold for an agreement of a kind at an instant: those of the strategy, what it permits beyond them while
 * a hardship stands, and last what it permits to the role of whoever agrees. Each only ever permits more, so a supervisor
 * never grants less in hardship than an agent would. The one place that says so, for refusals, approvals, offers and what
 * is made of an agreement.
 */
export function limitsOf(
  { agreementPolicy, hardships = [] }: LimitTerms,
  { kind, role = 'agent' }: { readonly kind: AgreementKind; readonly role?: AgreementRole | undefined },
  now: Instant,
): AgreementLimits {
  const limits = agreementPolicy[kind];
  const isHard = hardshipAt(hardships, now) !== null;
  const inHardship = isHard && kind !== 'promise' ? agreementPolicy.hardship?.[kind] : undefined;
  return widened(widened(limits, inHardship), limits.byRole?.[role]);
}

/** Limits with others on top of them, which only ever permit more: of each the more generous counts. */
function widened(limits: AgreementLimits, wider: WiderLimits | undefined): AgreementLimits {
  if (!wider) return limits;
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
    ...(limits.downPaymentPercent !== undefined && {
      downPaymentPercent: Math.min(limits.downPaymentPercent, wider.downPaymentPercent ?? limits.downPaymentPercent),
    }),
    freezesInterest: limits.freezesInterest || wider.freezesInterest === true,
  };
}
