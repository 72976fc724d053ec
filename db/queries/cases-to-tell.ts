import { and, desc, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { BalanceView, StandingView } from '../../domain/case-state.ts';
import type { Instant } from '../../domain/instant.ts';
import { CHANNELS, type Channel } from '../../domain/strategy.ts';
import type { Database } from '../client.ts';
import { standingViewOf } from '../debtor-events.ts';
import { collectionCase, contact, grievance, loan, outbox } from '../schema.ts';
import { viewOfLoan } from './balance-view.ts';

/** What a case is to be told: the newest balance, and whether a case is to be opened when none is running. */
export interface CaseWord {
  readonly loanRef: string;
  readonly balance: BalanceView;
  readonly mayOpen: boolean;
  /** Messages of the latest episode that did not arrive; read only when there is word of it. */
  readonly failed: readonly FailedMessage[];
  /** The debtor's holds; read only when there is word of a change. */
  readonly standing: StandingView | null;
  /** Complaints and disputes that have no workflow yet; read only when there is word of one. */
  readonly grievances: readonly WaitingGrievance[];
  /** All words that stood in the outbox when the balance was read: it is what they tell of. */
  readonly wordIds: readonly number[];
}

/** A complaint or dispute that is to be taken up. */
export type WaitingGrievance = Pick<typeof grievance.$inferSelect, 'grievanceId' | 'kind' | 'loanRef' | 'raisedAt'>;

/** A message of a step that a provider took and that did not arrive. */
export interface FailedMessage {
  readonly step: string;
  readonly channel: Channel;
  readonly at: Instant;
}

/** After these ends a loan's money is no longer collected here, whatever is still due. */
export const FINAL_OUTCOMES: ReadonlySet<string> = new Set(['legalHandoff', 'writtenOff', 'recalled']);

/** What to tell the cases of loans; parked loans, which have no balance yet, are left out. */
export async function casesToTell(db: Database, loanRefs: readonly string[]): Promise<CaseWord[]> {
  const refs = [...loanRefs];
  const words = db
    .select({
      words: sql`json_build_object(
        'ids', coalesce(json_agg(${outbox.id}), '[]'), 'failures', coalesce(bool_or(${outbox.about} = 'delivery'), false),
        'standing', coalesce(bool_or(${outbox.about} = 'standing'), false),
        'grievance', coalesce(bool_or(${outbox.about} = 'grievance'), false)
      )`.as('words'),
    })
    .from(outbox)
    .where(eq(outbox.loanRef, loan.loanRef));
  // One statement, so that balance and words are of one moment.
  const loans = await db
    .select({ row: loan, words: sql<WordsOfLoan>`(${words})` })
    .from(loan)
    .where(inArray(loan.loanRef, refs));
  const cases = await db
    .selectDistinctOn([collectionCase.loanRef], { loanRef: collectionCase.loanRef, outcome: collectionCase.outcome })
    .from(collectionCase)
    .where(inArray(collectionCase.loanRef, refs))
    .orderBy(collectionCase.loanRef, desc(collectionCase.episode));
  const outcomes = new Map(cases.map((row) => [row.loanRef, row.outcome]));
  const failed = await failedMessages(
    db,
    loans.filter(({ words }) => words.failures).map(({ row }) => row.loanRef),
  );
  const waiting = await waitingGrievances(
    db,
    loans.filter(({ words }) => words.grievance).map(({ row }) => row.loanRef),
  );
  const standings = new Map<string, StandingView>();
  for (const { row, words } of loans) {
    if (words.standing) standings.set(row.loanRef, await standingViewOf(db, row.debtorRef));
  }
  return loans.map(({ row, words }) => {
    const balance = viewOfLoan(row);
    const isOver = FINAL_OUTCOMES.has(outcomes.get(row.loanRef) ?? 'open') || balance.closed !== null;
    return {
      loanRef: row.loanRef,
      balance,
      mayOpen: balance.overdueMinor > 0 && !isOver,
      failed: failed.get(row.loanRef) ?? [],
      standing: standings.get(row.loanRef) ?? null,
      grievances: waiting.filter(({ loanRef }) => loanRef === row.loanRef),
      wordIds: words.ids,
    };
  });
}

/** What the words of one loan are about. */
interface WordsOfLoan {
  readonly ids: number[];
  readonly failures: boolean;
  readonly standing: boolean;
  readonly grievance: boolean;
}

function waitingGrievances(db: Database, loanRefs: readonly string[]): Promise<WaitingGrievance[]> {
  const { grievanceId, kind, loanRef, raisedAt } = grievance;
  return db
    .select({ grievanceId, kind, loanRef, raisedAt })
    .from(grievance)
    .where(and(inArray(loanRef, [...loanRefs]), eq(grievance.status, 'raised')));
}

/** By loan, of its latest episode. */
async function failedMessages(db: Database, loanRefs: readonly string[]): Promise<Map<string, FailedMessage[]>> {
  const failed = new Map<string, FailedMessage[]>();
  if (loanRefs.length === 0) return failed;
  const latest = db
    .select({ episode: sql`max(${collectionCase.episode})` })
    .from(collectionCase)
    .where(eq(collectionCase.loanRef, contact.loanRef));
  const rows = await db
    .select({
      loanRef: contact.loanRef,
      step: contact.step,
      channel: contact.channel,
      deliveredAt: contact.deliveredAt,
    })
    .from(contact)
    .where(
      and(
        inArray(contact.loanRef, [...loanRefs]),
        eq(contact.episode, sql`(${latest})`),
        inArray(contact.delivery, ['failed', 'blocked']),
        isNotNull(contact.step),
      ),
    );
  for (const { loanRef, step, channel, deliveredAt } of rows) {
    const message = CHANNELS.find((each) => each === channel);
    if (loanRef === null || step === null || message === undefined || deliveredAt === null) continue;
    failed.set(loanRef, [...(failed.get(loanRef) ?? []), { step, channel: message, at: deliveredAt }]);
  }
  return failed;
}
