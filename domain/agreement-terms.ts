import type { Instalment } from './agreement.ts';
import type { AgreementLimits } from './agreement-policy.ts';
import { instantAt } from './calendar.ts';
import { type LocalDate, type Zone, plusDays } from './instant.ts';

/** So much by the end of a day, as people say it. */
export interface AgreedPart {
  readonly amountMinor: number;
  readonly dueOn: LocalDate;
}

/**
 * Parts of an agreement with the instants that they are reminded of and decided at, at the debtor's place: a part is
 * decided when its day and the days of grace after it are over.
 * @throws ZONE_UNKNOWN
 */
export function instalmentsOf(
  parts: readonly AgreedPart[],
  limits: Pick<AgreementLimits, 'graceDays' | 'remindDaysBefore' | 'remindTime'>,
  zone: Zone,
): readonly Instalment[] {
  const { graceDays, remindDaysBefore, remindTime } = limits;
  return parts.map(({ amountMinor, dueOn }) => ({
    amountMinor,
    dueOn,
    remindAt: remindDaysBefore === null ? null : instantAt(plusDays(dueOn, -remindDaysBefore), remindTime, zone),
    decidedAt: instantAt(plusDays(dueOn, graceDays + 1), '00:00', zone),
  }));
}
