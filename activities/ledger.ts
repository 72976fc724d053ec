import { and, eq, gte, inArray, sql } from 'drizzle-orm';
import { type CaseKey, type RecordEntry, addToRecord } from '../db/case-record.ts';
import type { Database, Transaction } from '../db/client.ts';
import { viewOfLoan } from '../db/queries/balance-view.ts';
import { contactIntent, debtor, loan } from '../db/schema.ts';
import type { BalanceView, Fact } from '../domain/case-state.ts';
import { DomainError } from '../domain/errors.ts';
import { addressOf } from '../domain/events.ts';
import { type Instant, laterOf } from '../domain/instant.ts';
import { LAW_LOOKS_BACK_DAYS, type Verdict, judge, lawFactsOf, pastContact } from '../domain/judge.ts';
import type { ContactIntent } from '../domain/next-action.ts';
import type { MakeContactsInput } from '../workflows/contract.ts';
import { pinnedStrategy } from './case-records.ts';
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

type IntentRow = typeof contactIntent.$inferSelect;

/**
 * Decides contacts in one transaction under the debtor's lock: reads balance, budget and what was decided before,
 * judges, and stores the verdict with its rules, whatever it is. A payment that was committed before is always seen.
 * @throws LOAN_UNKNOWN, STRATEGY_UNKNOWN
 */
export function reserveContacts(deps: Dependencies, input: MakeContactsInput): Promise<Reservations> {
  return deps.db.transaction(async (tx) => {
    const [owner] = await tx
      .select({ person: debtor })
      .from(debtor)
      .innerJoin(loan, eq(loan.debtorRef, debtor.debtorRef))
      .where(eq(loan.loanRef, input.loanRef))
      .for('update', { of: debtor });
    const person = owner?.person;
    // Shared with other contacts, but a payment that is being posted is waited for.
    const [row] = await tx.select().from(loan).where(eq(loan.loanRef, input.loanRef)).for('share');
    if (!person || !row) throw new DomainError('LOAN_UNKNOWN', `Loan ${input.loanRef} is not known.`);
    const strategy = await pinnedStrategy(tx, input.strategy);
    const balance = viewOfLoan(row);
    const earlier = await earlierOf(tx, input.contacts);
    const packs = strategy.rulePacks.map(deps.rulePackOf);
    const before = await madeBefore(tx, person.debtorRef, minOf(input.contacts.map((intent) => intent.at)));
    const past = before.map(({ at, channel, loanRef }) => pastContact(channel, at, loanRef));
    const made = countByDay(before);
    const facts: Fact[] = [];
    const reserved: Reservation[] = [];
    const inDoubt: ContactIntent[] = [];
    const decided: RecordEntry[] = [];
    for (const intent of input.contacts) {
      const known = earlier.get(intent.key);
      if (known?.status === 'reserved') inDoubt.push(intent);
      else if (known && known.status !== 'released') facts.push(factOf(intent, known));
      else {
        const to = addressOf(person, intent.channel);
        const now = laterOf(intent.at, deps.notBefore());
        const verdict = judge(
          intent,
          {
            balance,
            zone: person.zone,
            hasAddress: to !== null,
            window: strategy.window,
            calendar: deps.calendarOf(strategy.calendar),
            perDebtorPerDay: strategy.perDebtorPerDay[intent.channel],
            madeOn: (date) => made.get(`${intent.channel}/${date}`) ?? 0,
            law: {
              packs,
              facts: { debtor: lawFactsOf(person.zone), holds: [], ledger: past },
              debt: input.loanRef,
              number: to,
            },
          },
          now,
        );
        const stored = rowOf(input, person.debtorRef, intent, verdict, balance, now);
        await store(tx, stored);
        decided.push(decisionOf(stored));
        if (verdict.verdict === 'allow' && to !== null) {
          const key = `${intent.channel}/${verdict.localDate}`;
          made.set(key, (made.get(key) ?? 0) + 1);
          past.push(pastContact(intent.channel, now, input.loanRef));
          reserved.push({ intent, to, statement: row.statement, due: row.due, overdueMinor: row.overdueMinor });
        } else facts.push(factOf(intent, stored));
      }
    }
    await addToRecord(tx, { loanRef: input.loanRef, episode: input.episode }, decided);
    return { reserved, inDoubt, facts, newerBalance: balance.version > input.balanceVersion ? balance : null };
  });
}

async function earlierOf(tx: Transaction, contacts: readonly ContactIntent[]): Promise<Map<string, IntentRow>> {
  const keys = contacts.map((intent) => intent.key);
  const rows = await tx.select().from(contactIntent).where(inArray(contactIntent.key, keys));
  return new Map(rows.map((row) => [row.key, row]));
}

/**
 * Contacts that were made to the debtor, or may have been, over all loans, as far back as the law counts. The budget of
 * a day needs no more than the last of them.
 */
function madeBefore(tx: Transaction, debtorRef: string, before: Instant) {
  const { at, channel, loanRef, localDate, status } = contactIntent;
  const first = sql`(${before}::timestamptz - make_interval(days => ${LAW_LOOKS_BACK_DAYS}))::date`;
  return tx
    .select({ at, channel, loanRef, localDate })
    .from(contactIntent)
    .where(
      and(
        eq(contactIntent.debtorRef, debtorRef),
        gte(localDate, first),
        inArray(status, ['reserved', 'sent', 'unknown']),
      ),
    );
}

/** How many there are, by `channel/day`. */
function countByDay(made: Awaited<ReturnType<typeof madeBefore>>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { channel, localDate } of made) {
    const key = `${channel}/${localDate}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function rowOf(
  input: MakeContactsInput,
  debtorRef: string,
  intent: ContactIntent,
  verdict: Verdict,
  balance: BalanceView,
  now: Instant,
): typeof contactIntent.$inferInsert {
  const { key, step, channel, template } = intent;
  const status = { allow: 'reserved', defer: 'deferred', deny: 'suppressed' } as const;
  return {
    key,
    loanRef: input.loanRef,
    episode: input.episode,
    debtorRef,
    step,
    channel,
    template,
    at: intent.at,
    localDate: verdict.verdict === 'allow' ? verdict.localDate : null,
    status: status[verdict.verdict],
    rules: verdict.verdict === 'allow' ? [] : [...verdict.rules],
    deferredUntil: verdict.verdict === 'defer' ? verdict.until : null,
    balanceVersion: balance.version,
    decidedAt: now,
  };
}

function decisionOf(row: typeof contactIntent.$inferInsert): RecordEntry {
  const { key, step, channel, template, at, status, rules, deferredUntil, balanceVersion, decidedAt } = row;
  const verdict = status === 'reserved' ? 'allow' : status === 'deferred' ? 'defer' : 'deny';
  const until = deferredUntil ?? null;
  return {
    kind: 'contactDecided',
    facts: { key, step, channel, template, at, verdict, rules: rules ?? [], until, balanceVersion, decidedAt },
  };
}

async function store(tx: Transaction, row: typeof contactIntent.$inferInsert): Promise<void> {
  const { key: _key, ...set } = row;
  // Only a released contact, which certainly went nowhere, is ever decided again.
  await tx
    .insert(contactIntent)
    .values(row)
    .onConflictDoUpdate({ target: contactIntent.key, set, setWhere: eq(contactIntent.status, 'released') });
}

/** The fact that a decided contact is to its case. */
function factOf(intent: ContactIntent, row: typeof contactIntent.$inferInsert): Fact {
  switch (row.status) {
    case 'deferred':
      return { type: 'contactDeferred', step: intent.step, until: row.deferredUntil ?? intent.validUntil };
    case 'sent':
    case 'suppressed':
    case 'rejected':
    case 'unknown':
    case 'undelivered':
      return { type: 'contactSettled', step: intent.step, result: row.status, at: intent.at };
    case 'reserved':
    case 'released':
      throw new TypeError(`Contact ${intent.key} has no outcome yet.`);
    default:
      return row.status satisfies never;
  }
}

/** What is to be recorded of contacts that were reserved; `released` and `undelivered` certainly went nowhere. */
export type Settlement = { readonly intent: ContactIntent } & (
  | Delivery
  | { readonly result: 'released' | 'undelivered'; readonly reason: string }
);

/**
 * Records outcomes of one case's contacts, on its record too; an outcome that is recorded already stays.
 * @returns what they are to the case.
 */
export async function settleContacts(
  db: Database,
  key: CaseKey,
  settlements: readonly Settlement[],
  now: Instant,
): Promise<Fact[]> {
  return db.transaction(async (tx) => {
    const settled: RecordEntry[] = [];
    const facts: Fact[] = [];
    for (const { intent, ...outcome } of settlements) {
      const status = outcome.result === 'accepted' ? 'sent' : outcome.result;
      const settledAt = laterOf(intent.at, now);
      const providerRef = outcome.result === 'accepted' ? outcome.providerRef : null;
      const providerReason = outcome.result === 'accepted' ? null : outcome.reason;
      const [changed] = await tx
        .update(contactIntent)
        .set({ status, settledAt, providerRef, providerReason })
        .where(and(eq(contactIntent.key, intent.key), eq(contactIntent.status, 'reserved')))
        .returning();
      if (changed) {
        settled.push({
          kind: 'contactSettled',
          facts: { key: intent.key, status, settledAt, providerRef, providerReason },
        });
      }
      const [row] = changed
        ? [changed]
        : await tx.select().from(contactIntent).where(eq(contactIntent.key, intent.key));
      if (row && row.status !== 'released' && row.status !== 'reserved') facts.push(factOf(intent, row));
    }
    await addToRecord(tx, key, settled);
    return facts;
  });
}

function minOf(instants: readonly Instant[]): Instant {
  return instants.reduce((first, instant) => (instant < first ? instant : first));
}
