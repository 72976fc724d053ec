import { eq, or, sql } from 'drizzle-orm';
import { LAW_CHANNELS } from '../domain/contact-ledger.ts';
import type { DebtorEvent } from '../domain/debtor-events.ts';
import type { Instant } from '../domain/instant.ts';
import type { ServiceLevelsByKind } from '../domain/service-levels.ts';
import type { ReplyAction } from '../domain/reply-keywords.ts';
import type { Database, Transaction } from './client.ts';
import { addComplaintReply } from './complaint-replies.ts';
import { addDebtorEvents, lockDebtors } from './debtor-events.ts';
import { addInbound } from './inbound.ts';
import { debtor } from './schema.ts';

/** What somebody answered to a message, as a gateway passes it on. */
export interface Reply {
  /** The gateway's own name of it: the same again is the same reply. */
  readonly replyId: string;
  readonly from: string;
  readonly channel: 'sms' | 'email' | 'push';
  readonly text: string;
  readonly at: Instant;
  /** What the text asks for, when it is one of the keywords. */
  readonly action: ReplyAction | null;
  /** Whether it is taken for a complaint. */
  readonly isComplaint: boolean;
}

/** Who says so, in the ledger and in the debtor's events. */
const SOURCE = 'gateway';

/** `nobody`: no debtor has the address, and nothing is kept of it. */
export type ReplyOutcome = 'accepted' | 'duplicate' | 'nobody';

/**
 * Takes in a reply: a contact in the ledger of every debtor who has the address, what it asks for as an event of theirs,
 * and what it complains of as a complaint, all in one transaction.
 */
export function receiveReply(
  db: Database,
  levels: ServiceLevelsByKind,
  reply: Reply,
  receivedAt: Instant,
): Promise<ReplyOutcome> {
  return db.transaction(async (tx) => {
    const senders = await debtorsAt(tx, reply.from);
    if (senders.length === 0) return 'nobody';
    const events: DebtorEvent[] = [];
    let isNew = false;
    for (const { debtorRef, zone } of await lockDebtors(tx, senders)) {
      if (!(await addReply(tx, reply, { debtorRef, zone }, receivedAt))) continue;
      isNew = true;
      if (reply.action !== null) events.push(eventOf(reply, reply.action, debtorRef));
      if (reply.isComplaint) await addComplaintReply(tx, levels, { reply, debtorRef }, receivedAt);
    }
    await addDebtorEvents(tx, events, receivedAt);
    return isNew ? 'accepted' : 'duplicate';
  });
}

/** Whoever has an address, on whatever channel: two people may share a telephone. */
async function debtorsAt(tx: Transaction, address: string): Promise<string[]> {
  const rows = await tx
    .select({ debtorRef: debtor.debtorRef })
    .from(debtor)
    .where(
      or(eq(debtor.phone, address), eq(sql`lower(${debtor.email})`, address.toLowerCase()), eq(debtor.pushId, address)),
    );
  return rows.map(({ debtorRef }) => debtorRef);
}

async function addReply(
  tx: Transaction,
  { replyId, from, channel, text, at }: Reply,
  { debtorRef, zone }: { readonly debtorRef: string; readonly zone: string },
  receivedAt: Instant,
): Promise<boolean> {
  const inbound = {
    key: `reply:${replyId}:${debtorRef}`,
    debtorRef,
    loanRef: null,
    channel,
    address: from,
    at,
    result: null,
    actor: SOURCE,
    note: text,
    noteFindings: [],
  };
  return (await addInbound(tx, inbound, zone, receivedAt)) !== null;
}

function eventOf({ replyId, channel, at }: Reply, action: ReplyAction, debtorRef: string): DebtorEvent {
  return {
    id: `reply:${replyId}:${debtorRef}`,
    type: action === 'optOut' ? 'channel.optedOut' : 'channel.optedIn',
    timestamp: at,
    data: { debtorRef, channel: LAW_CHANNELS[channel], source: SOURCE },
  };
}
