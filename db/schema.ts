import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  check,
  customType,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core';
import type { Agreement } from '../domain/agreement.ts';
import type { AgreementRole } from '../domain/agreement-policy.ts';
import type { CaseState, GivenAnswer, TaskAnswer } from '../domain/case-state.ts';
import type { ContactStatus, DeliveryStatus, LedgerChannel } from '../domain/contact-ledger.ts';
import type { DebtorEvent } from '../domain/debtor-events.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { Components, LoanEvent, Statement } from '../domain/events.ts';
import type {
  AnswerChannel,
  GrievanceKind,
  GrievanceOutcome,
  GrievanceReason,
  GrievanceWay,
  Remedy,
  Subject,
} from '../domain/grievance.ts';
import type { Instant } from '../domain/instant.ts';
import type { ReviewAnswers, ReviewVerdict } from '../domain/review-form.ts';
import type { Initiator, Person, Result } from '../domain/rules/facts.ts';
import type { CaseOutcome } from '../domain/run-result.ts';
import type { SampleReason } from '../domain/sampling.ts';
import type { ServiceLevels } from '../domain/service-levels.ts';
import type { Strategy, TaskKind } from '../domain/strategy.ts';
import type { PlannedStep } from '../domain/timetable.ts';

/** `timestamptz` with milliseconds, read and written as an `Instant`, so that instants compare as text everywhere. */
const instant = customType<{ data: Instant; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  fromDriver: (value) => new Date(value).toISOString(),
  toDriver: (value) => value,
});
const minor = (name: string) => bigint(name, { mode: 'number' });

/** Every event of the loan system that was taken in, as it came; only whether it counts changes. */
export const inboxEvent = pgTable(
  'inbox_event',
  {
    eventId: text('event_id').primaryKey(),
    loanRef: text('loan_ref').notNull(),
    type: text('type').notNull().$type<LoanEvent['type']>(),
    effectiveAt: instant('effective_at').notNull(),
    receivedAt: instant('received_at').notNull(),
    /** SHA-256 of the canonical content: the same id with another content is a conflict. */
    fingerprint: text('fingerprint').notNull(),
    data: jsonb('data').notNull().$type<LoanEvent['data']>(),
    /** Its loan is not known yet. */
    parked: boolean('parked').notNull().default(false),
    /** Why it does not count, when that came to light after it was taken in: its loan became known and it does not fit. */
    refusal: text('refusal').$type<ErrorCode>(),
  },
  (table) => [index('inbox_event_loan').on(table.loanRef, table.effectiveAt)],
);

/**
 * A person who owes, as the latest statement of any of their loans has it. Locked while a contact is decided, so that
 * one budget covers all their loans.
 */
export const debtor = pgTable(
  'debtor',
  {
    debtorRef: text('debtor_ref').primaryKey(),
    zone: text('zone').notNull(),
    language: text('language').notNull().$type<'zh' | 'en'>(),
    phone: text('phone'),
    email: text('email'),
    pushId: text('push_id'),
    /** When that statement took effect, and its event: an older one that comes later changes nothing. */
    statedAt: instant('stated_at').notNull(),
    statedBy: text('stated_by').notNull(),
  },
  (table) => [
    /** Whose address a reply comes from. */
    index('debtor_phone').on(table.phone),
    index('debtor_email').on(sql`lower(${table.email})`),
    index('debtor_push').on(table.pushId),
  ],
);

/** A loan with its shadow balance: a fold over its events, made anew whenever one arrives. */
export const loan = pgTable(
  'loan',
  {
    loanRef: text('loan_ref').primaryKey(),
    debtorRef: text('debtor_ref')
      .notNull()
      .references(() => debtor.debtorRef),
    currency: text('currency').notNull(),
    dueOn: date('due_on', { mode: 'string' }).notNull(),
    statement: jsonb('statement').notNull().$type<Statement>(),
    due: jsonb('due').notNull().$type<Components>(),
    overdueMinor: minor('overdue_minor').notNull(),
    paidMinor: minor('paid_minor').notNull(),
    overpaidMinor: minor('overpaid_minor').notNull(),
    outstandingMinor: minor('outstanding_minor').notNull(),
    clearedAt: instant('cleared_at'),
    clearedOutstandingMinor: minor('cleared_outstanding_minor'),
    closedAt: instant('closed_at'),
    closedReason: text('closed_reason').$type<'recalled' | 'writtenOff'>(),
    /** Number of events folded; a case ignores a balance with a lower version than it has seen. */
    version: integer('version').notNull(),
    /** When the latest of those events took effect. */
    effectiveAt: instant('effective_at').notNull(),
  },
  (table) => [
    index('loan_debtor').on(table.debtorRef),
    check('loan_overdue_not_negative', sql`${table.overdueMinor} >= 0`),
  ],
);

/** What the relay still has to tell the cases; written in the transaction that changed the balance. */
export const outbox = pgTable(
  'outbox',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    loanRef: text('loan_ref').notNull(),
    /** What there is to tell: a new balance, that a message did not arrive, that a hold or a hardship has changed, a grievance. */
    about: text('about').notNull().$type<'balance' | 'delivery' | 'standing' | 'grievance'>().default('balance'),
    createdAt: instant('created_at').notNull(),
    attempts: integer('attempts').notNull().default(0),
    /** Taken by a relay until then, or put off after a failure. */
    notBefore: instant('not_before').notNull(),
    lastError: text('last_error'),
  },
  (table) => [index('outbox_due').on(table.notBefore, table.id), index('outbox_loan').on(table.loanRef)],
);

/** A strategy version as it was when first used. The same version with another content is refused. */
export const strategyVersion = pgTable(
  'strategy_version',
  {
    id: text('id').notNull(),
    version: integer('version').notNull(),
    sha256: text('sha256').notNull(),
    content: jsonb('content').notNull().$type<Strategy>(),
    firstUsedAt: instant('first_used_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.id, table.version] })],
);

/** One delinquency episode of a loan: one workflow run chain. */
export const collectionCase = pgTable(
  'collection_case',
  {
    loanRef: text('loan_ref')
      .notNull()
      .references(() => loan.loanRef),
    episode: integer('episode').notNull(),
    debtorRef: text('debtor_ref').notNull(),
    /** The workflow run that opened it: how to find its history. */
    openedByRun: text('opened_by_run').notNull(),
    strategyId: text('strategy_id').notNull(),
    strategyVersion: integer('strategy_version').notNull(),
    timetable: jsonb('timetable').notNull().$type<readonly PlannedStep[]>(),
    outcome: text('outcome').notNull().$type<CaseOutcome>().default('open'),
    openedAt: instant('opened_at').notNull(),
    closedAt: instant('closed_at'),
    /** The case as it was when it closed: a payment that is taken back lets it go on from there. */
    closingState: jsonb('closing_state').$type<CaseState>(),
    /** Number of entries in the case's record and the hash of the last one: a record cut short shows. */
    recordLength: integer('record_length').notNull().default(0),
    recordHead: text('record_head').notNull().default(''),
  },
  (table) => [
    primaryKey({ columns: [table.loanRef, table.episode] }),
    index('collection_case_debtor').on(table.debtorRef),
  ],
);

/**
 * The contact ledger: every contact proposed or made, ours and the debtor's, on every channel, with the verdict, the
 * rules that decided, and what became of it.
 */
export const contact = pgTable(
  'contact',
  {
    /** Of a message the intent's; of a call the reservation's; of the debtor's own contact that of whoever reports it. */
    key: text('key').primaryKey(),
    initiator: text('initiator').notNull().$type<Initiator>().default('us'),
    person: text('person').notNull().$type<Person>().default('debtor'),
    debtorRef: text('debtor_ref').notNull(),
    /** Null when a debtor with several loans did not say which. */
    loanRef: text('loan_ref'),
    episode: integer('episode'),
    channel: text('channel').notNull().$type<LedgerChannel>(),
    /** Number or address; stands here alone, so that it can be erased. */
    address: text('address'),
    /** Who was called, when it was not the debtor: the reference of `thirdParty.named`. */
    thirdPartyRef: text('third_party_ref'),
    step: text('step'),
    template: text('template'),
    /** Opaque id of the agent who called or wrote down. */
    actor: text('actor'),
    at: instant('at').notNull(),
    localDate: date('local_date', { mode: 'string' }),
    status: text('status').notNull().$type<ContactStatus>(),
    rules: text('rules').array().notNull().default(sql`'{}'`),
    deferredUntil: instant('deferred_until'),
    /** Balance version that the verdict rested on. */
    balanceVersion: integer('balance_version'),
    decidedAt: instant('decided_at').notNull(),
    /** Until then whoever reserved it may still hand it over, so that nobody else may decide it anew; null: nobody may. */
    heldUntil: instant('held_until'),
    settledAt: instant('settled_at'),
    providerRef: text('provider_ref'),
    providerReason: text('provider_reason'),
    /** How a call went. */
    result: text('result').$type<Result>(),
    /** What the provider reported of the message later. */
    delivery: text('delivery').$type<DeliveryStatus>(),
    deliveredAt: instant('delivered_at'),
    deliveryReason: text('delivery_reason'),
    /** When the provider was last asked after a message of which no receipt has come. */
    receiptAskedAt: instant('receipt_asked_at'),
    /** What an agent wrote down or the debtor wrote, and the entries of the word lists found in it. */
    note: text('note'),
    noteFindings: text('note_findings').array(),
  },
  (table) => [
    index('contact_debtor').on(table.debtorRef, table.at),
    index('contact_loan').on(table.loanRef, table.episode),
    /** Messages of which no receipt has come: what the reconciliation asks for. */
    index('contact_without_receipt').on(table.settledAt).where(sql`status = 'sent' and delivery is null`),
  ],
);

/**
 * Contacts that somebody in compliance looks at: drawn by lot, or for the wording of their note; with what the reviewer
 * found. Written in the transaction that settles or logs the contact.
 */
export const reviewSample = pgTable(
  'review_sample',
  {
    sampleId: bigserial('sample_id', { mode: 'number' }).primaryKey(),
    contactKey: text('contact_key')
      .notNull()
      .unique()
      .references(() => contact.key),
    why: text('why').notNull().$type<SampleReason>(),
    /** Opaque id of who made the contact or wrote it down; null when a machine did. */
    agent: text('agent'),
    chosenAt: instant('chosen_at').notNull(),
    status: text('status').notNull().$type<'open' | 'reviewed'>().default('open'),
    /** Of the file that asked. */
    formVersion: integer('form_version'),
    /** May hold the reviewer's own words, which stand here alone. */
    answers: jsonb('answers').$type<ReviewAnswers>(),
    verdict: text('verdict').$type<ReviewVerdict>(),
    reviewer: text('reviewer'),
    reviewedAt: instant('reviewed_at'),
  },
  (table) => [
    index('review_sample_status').on(table.status, table.sampleId),
    index('review_sample_agent').on(table.agent, table.status, table.sampleId),
  ],
);

/** Everything that was said about a debtor rather than about a loan, as it came: consents, refusals, holds. */
export const debtorEvent = pgTable(
  'debtor_event',
  {
    eventId: text('event_id').primaryKey(),
    debtorRef: text('debtor_ref').notNull(),
    type: text('type').notNull().$type<DebtorEvent['type']>(),
    effectiveAt: instant('effective_at').notNull(),
    receivedAt: instant('received_at').notNull(),
    /** SHA-256 of the canonical content: the same id with another content is a conflict. */
    fingerprint: text('fingerprint').notNull(),
    data: jsonb('data').notNull().$type<DebtorEvent['data']>(),
  },
  (table) => [
    index('debtor_event_debtor').on(table.debtorRef),
    /** Holds of many loans, by the name that their ids begin with. */
    index('debtor_event_prefix').on(table.eventId.op('text_pattern_ops')),
  ],
);

/** What was agreed with debtors, as the workflow of the case has it. */
export const agreement = pgTable(
  'agreement',
  {
    loanRef: text('loan_ref').notNull(),
    episode: integer('episode').notNull(),
    agreementId: text('agreement_id').notNull(),
    kind: text('kind').notNull().$type<Agreement['kind']>(),
    way: text('way').notNull().$type<Agreement['way']>(),
    /** Why the debtor could not pay. */
    reason: text('reason').$type<Agreement['reason']>(),
    actor: text('actor').notNull(),
    role: text('role').notNull().$type<AgreementRole>().default('agent'),
    madeAt: instant('made_at').notNull(),
    instalments: jsonb('instalments').notNull().$type<Agreement['instalments']>(),
    toleranceMinor: minor('tolerance_minor').notNull(),
    discountMinor: minor('discount_minor').notNull(),
    freezesInterest: boolean('freezes_interest').notNull(),
    status: text('status').notNull().$type<Agreement['status']>(),
    endedAt: instant('ended_at'),
    cancelledBy: text('cancelled_by'),
    /** A person's own words; they stand here alone, so that they can be erased. */
    cancelReason: text('cancel_reason'),
    receivedMinor: minor('received_minor').notNull(),
    instalmentsPaid: integer('instalments_paid').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.loanRef, table.episode, table.agreementId] }),
    index('agreement_status').on(table.status, table.madeAt),
  ],
);

/** Work for a person. */
export const task = pgTable(
  'task',
  {
    taskId: text('task_id').primaryKey(),
    loanRef: text('loan_ref').notNull(),
    /** Null: a grievance about a loan that has no case. */
    episode: integer('episode'),
    /** The grievance whose workflow waits for the answer; null when it is that of the case. */
    grievanceId: text('grievance_id'),
    step: text('step').notNull(),
    kind: text('kind').notNull().$type<TaskKind>(),
    status: text('status').notNull().$type<'open' | 'answered' | 'cancelled'>().default('open'),
    openedAt: instant('opened_at').notNull(),
    goesOnAt: instant('goes_on_at').notNull(),
    answer: text('answer').$type<TaskAnswer>(),
    actor: text('actor').$type<GivenAnswer['actor']>(),
    reason: text('reason'),
    answeredAt: instant('answered_at'),
  },
  (table) => [
    index('task_status').on(table.status, table.openedAt),
    index('task_loan').on(table.loanRef),
    index('task_grievance').on(table.grievanceId),
  ],
);

/** Complaints and disputes: as they were raised, and what their workflows have made of them. */
export const grievance = pgTable(
  'grievance',
  {
    grievanceId: text('grievance_id').primaryKey(),
    kind: text('kind').notNull().$type<GrievanceKind>(),
    loanRef: text('loan_ref').notNull(),
    debtorRef: text('debtor_ref').notNull(),
    /** The case on whose record it stands; null when the loan has none. */
    episode: integer('episode'),
    way: text('way').notNull().$type<GrievanceWay>(),
    reason: text('reason').notNull().$type<GrievanceReason>(),
    aboutKind: text('about_kind').$type<Subject['kind']>(),
    aboutRef: text('about_ref'),
    /** Opaque id of who took it in. */
    actor: text('actor').notNull(),
    /** The debtor's own words; stand here alone, so that they can be erased. */
    statement: text('statement'),
    /** SHA-256 of the canonical content: the same id with another content is a conflict. */
    fingerprint: text('fingerprint').notNull(),
    raisedAt: instant('raised_at').notNull(),
    receivedAt: instant('received_at').notNull(),
    levels: jsonb('levels').notNull().$type<ServiceLevels>(),
    /** `raised`: it has no workflow yet, and contact has stopped already. */
    status: text('status').notNull().$type<'raised' | 'open' | 'closed'>().default('raised'),
    acknowledgedAt: instant('acknowledged_at'),
    outcome: text('outcome').$type<GrievanceOutcome>(),
    decidedAt: instant('decided_at'),
    decidedBy: text('decided_by'),
    /** What the investigation found, in the words of who decided. */
    findings: text('findings'),
    answeredAt: instant('answered_at'),
    answeredBy: text('answered_by'),
    answerChannel: text('answer_channel').$type<AnswerChannel>(),
    answerReference: text('answer_reference'),
    remedy: text('remedy').$type<Remedy>(),
    correctedAt: instant('corrected_at'),
    closedAt: instant('closed_at'),
  },
  (table) => [
    index('grievance_loan').on(table.loanRef),
    index('grievance_status').on(table.kind, table.status, table.grievanceId),
  ],
);

/** Agents and agencies that may not call for a while. */
export const suspension = pgTable(
  'suspension',
  {
    /** That of the complaint it follows from. */
    suspensionId: text('suspension_id').primaryKey(),
    subjectKind: text('subject_kind').notNull().$type<Subject['kind']>(),
    subjectRef: text('subject_ref').notNull(),
    from: instant('from_at').notNull(),
    until: instant('until_at').notNull(),
    reason: text('reason').notNull().$type<GrievanceReason>(),
  },
  (table) => [index('suspension_subject').on(table.subjectKind, table.subjectRef)],
);

/** What an entry of a case's record is about. */
export type RecordKind =
  | 'caseOpened'
  | 'contactDecided'
  | 'contactSettled'
  | 'contactDelivered'
  | 'contactReceived'
  | 'contactReviewed'
  | 'agreementMade'
  | 'agreementChanged'
  | 'holdChanged'
  | 'hardshipChanged'
  | 'taskOpened'
  | 'taskAnswered'
  | 'grievanceRaised'
  | 'grievanceDecided'
  | 'grievanceAnswered'
  | 'grievanceClosed'
  | 'caseReopened'
  | 'caseClosed';

/**
 * The record of a case: what was decided and done, in order, each entry hashed with the one before. A trigger refuses
 * every change, and `kept verify` finds what was changed behind its back.
 */
export const caseRecord = pgTable(
  'case_record',
  {
    loanRef: text('loan_ref').notNull(),
    episode: integer('episode').notNull(),
    /** 1, 2, 3 … within the case. */
    seq: integer('seq').notNull(),
    kind: text('kind').notNull().$type<RecordKind>(),
    /** Canonical JSON, byte for byte what was hashed. */
    entry: text('entry').notNull(),
    /** SHA-256, hex, of the hash before and this entry. */
    hash: text('hash').notNull(),
  },
  (table) => [primaryKey({ columns: [table.loanRef, table.episode, table.seq] })],
);
