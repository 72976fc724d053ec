import type { AgreementKind, AgreementWay } from '../agreement.ts';
import { offersOf } from '../agreement-offers.ts';
import { refusalOfAgreement } from '../agreement-refusal.ts';
import { type AgreedPart, instalmentsOf } from '../agreement-terms.ts';
import { localDateOf } from '../calendar.ts';
import type { CaseState } from '../case-state.ts';
import { type Instant, type LocalDate, plusDays } from '../instant.ts';
import { ALWAYS, type DeedKind, type ResponseModel } from './model.ts';
import { type LoanFacts, type Response, drawOf } from './response.ts';

/** An agreement as somebody puts it down. */
export interface ModelledAgreement {
  readonly agreementId: string;
  readonly kind: Extract<AgreementKind, 'promise' | 'plan'>;
  readonly way: AgreementWay;
  readonly reason: null;
  readonly actor: string;
  readonly parts: readonly AgreedPart[];
  readonly discountMinor: 0;
}

/** Who puts down what debtors of a model say. */
export const MODEL_ACTOR = 'response-model';

const WAYS: Readonly<Partial<Record<DeedKind, AgreementWay>>> = { agentCall: 'phone', fieldVisit: 'visit' };

/**
 * What a debtor wants to agree on, of what is due when they say so and within what the strategy permits. Null when they
 * want nothing of the kind, when an agreement is open already, or when the strategy permits none.
 */
export function proposalOf(
  model: ResponseModel,
  response: Response,
  state: CaseState,
  facts: LoanFacts,
): ModelledAgreement | null {
  const { kind, at, deed } = response;
  if (kind !== 'promise' && kind !== 'plan') return null;
  if (state.agreements.some(({ status }) => status === 'open')) return null;
  const parts =
    kind === 'promise' ? promisedOf(model, response, state, facts) : plannedOf(model, response, state, facts);
  const agreementId = `${kind}-${state.agreements.length + 1}`;
  const way = WAYS[deed.kind] ?? 'selfService';
  const proposal = { agreementId, kind, way, reason: null, actor: MODEL_ACTOR, parts, discountMinor: 0 } as const;
  const instalments = instalmentsOf(parts, state.agreementPolicy[kind], facts.zone);
  return refusalOfAgreement(state, { ...proposal, instalments }, at) === null ? proposal : null;
}

type Asked = readonly [model: ResponseModel, response: Response, state: CaseState, facts: LoanFacts];

function promisedOf(...[model, { at, deed }, { balance, agreementPolicy }, facts]: Asked): readonly AgreedPart[] {
  const { percent, withinDays, honest } = model.promise;
  const { longestDays } = agreementPolicy.promise;
  const draw = drawOf(model, deed, facts);
  const today = localDateOf(at, facts.zone);
  if (draw('honest', [0, ALWAYS - 1]) < honest) {
    return toBePaid(facts, balance.overdueMinor, at, plusDays(today, Math.min(withinDays[1], longestDays)));
  }
  const days = Math.min(draw('days', withinDays), longestDays);
  const amountMinor = Math.max(1, Math.floor((balance.overdueMinor * draw('percent', percent)) / 100));
  return [{ amountMinor, dueOn: plusDays(today, days) }];
}

/** What is going to be paid from an instant to the end of a day, by the day of the last of it; none when it is nothing. */
function toBePaid(
  { payments, zone }: LoanFacts,
  overdueMinor: number,
  from: Instant,
  lastOn: LocalDate,
): readonly AgreedPart[] {
  let amountMinor = 0;
  let dueOn = lastOn;
  for (const payment of payments) {
    if (payment.at < from || amountMinor === overdueMinor) continue;
    const date = localDateOf(payment.at, zone);
    if (date > lastOn) break;
    amountMinor = Math.min(overdueMinor, amountMinor + payment.amountMinor);
    dueOn = date;
  }
  return amountMinor === 0 ? [] : [{ amountMinor, dueOn }];
}

/**
 * Who wants more parts than there can be takes as many as there are; none when no plan is permitted at all. Honest debtors
 * take the most parts that they are going to pay in time, and none when there are none such.
 */
function plannedOf(...[model, { at, deed }, { balance, agreementPolicy }, facts]: Asked): readonly AgreedPart[] {
  const { parts: counts, firstWithinDays, honest } = model.plan;
  const draw = drawOf(model, deed, facts);
  const today = localDateOf(at, facts.zone);
  const firstOn = plusDays(today, draw('first', firstWithinDays));
  const wanted = draw('parts', counts);
  const plans = offersOf(agreementPolicy, balance.overdueMinor, { today, firstOn }).filter(
    ({ kind }) => kind === 'plan',
  );
  if (draw('honest', [0, ALWAYS - 1]) < honest) {
    return plans.findLast(({ parts }) => parts.length <= counts[1] && areToBePaid(parts, facts, at))?.parts ?? [];
  }
  return plans.findLast(({ parts }) => parts.length <= wanted)?.parts ?? [];
}

/** Whether each part and those before it are going to be paid from an instant to the end of the part's day. */
function areToBePaid(parts: readonly AgreedPart[], { payments, zone }: LoanFacts, from: Instant): boolean {
  let owedMinor = 0;
  return parts.every(({ amountMinor, dueOn }) => {
    owedMinor += amountMinor;
    const paidMinor = payments.reduce(
      (sum, payment) =>
        payment.at >= from && localDateOf(payment.at, zone) <= dueOn ? sum + payment.amountMinor : sum,
      0,
    );
    return paidMinor >= owedMinor;
  });
}
