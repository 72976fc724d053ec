import { type Agreement, type AgreementKind, type Instalment, totalOf } from './agreement.ts';
import type { AgreementLimits } from './agreement-policy.ts';
import { type LimitTerms, limitsOf } from './agreement-limits.ts';
import { downPaymentOf } from './agreement-parts.ts';
import type { BalanceView, CaseState } from './case-state.ts';
import type { ErrorCode } from './errors.ts';
import { DAY_MS, type Instant, epochMsOf } from './instant.ts';

/** What somebody wants to agree on with a debtor. */
export type ProposedAgreement = Pick<
  Agreement,
  'agreementId' | 'kind' | 'way' | 'reason' | 'actor' | 'role' | 'instalments' | 'discountMinor'
>;

/** How much is to be paid by when, and with what authority somebody agrees to it. */
export type AgreementTerms = Pick<Agreement, 'kind' | 'role' | 'instalments' | 'discountMinor'>;

/** What decides whether an agreement can be made; a case is one. */
export interface AgreementSituation extends LimitTerms {
  readonly closed: CaseState['closed'];
  readonly balance: Pick<BalanceView, 'overdueMinor'>;
  /** Those of this case so far. */
  readonly agreements: readonly Pick<Agreement, 'agreementId' | 'kind' | 'status'>[];
  readonly proposal: Pick<NonNullable<CaseState['proposal']>, 'agreementId' | 'expiresAt'> | null;
}

export interface AgreementRefusal {
  readonly code: Extract<ErrorCode, `AGREEMENT_${string}`>;
  readonly message: string;
}

/**
 * Why an agreement cannot be made with a case as it stands; null when it can. What only exceeds the discount that needs
 * no approval is no refusal: see `needsApproval`.
 */
export function refusalOfAgreement(
  state: AgreementSituation,
  proposed: ProposedAgreement,
  now: Instant,
): AgreementRefusal | null {
  const { agreementId } = proposed;
  const known = state.agreements.find((agreement) => agreement.agreementId === agreementId);
  if (known) return refused('AGREEMENT_KNOWN', `Agreement ${agreementId} is there already.`);
  return refusalOfTerms(state, proposed, now);
}

/** The same of terms that nobody has proposed yet. */
export function refusalOfTerms(
  state: AgreementSituation,
  proposed: AgreementTerms,
  now: Instant,
): AgreementRefusal | null {
  const { kind, instalments } = proposed;
  const limits = limitsOf(state, proposed, now);
  if (state.closed || state.balance.overdueMinor <= 0) {
    return refused('AGREEMENT_NOTHING_DUE', 'Nothing is due that could be agreed on.');
  }
  if (state.proposal && now < state.proposal.expiresAt) {
    return refused('AGREEMENT_PENDING', `Proposal ${state.proposal.agreementId} waits for approval.`);
  }
  const open = state.agreements.find(({ status }) => status === 'open');
  if (open && kind === 'promise' && open.kind !== 'promise') {
    return refused('AGREEMENT_OPEN', `A ${open.kind} is open: cancel it before a promise is taken.`);
  }
  const sameKind = state.agreements.filter((agreement) => agreement.kind === kind).length;
  if (sameKind >= limits.atMost) {
    return refused(
      'AGREEMENT_LIMIT',
      `The case has had ${sameKind} of at most ${limits.atMost} agreements of this kind.`,
    );
  }
  return (
    refusalOfInstalments(kind, instalments, limits, now) ??
    refusalOfSum(state, proposed) ??
    refusalOfDownPayment(state, proposed, limits)
  );
}

/** Whether somebody else has to approve the discount. */
export function needsApproval(
  state: AgreementSituation,
  proposed: Pick<ProposedAgreement, 'kind' | 'role' | 'discountMinor'>,
  now: Instant,
): boolean {
  const { discountPercent } = limitsOf(state, proposed, now);
  return proposed.discountMinor * 100 > state.balance.overdueMinor * discountPercent;
}

function refusalOfInstalments(
  kind: AgreementKind,
  instalments: readonly Instalment[],
  limits: AgreementLimits,
  now: Instant,
): AgreementRefusal | null {
  const { length } = instalments;
  if (length === 0 || length > limits.mostInstalments) {
    return refused('AGREEMENT_LIMIT', `A ${kind} has 1 to ${limits.mostInstalments} instalments, not ${length}.`);
  }
  for (const [index, { amountMinor, dueOn, decidedAt }] of instalments.entries()) {
    const before = instalments[index - 1];
    if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) {
      return refused('AGREEMENT_INVALID', `Instalment ${index + 1} is not a whole amount above 0.`);
    }
    if (amountMinor < limits.smallestInstalmentMinor && index < length - 1) {
      return refused(
        'AGREEMENT_LIMIT',
        `Instalment ${index + 1} is below ${limits.smallestInstalmentMinor} minor units.`,
      );
    }
    if (before && before.dueOn >= dueOn) {
      return refused('AGREEMENT_INVALID', `Instalment ${index + 1} does not fall due after the one before.`);
    }
    if (decidedAt <= now) return refused('AGREEMENT_INVALID', `Instalment ${index + 1} lies in the past.`);
  }
  const last = instalments.at(-1);
  // The decision lies up to a day and the days of grace after the last day; days may have 25 hours.
  const latestMs = epochMsOf(now) + (limits.longestDays + limits.graceDays + 1) * DAY_MS + DAY_MS / 12;
  if (last && epochMsOf(last.decidedAt) > latestMs) {
    return refused('AGREEMENT_LIMIT', `The last instalment falls due more than ${limits.longestDays} days from now.`);
  }
  return null;
}

function refusalOfSum({ balance }: AgreementSituation, proposed: AgreementTerms): AgreementRefusal | null {
  const { kind, discountMinor } = proposed;
  const agreedMinor = totalOf(proposed);
  if (discountMinor < 0 || (kind !== 'settlement' && discountMinor !== 0)) {
    return refused('AGREEMENT_INVALID', 'Only a settlement forgives something, and no less than nothing.');
  }
  if (kind === 'promise' && agreedMinor > balance.overdueMinor) {
    return refused('AGREEMENT_INVALID', `No more than the ${balance.overdueMinor} minor units due can be promised.`);
  }
  if (kind !== 'promise' && agreedMinor + discountMinor !== balance.overdueMinor) {
    const sum = `${agreedMinor} and a discount of ${discountMinor}`;
    return refused(
      'AGREEMENT_INVALID',
      `The instalments of ${sum} are not the ${balance.overdueMinor} minor units due.`,
    );
  }
  return null;
}

function refusalOfDownPayment(
  { balance }: AgreementSituation,
  { instalments }: AgreementTerms,
  { downPaymentPercent }: AgreementLimits,
): AgreementRefusal | null {
  const [first] = instalments;
  if (!first || first.amountMinor >= downPaymentOf(balance.overdueMinor, downPaymentPercent)) return null;
  return refused('AGREEMENT_LIMIT', `The first instalment is below ${downPaymentPercent} percent of what is due.`);
}

function refused(code: AgreementRefusal['code'], message: string): AgreementRefusal {
  return { code, message };
}
