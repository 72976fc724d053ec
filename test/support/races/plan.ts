import type { DebtorEvent } from '../../../domain/debtor-events.ts';
import type { LoanEvent } from '../../../domain/events.ts';
import type { ContactIntent } from '../../../domain/next-action.ts';
import type { Channel } from '../../../domain/strategy.ts';
import { seeded, shuffled } from '../intake.ts';
import { payment } from '../loans.ts';
import { type RaceLoan, SEEN_AT, contactsOn } from './world.ts';

/** Something that ends contacts: of a loan, of a debtor, or of a debtor on one channel. */
export interface Stop {
  readonly why: 'payment' | 'optOut' | 'hold';
  readonly debtorRef: string;
  /** Null stops all loans of the debtor. */
  readonly loanRef: string | null;
  /** Null stops all channels. */
  readonly channel: Channel | null;
}

export type Deed =
  | { readonly kind: 'contacts'; readonly loan: RaceLoan; readonly contacts: readonly ContactIntent[] }
  /** Less than what is due: contacts go on. */
  | { readonly kind: 'partPayment'; readonly event: LoanEvent }
  | { readonly kind: 'stop'; readonly stop: Stop; readonly event: LoanEvent | DebtorEvent };

/** How often what happens, as shares of loans, debtors and calls. */
const PAID_IN_PART = 0.2;
const PAID = 0.35;
const OPTED_OUT = 0.25;
const HELD = 0.2;
const DUE_MINOR = 500_000;
/** So few that what happens to one debtor happens at about the same time. */
const LOANS_AT_ONCE = 24;

/**
 * What happens to loans, in the order in which it is begun: the contacts of all days and, unless nothing is to stop
 * them, payments, opt-outs and holds, shuffled within small groups of debtors, so that they meet.
 */
export function planOf(
  loans: readonly RaceLoan[],
  { days, seed, hasStops }: { readonly days: number; readonly seed: number; readonly hasStops: boolean },
): Deed[][] {
  const random = seeded(seed);
  const groups = Array.from({ length: Math.ceil(loans.length / LOANS_AT_ONCE) }, (_, group) =>
    loans.slice(group * LOANS_AT_ONCE, (group + 1) * LOANS_AT_ONCE),
  );
  return groups.map((group) => {
    const contacts = group.flatMap((loan) => contactDeeds(loan, days));
    return shuffled([...contacts, ...(hasStops ? stopDeeds(group, random) : [])], random);
  });
}

function stopDeeds(group: readonly RaceLoan[], random: () => number): Deed[] {
  const debtors = [...new Set(group.map(({ debtorRef }) => debtorRef))];
  return [
    ...group.flatMap((loan) => payments(loan, random)),
    ...debtors.flatMap((debtorRef) => {
      const loans = group.filter((loan) => loan.debtorRef === debtorRef);
      return [...optOuts(debtorRef, random), ...holds(debtorRef, loans, random)];
    }),
  ];
}

function contactDeeds(loan: RaceLoan, days: number): Deed[] {
  return Array.from({ length: days }, (_, day) => ({
    kind: 'contacts',
    loan,
    contacts: contactsOn(loan.loanRef, day),
  }));
}

/** One payment at most, so that the version of a balance tells whether it is cleared. */
function payments({ loanRef, debtorRef }: RaceLoan, random: () => number): Deed[] {
  const share = random();
  const paid = (amountMinor: number) => payment(loanRef, `${loanRef}-paid`, amountMinor, SEEN_AT);
  if (share < PAID_IN_PART) return [{ kind: 'partPayment', event: paid(DUE_MINOR / 10) }];
  if (share >= PAID_IN_PART + PAID) return [];
  return [{ kind: 'stop', stop: { why: 'payment', debtorRef, loanRef, channel: null }, event: paid(DUE_MINOR) }];
}

const OPT_OUTS = [
  ['sms', 'sms'],
  ['push', 'im'],
  ['voice', 'voice'],
] as const;

function optOuts(debtorRef: string, random: () => number): Deed[] {
  const [channel, inLaw] = OPT_OUTS[Math.floor(random() * OPT_OUTS.length)] ?? OPT_OUTS[0];
  if (random() >= OPTED_OUT) return [];
  const data = { debtorRef, source: 'debtor', channel: inLaw };
  const event: DebtorEvent = { id: `${debtorRef}-out`, type: 'channel.optedOut', timestamp: SEEN_AT, data };
  return [{ kind: 'stop', stop: { why: 'optOut', debtorRef, loanRef: null, channel }, event }];
}

function holds(debtorRef: string, loans: readonly RaceLoan[], random: () => number): Deed[] {
  const [loan] = shuffled(loans, random);
  const loanRef = random() < 0.5 && loan ? loan.loanRef : null;
  if (random() >= HELD) return [];
  const data = { debtorRef, source: 'agent-1', reason: 'dispute', ...(loanRef === null ? {} : { loanRef }) } as const;
  const event: DebtorEvent = { id: `${debtorRef}-hold`, type: 'hold.placed', timestamp: SEEN_AT, data };
  return [{ kind: 'stop', stop: { why: 'hold', debtorRef, loanRef, channel: null }, event }];
}
