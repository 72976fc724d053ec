import { localDateOf } from './calendar.ts';
import type { BalanceView } from './case-state.ts';
import { contactFactsOf } from './contact-facts.ts';
import { type LedgerChannel, type PastContact, contactOfNow } from './contact-ledger.ts';
import type { DebtorEvent } from './debtor-events.ts';
import { standingOf } from './debtor-standing.ts';
import { type Statement, addressOf } from './events.ts';
import { type Instant, MINUTE_MS, plusMs } from './instant.ts';
import { type Verdict, judge } from './judge.ts';
import type { ContactIntent } from './next-action.ts';
import type { RehearsalPolicy } from './rehearsed-loan.ts';
import type { Saying } from './responses/sayings.ts';

/** What a contact is judged by besides the debtor's ledger. */
export interface ContactedLoan {
  readonly statement: Statement;
  readonly balance: BalanceView;
}

/** The contacts with one debtor over all their loans, and what they have said: the ledger of a rehearsal. */
export class RehearsedDebtor {
  private readonly policy: RehearsalPolicy;
  private readonly past: PastContact[] = [];
  private readonly said: DebtorEvent[] = [];

  constructor(policy: RehearsalPolicy) {
    this.policy = policy;
  }

  /** Judges a message that is due, and makes it when it is allowed. */
  message(intent: ContactIntent, loan: ContactedLoan): Verdict {
    const { key, channel, isLastResort, at, validUntil } = intent;
    const address = addressOf(loan.statement.debtor, channel);
    const verdict = this.judged({ channel, address, isLastResort, validUntil }, loan, at);
    if (verdict.verdict === 'allow') {
      const { loanRef } = loan.statement;
      this.past.push(contactOfNow({ key, at, localDate: verdict.localDate, channel, loanRef, address }));
    }
    return verdict;
  }

  /** Puts down what is said about a debtor. @returns whether more may be said: not after a call that was not permitted. */
  hears(saying: Saying, loan: ContactedLoan, at: Instant): boolean {
    if (saying.say === 'optedOut') this.said.push(saying.event);
    if (saying.say === 'debtorCalled') this.past.push(ownCall(saying.contactId, loan.statement, at));
    return saying.say !== 'agentCalled' || this.agentCall(saying, loan, at);
  }

  private agentCall({ callId, result }: OfKind<'agentCalled'>, loan: ContactedLoan, at: Instant): boolean {
    const { loanRef, debtor } = loan.statement;
    const address = debtor.phone ?? null;
    // A person decided to ring it: a phone that was engaged twice is not dead to them.
    const call = { channel: 'call', address, isLastResort: true, validUntil: plusMs(at, MINUTE_MS) } as const;
    const verdict = this.judged(call, loan, at);
    if (verdict.verdict !== 'allow') return false;
    const { localDate } = verdict;
    const made = contactOfNow({ key: `call:${callId}`, at, localDate, channel: 'call', loanRef, address });
    this.past.push({ ...made, status: 'made', result });
    return true;
  }

  private judged(
    contact: {
      readonly channel: LedgerChannel;
      readonly address: string | null;
      readonly isLastResort: boolean;
      readonly validUntil: Instant;
    },
    { statement, balance }: ContactedLoan,
    at: Instant,
  ): Verdict {
    const { loanRef, debtor } = statement;
    const standing = standingOf(this.said, at);
    const context = { ...this.policy, balance, loanRef, zone: debtor.zone, standing, past: this.past };
    return judge(contact, contactFactsOf(context, { ...contact, to: 'debtor' }, at), at);
  }
}

type OfKind<Kind extends Saying['say']> = Extract<Saying, { say: Kind }>;

/** The debtor rings the lender. */
function ownCall(contactId: string, { loanRef, debtor }: Statement, at: Instant): PastContact {
  return {
    key: `inbound:${contactId}`,
    at,
    localDate: localDateOf(at, debtor.zone),
    initiator: 'debtor',
    channel: 'call',
    status: 'received',
    result: 'rightParty',
    delivery: null,
    loanRef,
    address: null,
    person: 'debtor',
  };
}
