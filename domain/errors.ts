/**
 * Every way Kept refuses or fails, by code. The code is the contract: it is the `type` of an
 * `ApplicationFailure`, of an API problem and of a line in `rejects.csv`. `fix` tells the reader what to do.
 */
export const ERRORS = {
  MONEY_NOT_SAFE_INTEGER: { fix: 'Give the amount as a whole number of minor units within ±9,007,199,254,740,991.' },
  MONEY_CURRENCY_MISMATCH: { fix: 'Use one currency a loan; convert before the event is sent.' },
  CURRENCY_UNKNOWN: { fix: 'Use an ISO 4217 currency code that domain/money.ts lists.' },
  INSTANT_INVALID: { fix: 'Use ISO 8601 with seconds and an offset, such as 2026-04-01T09:30:00+08:00.' },
  DATE_INVALID: { fix: 'Use an existing day as YYYY-MM-DD.' },
  ZONE_UNKNOWN: { fix: 'Use an IANA time zone name, such as Asia/Taipei.' },
  CALENDAR_YEAR_MISSING: { fix: 'Add the year to policy/calendars and re-plan the case; until then nothing is sent.' },
  CALENDAR_NO_PERMITTED_DAY: {
    fix: 'Widen the contact window of the strategy: no day within a month permits a contact.',
  },
  CALENDAR_INVALID: { fix: 'Correct the calendar file where the message points.' },
  STRATEGY_INVALID: { fix: 'Correct the strategy file where the message points.' },
  STRATEGY_CURRENCY: { fix: 'Use a strategy whose `currency` is that of the loan.' },
  STRATEGY_EDITED: { fix: 'A strategy in use is never edited: raise its `version`.' },
  STRATEGY_UNKNOWN: { fix: 'Restore the strategy version in the database: cases are pinned to it.' },
  RESPONSES_INVALID: { fix: 'Correct the file of responses where the message points.' },
  RULE_PACK_INVALID: { fix: 'Correct the rule pack where the message points.' },
  TEMPLATE_INVALID: { fix: 'Correct the template file where the message points.' },
  TEMPLATE_PARAM_MISSING: { fix: 'Give every value that the template names; a message never has a gap.' },
  TEMPLATE_UNKNOWN: { fix: 'Add the text in zh and en to policy/templates.' },
  SAMPLING_INVALID: { fix: 'Correct policy/sampling.yaml where the message points.' },
  SCORECARD_INVALID: { fix: 'Correct the scorecard file where the message points, or train it anew.' },
  SCORE_MODEL_UNREACHABLE: { fix: 'Check the model and its address; scoring changes nothing, so run it again.' },
  TRAINING_DATA_INSUFFICIENT: { fix: 'Give more past loans with both outcomes; docs/scoring.md says how many.' },
  EVENT_CONFLICT: { fix: 'An event id is used once: send the changed content under a new id.' },
  EVENT_INVALID: { fix: 'Correct the fields that the message names and send the event again.' },
  LOAN_UNKNOWN: { fix: 'Send loan.due_soon or loan.overdue for the loan first; the event waits until then.' },
  EVENT_UNKNOWN: { fix: 'Check the event id, or send the event again.' },
  LOAN_CONFLICT: { fix: 'A loan id is used once: send changes as loan.adjusted.' },
  DEBTOR_UNKNOWN: { fix: 'Check the debtor reference; a debtor is known from the first statement or event on.' },
  THIRD_PARTY_UNKNOWN: { fix: 'Send thirdParty.named for the person first.' },
  CASE_CLOSED: { fix: 'Read the case again: it has come to its end.' },
  CASE_UNKNOWN: { fix: 'Check the loan reference; a case exists from the first loan event on.' },
  TASK_UNKNOWN: { fix: 'Check the task id against GET /v1/tasks.' },
  TASK_ALREADY_ANSWERED: { fix: 'Read the task again: somebody else has answered it.' },
  TASK_ANSWER_INVALID: { fix: 'Use one of the answers that the task offers; a call is logged before it is done.' },
  CALL_UNKNOWN: { fix: 'Check the call id; a call is reserved with POST /v1/calls before it is dialled.' },
  CALL_CONFLICT: { fix: 'A call id is used once: reserve another call under a new id.' },
  CALL_NOT_RESERVED: { fix: 'Do not dial a refused call; reserve it anew, under a new id, when `until` has come.' },
  CALL_ALREADY_LOGGED: { fix: 'A call is logged once; ask a supervisor when its result is wrong.' },
  CONTACT_CONFLICT: { fix: 'A contact id is used once: send another contact under a new id.' },
  SAMPLE_UNKNOWN: { fix: 'Check the id against GET /v1/samples.' },
  SAMPLE_ALREADY_REVIEWED: { fix: 'Read the sample again: somebody else has reviewed it.' },
  AGREEMENT_INVALID: { fix: 'Correct the amounts and days that the message names.' },
  AGREEMENT_KNOWN: { fix: 'Use a new agreement id; the agreement that has this one stands as it is.' },
  AGREEMENT_LIMIT: { fix: 'Agree on something within the limits of the strategy, or ask a supervisor.' },
  AGREEMENT_NOTHING_DUE: { fix: 'Read the case again: it has been paid or closed.' },
  AGREEMENT_OPEN: { fix: 'Cancel the open agreement first.' },
  AGREEMENT_PENDING: { fix: 'Wait until the proposal is approved or refused.' },
  AGREEMENT_UNKNOWN: { fix: 'Check the agreement id against the case.' },
  OTHER_AGENT: { fix: 'Give the task to an agent whom the debtor has not refused.' },
  FOUR_EYES: { fix: 'Somebody other than who proposed or did it has to answer.' },
  AGENT_SUSPENDED: { fix: 'Have somebody else call; GET /v1/complaints tells why and until when.' },
  GRIEVANCE_UNKNOWN: { fix: 'Check the id against GET /v1/complaints or GET /v1/disputes.' },
  GRIEVANCE_CONFLICT: { fix: 'An id is used once: raise another complaint or dispute under a new id.' },
  GRIEVANCE_UNDECIDED: { fix: 'Answer the task of the investigation first, then the debtor.' },
  GRIEVANCE_ANSWERED: { fix: 'Read it again: the debtor has been answered.' },
  GRIEVANCE_REMEDY: { fix: 'Name a remedy when a complaint was upheld, in whole or in part, and none otherwise.' },
  SERVICE_LEVELS_INVALID: { fix: 'Correct policy/service-levels.yaml where the message points.' },
  HOLD_INVALID: { fix: 'Use a new hold id and an end after the beginning.' },
  HOLD_UNKNOWN: { fix: 'Check the hold id against the case; a hold is released once.' },
  PROVIDER_UNREACHABLE: { fix: 'Check the gateway; the contact is tried again by itself.' },
  ROW_INVALID: { fix: 'Correct the row and run again.' },
  FILE_UNREADABLE: { fix: 'Check the path and that the file can be read.' },
  OUTPUT_UNWRITABLE: { fix: 'Free disk space or choose another --out folder.' },
  PORT_IN_USE: { fix: 'Stop the other program or choose another port.' },
  SERVER_MISSING: { fix: 'See the message for the ways to get it.' },
  DATA_FOLDER_UNUSABLE: { fix: 'Free disk space or choose another data folder.' },
  STACK_FAILED: { fix: 'The message quotes the log; give a data folder to keep the whole of it.' },
  CONFIG_INVALID: { fix: 'Set the environment variables, or correct the file, that the message names.' },
  PROVIDER_USE_FORBIDDEN: {
    fix: 'Confirm what is asked for when it is true, or have another provider deliver the channel.',
  },
  UNAUTHORISED: { fix: 'Send the header `Authorization: Bearer <token>`.' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** A refusal or failure with a code. Messages and details never hold names, numbers or addresses of people. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, string | number>>;

  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, string | number>> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** The sentence for a person: what happened and what to do. */
export function explain(error: DomainError): string {
  return `${error.message} [${error.code}] ${ERRORS[error.code].fix}`;
}
