import { and, eq, isNotNull } from 'drizzle-orm';
import type { Components, Statement } from '../../domain/events.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Database } from '../client.ts';
import { contact, loan } from '../schema.ts';

/** What the ledger knows of a message that was given to a provider. */
export interface LedgerHandOver {
  /** E.164 number, e-mail address or app address. */
  readonly to: string;
  /** When it was reserved, just before the hand-over. */
  readonly reservedAt: Instant;
  readonly channel: string;
  readonly template: string;
  /** The instant that its text speaks of. */
  readonly at: Instant;
  /** What its text was filled in from; null when the loan has changed since, and the text cannot be told any more. */
  readonly loan: {
    readonly statement: Statement;
    readonly due: Components;
    readonly overdueMinor: number;
  } | null;
}

/** The message of a key as the ledger has it; undefined for one that is not on record or whose address is erased. */
export async function recipientOf(db: Database, key: string): Promise<LedgerHandOver | undefined> {
  const [row] = await db
    .select({ contact, loan })
    .from(contact)
    .leftJoin(loan, eq(loan.loanRef, contact.loanRef))
    .where(and(eq(contact.key, key), isNotNull(contact.address)));
  if (row === undefined) return undefined;
  const { address, decidedAt, channel, template, at, balanceVersion } = row.contact;
  if (address === null || template === null) return undefined;
  const isUnchanged = row.loan !== null && row.loan.version === balanceVersion;
  return { to: address, reservedAt: decidedAt, channel, template, at, loan: isUnchanged ? row.loan : null };
}
