import { eq } from 'drizzle-orm';
import type { LedgerChannel } from '../../domain/contact-ledger.ts';
import { type ContactContext, contactFactsOf } from '../../domain/contact-facts.ts';
import { type DebtorStanding, standingOf } from '../../domain/debtor-standing.ts';
import { type Instant, plusMs } from '../../domain/instant.ts';
import { type Verdict, judge } from '../../domain/judge.ts';
import type { Database } from '../client.ts';
import { readDebtorFacts } from '../contact-context.ts';
import { type ContactPolicy, LOOK_AHEAD_MS, contextOfCase } from '../contact-policy.ts';
import { debtor, loan } from '../schema.ts';
import { openCasesOf } from './open-case.ts';

/** The ways of which it is told whether they are open; visits and letters are planned by people. */
export const TOLD_CHANNELS = ['sms', 'email', 'push', 'voice', 'call'] as const satisfies readonly LedgerChannel[];
export type ToldChannel = (typeof TOLD_CHANNELS)[number];

/** Whether a contact about a loan would be permitted now, on one channel. */
export interface ChannelVerdict {
  readonly channel: ToldChannel;
  readonly verdict: Verdict['verdict'];
  readonly rules: readonly string[];
  /** The next instant at which it would be permitted as things stand; null when it is allowed, or nobody knows. */
  readonly until: Instant | null;
}

export interface ToldStanding {
  readonly standing: DebtorStanding;
  readonly loans: readonly {
    readonly loanRef: string;
    readonly episode: number;
    readonly channels: readonly ChannelVerdict[];
  }[];
}

type Person = typeof debtor.$inferSelect;

/**
 * What a debtor agreed to and refused, and for each loan with an open case what is permitted now. It promises nothing:
 * every contact is judged again, under the debtor's lock. Null: nobody has said anything of such a debtor.
 * @throws STRATEGY_UNKNOWN
 */
export function standingOfDebtor(
  db: Database,
  policy: ContactPolicy,
  debtorRef: string,
  now: Instant,
): Promise<ToldStanding | null> {
  return db.transaction(
    async (tx) => {
      const [person] = await tx.select().from(debtor).where(eq(debtor.debtorRef, debtorRef));
      const read = await readDebtorFacts(tx, debtorRef, now);
      if (!person && read.events.length === 0) return null;
      const loans: ToldStanding['loans'][number][] = [];
      for (const running of person ? await openCasesOf(tx, debtorRef) : []) {
        const { loanRef, episode } = running;
        const [row] = await tx.select().from(loan).where(eq(loan.loanRef, loanRef));
        if (!row || !person) continue;
        const context = await contextOfCase(tx, policy, { person, loan: row, running, ...read }, now);
        loans.push({ loanRef, episode, channels: TOLD_CHANNELS.map((each) => verdictOn(each, context, person, now)) });
      }
      return { standing: standingOf(read.events, now), loans };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

function verdictOn(channel: ToldChannel, context: ContactContext, person: Person, now: Instant): ChannelVerdict {
  // An agent may ring a phone that machines have given up.
  const isLastResort = channel === 'call';
  const proposed = { channel, address: addressOn(channel, person), isLastResort, to: 'debtor' } as const;
  const intent = { channel, validUntil: plusMs(now, LOOK_AHEAD_MS) };
  const verdict = judge(intent, contactFactsOf(context, proposed, now), now);
  return {
    channel,
    verdict: verdict.verdict,
    rules: verdict.verdict === 'allow' ? [] : verdict.rules,
    until: verdict.verdict === 'defer' ? verdict.until : null,
  };
}

function addressOn(channel: ToldChannel, { phone, email, pushId }: Person): string | null {
  if (channel === 'email') return email;
  return channel === 'push' ? pushId : phone;
}
