import { and, eq, gte, inArray, sql } from 'drizzle-orm';
import type { Instant } from '../../domain/instant.ts';
import type { Database } from '../client.ts';
import { contact } from '../schema.ts';

/** Whether a call about a loan has been logged since an instant: an agent's to anybody, or one of the debtor's own. */
export async function wasCallLogged(db: Database, loanRef: string, since: Instant): Promise<boolean> {
  const [row] = await db
    .select({ key: contact.key })
    .from(contact)
    .where(
      and(
        eq(contact.loanRef, loanRef),
        eq(contact.channel, 'call'),
        inArray(contact.status, ['made', 'received']),
        gte(sql`coalesce(${contact.settledAt}, ${contact.decidedAt})`, since),
      ),
    )
    .limit(1);
  return row !== undefined;
}
