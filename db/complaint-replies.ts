import { and, desc, eq, isNotNull } from 'drizzle-orm';
import type { Instant } from '../domain/instant.ts';
import type { ServiceLevelsByKind } from '../domain/service-levels.ts';
import type { Transaction } from './client.ts';
import { fingerprintOf } from './fingerprint.ts';
import { addGrievance } from './grievances.ts';
import type { Reply } from './inbound-replies.ts';
import { contact, loan } from './schema.ts';

/** Who takes a reply in. */
const GATEWAY = 'gateway';

/** Takes a reply for a complaint of a debtor about the loan that they were last written to about. @throws GRIEVANCE_CONFLICT */
export async function addComplaintReply(
  tx: Transaction,
  levels: ServiceLevelsByKind,
  { reply: { replyId, channel, text, at }, debtorRef }: { readonly reply: Reply; readonly debtorRef: string },
  receivedAt: Instant,
): Promise<void> {
  const loanRef = await loanRepliedTo(tx, debtorRef, channel);
  if (loanRef === null) return;
  const complaint = {
    // A reply's own id may be too long for one of ours.
    grievanceId: `reply-${fingerprintOf({ replyId, debtorRef }).slice(0, 32)}`,
    kind: 'complaint',
    way: 'reply',
    reason: 'unclear',
    about: null,
    actor: GATEWAY,
    loanRef,
    statement: text,
    at,
  } as const;
  await addGrievance(tx, levels, complaint, receivedAt);
}

/** The loan of the last message to a debtor on a channel; of one who was never written to, any of theirs. */
async function loanRepliedTo(tx: Transaction, debtorRef: string, channel: Reply['channel']): Promise<string | null> {
  const [last] = await tx
    .select({ loanRef: contact.loanRef })
    .from(contact)
    .where(
      and(
        eq(contact.debtorRef, debtorRef),
        eq(contact.channel, channel),
        eq(contact.initiator, 'us'),
        isNotNull(contact.loanRef),
      ),
    )
    .orderBy(desc(contact.at))
    .limit(1);
  if (last) return last.loanRef;
  const [any] = await tx
    .select({ loanRef: loan.loanRef })
    .from(loan)
    .where(eq(loan.debtorRef, debtorRef))
    .orderBy(desc(loan.overdueMinor), loan.loanRef)
    .limit(1);
  return any?.loanRef ?? null;
}
