import { asc, eq } from 'drizzle-orm';
import { localDateOf } from '../domain/calendar.ts';
import type { LedgerChannel } from '../domain/contact-ledger.ts';
import { DomainError } from '../domain/errors.ts';
import type { Instant, Zone } from '../domain/instant.ts';
import type { Result } from '../domain/rules/facts.ts';
import type { SamplingPolicy } from '../domain/sampling.ts';
import { addToRecord } from './case-record.ts';
import type { Database, Transaction } from './client.ts';
import { lockDebtors } from './debtor-events.ts';
import { openCasesOf } from './queries/open-case.ts';
import { sampleContacts } from './review-samples.ts';
import { contact, loan } from './schema.ts';

/** What the debtor did by themselves: rang, wrote, came by. */
export interface InboundContact {
  /** Of the ledger: unique for ever. */
  readonly key: string;
  readonly debtorRef: string;
  /** Null when the debtor did not say which. */
  readonly loanRef: string | null;
  readonly channel: LedgerChannel;
  /** Number or address that it came from; null when it is not known. */
  readonly address: string | null;
  readonly at: Instant;
  /** How a call went; null when nobody says, and then it counts for every rule that counts calls. */
  readonly result: Result | null;
  /** Opaque id of who wrote it down. */
  readonly actor: string;
  readonly note: string | null;
  readonly noteFindings: readonly string[];
}

/** As it is reported: by loan, or by debtor when nobody asked which loan. */
export type ReportedContact = Omit<InboundContact, 'key' | 'debtorRef' | 'address'> & {
  readonly contactId: string;
  readonly debtorRef: string | null;
};

/**
 * Takes in a contact of the debtor's own: into the ledger, where the rules count it, and on the record of the case; and
 * chooses whether it is reviewed.
 * @throws LOAN_UNKNOWN, DEBTOR_UNKNOWN, CONTACT_CONFLICT
 */
export function receiveContact(
  db: Database,
  { sampling }: { readonly sampling: SamplingPolicy },
  reported: ReportedContact,
  receivedAt: Instant,
): Promise<'accepted' | 'duplicate'> {
  return db.transaction(async (tx) => {
    const { contactId, ...what } = reported;
    const debtorRef = await debtorOf(tx, reported);
    const [person] = await lockDebtors(tx, [debtorRef]);
    if (!person) throw new DomainError('DEBTOR_UNKNOWN', `Debtor ${debtorRef} is not known.`);
    const inbound = { ...what, key: `inbound:${contactId}`, debtorRef, address: null };
    const added = await addInbound(tx, inbound, person.zone, receivedAt);
    if (added) {
      await sampleContacts(tx, sampling, [added]);
      return 'accepted';
    }
    const [before] = await tx.select().from(contact).where(eq(contact.key, inbound.key));
    if (!before || !isSame(before, inbound)) {
      throw new DomainError('CONTACT_CONFLICT', `Contact ${contactId} was reported before with another content.`);
    }
    return 'duplicate';
  });
}

async function debtorOf(tx: Transaction, { loanRef, debtorRef }: ReportedContact): Promise<string> {
  if (loanRef === null) return debtorRef ?? '';
  const [row] = await tx.select({ debtorRef: loan.debtorRef }).from(loan).where(eq(loan.loanRef, loanRef));
  if (!row) throw new DomainError('LOAN_UNKNOWN', `Loan ${loanRef} is not known.`);
  return row.debtorRef;
}

function isSame(row: typeof contact.$inferSelect, given: InboundContact): boolean {
  const { debtorRef, loanRef, channel, at, result, actor, note } = given;
  return (
    row.debtorRef === debtorRef &&
    // Which loan it is about was found out by Kept when nobody said so.
    (loanRef === null || row.loanRef === loanRef) &&
    row.channel === channel &&
    row.at === at &&
    row.result === result &&
    row.actor === actor &&
    row.note === note
  );
}

/**
 * The same within a transaction that does more, and that has locked the debtor.
 * @returns the contact; null when one of this key is there already, and then nothing changes.
 */
export async function addInbound(
  tx: Transaction,
  inbound: InboundContact,
  zone: Zone,
  receivedAt: Instant,
): Promise<typeof contact.$inferSelect | null> {
  const { key, debtorRef, channel, at, result, actor, noteFindings } = inbound;
  const loanRef = inbound.loanRef ?? (await onlyLoanOf(tx, debtorRef));
  const open = await openCasesOf(tx, debtorRef);
  const about = loanRef === null ? open : open.filter((each) => each.loanRef === loanRef);
  const [added] = await tx
    .insert(contact)
    .values({
      ...inbound,
      loanRef,
      episode: loanRef === null ? null : (about[0]?.episode ?? null),
      initiator: 'debtor',
      localDate: localDateOf(at, zone),
      status: 'received',
      decidedAt: receivedAt,
      noteFindings: inbound.note === null ? null : [...noteFindings],
    })
    .onConflictDoNothing()
    .returning();
  if (!added) return null;
  const facts = { key, channel, at, result, actor, receivedAt, noteFindings: [...noteFindings] };
  for (const { loanRef: ofCase, episode } of about) {
    await addToRecord(tx, { loanRef: ofCase, episode }, [{ kind: 'contactReceived', facts }]);
  }
  return added;
}

/** Who has one loan speaks of that one. */
async function onlyLoanOf(tx: Transaction, debtorRef: string): Promise<string | null> {
  const loans = await tx
    .select({ loanRef: loan.loanRef })
    .from(loan)
    .where(eq(loan.debtorRef, debtorRef))
    .orderBy(asc(loan.loanRef))
    .limit(2);
  return loans.length === 1 ? (loans[0]?.loanRef ?? null) : null;
}
