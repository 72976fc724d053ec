import { type Agreement, type AgreementKind, type AgreementStatus, totalOf } from './agreement.ts';
import type { Instant, LocalDate } from './instant.ts';
import type { Channel } from './strategy.ts';

/** One line of `contacts.csv`: a contact that was proposed, and what became of it. */
export interface ContactLine {
  readonly loanRef: string;
  readonly step: string;
  readonly channel: Channel;
  /** The instant for which the contact was planned: due, or deferred to. */
  readonly at: Instant;
  readonly verdict: 'sent' | 'suppressed';
  /** Why it was suppressed; empty when sent. */
  readonly reason: string;
}

export type CaseOutcome = 'open' | 'paidInFull' | 'cured' | 'settled' | 'legalHandoff' | 'writtenOff' | 'recalled';

/** One line of `cases.csv`. */
export interface CaseLine {
  readonly loanRef: string;
  readonly outcome: CaseOutcome;
  readonly closedAt: Instant | null;
  /** Received up to the closing, or to the end of the run while open. */
  readonly paidMinor: number;
  readonly contactsSent: number;
}

/** A task that a case opened for a person. */
export interface TaskLine {
  readonly loanRef: string;
  readonly step: string;
  readonly task: string;
  readonly at: Instant;
}

/** One line of `agreements.csv`: a promise, plan or settlement, and what it has come to. */
export interface AgreementLine {
  readonly loanRef: string;
  readonly agreementId: string;
  readonly kind: AgreementKind;
  readonly madeAt: Instant;
  readonly parts: number;
  /** All parts together. */
  readonly agreedMinor: number;
  /** Of the last part. */
  readonly dueOn: LocalDate;
  readonly status: AgreementStatus;
  /** Null while it is open. */
  readonly endedAt: Instant | null;
  /** Received since it was made: up to the end of the case, or of the run while that is open. */
  readonly receivedMinor: number;
}

export function agreementLineOf(
  loanRef: string,
  agreement: Omit<Agreement, 'checkedVersion' | 'knownAt'>,
): AgreementLine {
  const { agreementId, kind, madeAt, instalments, status, endedAt, receivedMinor } = agreement;
  const dueOn = instalments.at(-1)?.dueOn ?? '';
  const agreedMinor = totalOf(agreement);
  return {
    loanRef,
    agreementId,
    kind,
    madeAt,
    parts: instalments.length,
    agreedMinor,
    dueOn,
    status,
    endedAt,
    receivedMinor,
  };
}

/** What a run of a portfolio, on the server or rehearsed, comes to. */
export interface RunResult {
  readonly contacts: readonly ContactLine[];
  readonly cases: readonly CaseLine[];
  readonly tasks: readonly TaskLine[];
  readonly agreements: readonly AgreementLine[];
}

/** A loan as the report needs it. */
export interface ReportLoan {
  readonly loanRef: string;
  readonly debtorRef: string;
  readonly dueOn: LocalDate;
  readonly overdueMinor: number;
}
