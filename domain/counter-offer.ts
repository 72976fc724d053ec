import { limitsOf } from './agreement-limits.ts';
import { type Offer, offersOf } from './agreement-offers.ts';
import type { AgreementRole } from './agreement-policy.ts';
import { type AgreementRefusal, type AgreementSituation, needsApproval, refusalOfTerms } from './agreement-refusal.ts';
import { instalmentsOf } from './agreement-terms.ts';
import { localDateOf } from './calendar.ts';
import type { Instant, LocalDate, Zone } from './instant.ts';
import { type WantedTerms, nearestOffer } from './nearest-offer.ts';

/** Who asks, when, and where the debtor is. */
export interface Asking {
  readonly role: AgreementRole;
  readonly now: Instant;
  readonly zone: Zone;
}

/** What would become of terms that a debtor names, if they were agreed on now. */
export interface OfferAnswer {
  readonly outcome: 'accepted' | 'needsApproval' | 'refused';
  readonly refusal: AgreementRefusal | null;
  /** The nearest terms that need nobody's approval; null when these are, or when no terms would do. */
  readonly nearest: WantedTerms | null;
}

/** What a debtor can be offered now: every one of these would be taken without anybody's approval. */
export function openOffers(situation: AgreementSituation, asking: Asking, firstOn: LocalDate): readonly Offer[] {
  const { role, now, zone } = asking;
  const limits = {
    plan: limitsOf(situation, { kind: 'plan', role }, now),
    settlement: limitsOf(situation, { kind: 'settlement', role }, now),
  };
  const offers = offersOf(limits, situation.balance.overdueMinor, { today: localDateOf(now, zone), firstOn });
  return offers.filter((offer) => isTaken(situation, asking, offer));
}

/**
 * Answers terms without making anything of them.
 * @throws ZONE_UNKNOWN
 */
export function answerToOffer(situation: AgreementSituation, asking: Asking, wanted: WantedTerms): OfferAnswer {
  const terms = termsOf(situation, asking, wanted);
  const refusal = refusalOfTerms(situation, terms, asking.now);
  if (refusal === null && !needsApproval(situation, terms, asking.now)) {
    return { outcome: 'accepted', refusal, nearest: null };
  }
  const { role, now, zone } = asking;
  const { overdueMinor } = situation.balance;
  const limits = limitsOf(situation, { kind: wanted.kind, role }, now);
  const nearest = nearestOffer(limits, wanted, { overdueMinor, today: localDateOf(now, zone) });
  return {
    outcome: refusal === null ? 'needsApproval' : 'refused',
    refusal,
    // An agreement that is open, or too many of a kind, stand against any terms.
    nearest: nearest && isTaken(situation, asking, nearest) ? nearest : null,
  };
}

function isTaken(situation: AgreementSituation, asking: Asking, offered: WantedTerms): boolean {
  const terms = termsOf(situation, asking, offered);
  return refusalOfTerms(situation, terms, asking.now) === null && !needsApproval(situation, terms, asking.now);
}

function termsOf(situation: AgreementSituation, { role, now, zone }: Asking, wanted: WantedTerms) {
  const { kind, parts, discountMinor } = wanted;
  const limits = limitsOf(situation, { kind, role }, now);
  return { kind, role, discountMinor, instalments: instalmentsOf(parts, limits, zone) };
}
