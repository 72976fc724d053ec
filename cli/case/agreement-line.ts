import type { agreementsOfLoan } from '../../db/queries/agreements.ts';
import { toSeconds } from '../../domain/instant.ts';
import { type Currency, formatMoney } from '../../domain/money.ts';

type AgreementRow = Awaited<ReturnType<typeof agreementsOfLoan>>[number];

const STATUS_WORDS: Readonly<Record<AgreementRow['status'], string>> = {
  open: 'open',
  kept: 'kept',
  partlyKept: 'partly kept',
  broken: 'broken',
  cancelled: 'cancelled',
  replaced: 'replaced by another',
};

/** What was agreed on with a debtor and what it has come to, in one line. */
export function agreementLine(agreement: AgreementRow, currency: Currency): string {
  const { kind, status, madeAt, endedAt, parts, totalMinor, receivedMinor, reason } = agreement;
  const money = (amountMinor: number) => formatMoney({ amountMinor, currency });
  const last = parts.at(-1)?.dueOn ?? '';
  const terms = parts.length === 1 ? `by ${last}` : `in ${parts.length} parts until ${last}`;
  const came = status === 'kept' ? '' : `, ${money(receivedMinor)} came in`;
  const ended = endedAt === null ? '' : ` ${toSeconds(endedAt)}`;
  const why = reason === null ? '' : ` (${reason})`;
  return `${toSeconds(madeAt)}  ${kind}: ${money(totalMinor)} ${terms}${why}: ${STATUS_WORDS[status]}${ended}${came}`;
}
