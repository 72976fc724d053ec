import { and, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { type CaseKey, type RecordEntry, addToRecord } from '../db/case-record.ts';
import { setExcluded } from '../db/bulk.ts';
import type { Transaction } from '../db/client.ts';
import { lockDebtorOf, readDebtorFacts } from '../db/contact-context.ts';
import { readDue } from '../db/due-as-of.ts';
import { viewOfLoan } from '../db/queries/balance-view.ts';
import { pinnedStrategy } from '../db/queries/pinned-strategy.ts';
import { sampleContacts } from '../db/review-samples.ts';
import { contact } from '../db/schema.ts';
import { verdictColumns } from '../db/verdict-columns.ts';
import type { BalanceView, Fact } from '../domain/case-state.ts';
import { type ContactContext, contactFactsOf, withContact } from '../domain/contact-facts.ts';
import { NOTHING_SAID, standingOf } from '../domain/debtor-standing.ts';
import { addressOf } from '../domain/events.ts';
import { type Instant, laterOf } from '../domain/instant.ts';
import { type Verdict, isOutOfReach, judge } from '../domain/judge.ts';
import type { ContactIntent } from '../domain/next-action.ts';
import type { MakeContactsInput } from '../workflows/contract.ts';
import type { Dependencies, MessageFacts } from './dependencies.ts';
import type { Delivery } from './ports.ts';

/** A contact that may be given to its provider now: nobody else has it, and nobody has given it before. */
export interface Reservation extends Omit<MessageFacts, 'at'> {
  readonly intent: ContactIntent;
  readonly to: string;
}

export interface Reservations {
  readonly reserved: readonly Reservation[];
  /** Keys of contacts that somebody reserved and of which no outcome is recorded: perhaps they went out. */
  readonly inDoubt: readonly ContactIntent[];
  /** What is settled without a provider: suppressed, deferred, or done earlier. */
  readonly facts: readonly Fact[];
  /** The balance that was judged by, when the case does not know it yet. */
  readonly newerBalance: BalanceView | null;
}

type ContactRow = typeof contact.$inferSelect;

/**
 * Decides contacts in one transaction under the debtor's lock: reads balance, budget, standing and what was decided
 * before, judges, and stores the verdict with its rules, whatever it is. A payment, an opt-out or a hold that was
 * committed before is always seen.
 * @throws LOAN_UNKNOWN, STRATEGY_UNKNOWN
 */
export function reserveContacts(deps: Dependencies, input: MakeContactsInput): Promise<Reservations> {
  return deps.db.transaction(async (tx) => {
    const { loanRef, episode } = input;
    const { person, loan: row } = await lockDebtorOf(tx, loanRef);
    const { debtorRef, zone } = person;
    const balance = viewOfLoan(row);
    const first = laterOf(minOf(input.contacts.map((intent) => intent.at)), deps.notBefore());
    const [strategy, earlier, { events, past }] = await Promise.all([
      pinnedStrategy(tx, input.strategy),
      earlierOf(tx, input.contacts),
      readDebtorFacts(tx, debtorRef, first),
    ]);
    const dueAt = await readDue(tx, row, strategy);
    let context: ContactContext = {
      strategy,
      calendar: deps.calendarOf(strategy.calendar),
      rulePacks: strategy.rulePacks.map(deps.rulePackOf),
      balance,
      loanRef,
      zone,
      standing: NOTHING_SAID,
      past,
    };
    const facts: Fact[] = [];
    const reserved: Reservation[] = [];
    const inDoubt: ContactIntent[] = [];
    const decided: ContactInsert[] = [];
    for (const intent of input.contacts) {
      const known = earlier.get(intent.key);
      if (known?.status === 'reserved') {
        inDoubt.push(intent);
        continue;
      }
      if (known && known.status !== 'released') {
        facts.push(factOf(intent, known));
        continue;
      }
      const { key, channel, isLastResort } = intent;
      const address = addressOf(person, channel);
      const now = laterOf(intent.at, deps.notBefore());
      const { due, overdueMinor } = dueAt(intent.at);
      context = { ...context, balance: { ...balance, overdueMinor }, standing: standingOf(events, now) };
      const proposed = { channel, address, isLastResort, to: 'debtor' } as const;
      const verdict = judge(intent, contactFactsOf(context, proposed, now), now);
      const stored = rowOf(intent, { loanRef, episode, debtorRef, address, balance }, verdict, now);
      decided.push(stored);
      if (verdict.verdict === 'allow' && address !== null) {
        context = withContact(context, { key, at: now, localDate: verdict.localDate, channel, loanRef, address });
        reserved.push({ intent, to: address, statement: row.statement, due, overdueMinor });
      } else facts.push(factOf(intent, stored));
    }
    await store(tx, decided);
    await addToRecord(tx, { loanRef, episode }, decided.map(decisionOf));
    return { reserved, inDoubt, facts, newerBalance: balance.version > input.balanceVersion ? balance : null };
  });
}

async function earlierOf(tx: Transaction, contacts: readonly ContactIntent[]): Promise<Map<string, ContactRow>> {
  const keys = contacts.map((intent) => intent.key);
  const rows = await tx.select().from(contact).where(inArray(contact.key, keys));
  return new Map(rows.map((row) => [row.key, row]));
}

type ContactInsert = typeof contact.$inferInsert & { readonly at: Instant };

function rowOf(
  intent: ContactIntent,
  about: Required<Pick<ContactRow, 'loanRef' | 'episode' | 'debtorRef' | 'address'>> & {
    readonly balance: BalanceView;
  },
  verdict: Verdict,
  now: Instant,
): ContactInsert {
  const { key, step, channel, template, at } = intent;
  const { balance, ...whose } = about;
  return {
    ...whose,
    key,
    step,
    channel,
    template,
    at,
    ...verdictColumns(verdict),
    balanceVersion: balance.version,
    decidedAt: now,
  };
}

function decisionOf(row: ContactInsert): RecordEntry {
  const { key, step, channel, template, at, status, rules, deferredUntil, balanceVersion, decidedAt } = row;
  const verdict = status === 'reserved' ? 'allow' : status === 'deferred' ? 'defer' : 'deny';
  const until = deferredUntil ?? null;
  return {
    kind: 'contactDecided',
    facts: {
      key,
      step: step ?? null,
      channel,
      template: template ?? null,
      at,
      verdict,
      rules: rules ?? [],
      until,
      balanceVersion: balanceVersion ?? null,
      decidedAt,
    },
  };
}

async function store(tx: Transaction, rows: readonly ContactInsert[]): Promise<void> {
  if (rows.length === 0) return;
  // By the clock of the database, which is the same for all workers and does not follow a case's own.
  const heldUntil = sql`clock_timestamp() + make_interval(secs => ${HELD_FOR_SECONDS})`;
  // Only a released contact, which certainly went nowhere, is ever decided again.
  await tx
    .insert(contact)
    .values(rows.map((row) => ({ ...row, heldUntil: row.status === 'reserved' ? heldUntil : null })))
    .onConflictDoUpdate({
      target: contact.key,
      set: setExcluded(contact, contact.key),
      setWhere: eq(contact.status, 'released'),
    });
}

/** The fact that a decided contact is to its case. */
function factOf(
  { key, step, channel, at, validUntil }: ContactIntent,
  row: Pick<typeof contact.$inferInsert, 'status' | 'rules' | 'deferredUntil'>,
): Fact {
  switch (row.status) {
    case 'deferred':
      return { type: 'contactDeferred', step, until: row.deferredUntil ?? validUntil };
    case 'suppressed': {
      const result = isOutOfReach(row.rules ?? []) ? 'unreachable' : 'suppressed';
      return { type: 'contactSettled', step, channel, result, at };
    }
    case 'sent':
    case 'rejected':
    case 'unknown':
    case 'undelivered':
      return { type: 'contactSettled', step, channel, result: row.status, at };
    case 'reserved':
    case 'released':
    case 'made':
    case 'received':
      throw new TypeError(`Contact ${key} is no message with an outcome.`);
    default:
      return row.status satisfies never;
  }
}

/** What is to be recorded of contacts that were reserved; `released` and `undelivered` certainly went nowhere. */
export type Settlement = { readonly intent: ContactIntent } & (
  | Delivery
  | { readonly result: 'released' | 'undelivered'; readonly reason: string }
  /** The provider has not seen it: released, unless its holder may still hand it over. */
  | { readonly result: 'absent' }
  /** Its holder does not know what became of it, and will not hand it over any more. */
  | { readonly result: 'givenUp' }
);

/** A holder stops handing over this long after it began, which is before it reserved. */
const HELD_FOR_SECONDS = 90;

/**
 * Records outcomes of one case's contacts, on its record too, and chooses which are reviewed; an outcome that is recorded
 * already stays.
 * @returns what they are to the case.
 */
export async function settleContacts(
  { db, sampling }: Pick<Dependencies, 'db' | 'sampling'>,
  key: CaseKey,
  settlements: readonly Settlement[],
  now: Instant,
): Promise<Fact[]> {
  return db.transaction(async (tx) => {
    const settled: RecordEntry[] = [];
    const changes: ContactRow[] = [];
    const facts: Fact[] = [];
    for (const { intent, ...outcome } of settlements) {
      const isReserved = and(eq(contact.key, intent.key), eq(contact.status, 'reserved'));
      if (outcome.result === 'givenUp') {
        await tx.update(contact).set({ heldUntil: null }).where(isReserved);
        continue;
      }
      const status = outcome.result === 'accepted' ? 'sent' : outcome.result === 'absent' ? 'released' : outcome.result;
      const settledAt = laterOf(intent.at, now);
      const providerRef = outcome.result === 'accepted' ? outcome.providerRef : null;
      const providerReason =
        outcome.result === 'accepted' ? null : outcome.result === 'absent' ? 'absent' : outcome.reason;
      const isFree = or(isNull(contact.heldUntil), lte(contact.heldUntil, sql`clock_timestamp()`));
      const [changed] = await tx
        .update(contact)
        .set({ status, settledAt, providerRef, providerReason })
        .where(outcome.result === 'absent' ? and(isReserved, isFree) : isReserved)
        .returning();
      if (changed) {
        changes.push(changed);
        settled.push({
          kind: 'contactSettled',
          facts: { key: intent.key, status, settledAt, providerRef, providerReason },
        });
      }
      const [row] = changed ? [changed] : await tx.select().from(contact).where(eq(contact.key, intent.key));
      if (row && row.status !== 'released' && row.status !== 'reserved') facts.push(factOf(intent, row));
    }
    await addToRecord(tx, key, settled);
    await sampleContacts(tx, sampling, changes);
    return facts;
  });
}

function minOf(instants: readonly Instant[]): Instant {
  return instants.reduce((first, instant) => (instant < first ? instant : first));
}
