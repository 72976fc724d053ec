import type { Calendar } from '../domain/calendar.ts';
import type { ContactContext } from '../domain/contact-facts.ts';
import { standingOf } from '../domain/debtor-standing.ts';
import { DAY_MS, type Instant } from '../domain/instant.ts';
import type { RulePack } from '../domain/rules/rule-pack.ts';
import type { Database, Transaction } from './client.ts';
import type { LockedDebtor, readDebtorFacts } from './contact-context.ts';
import { viewOfLoan } from './queries/balance-view.ts';
import type { CaseRow } from './queries/open-case.ts';
import { pinnedStrategy } from './queries/pinned-strategy.ts';

/** The files that contacts are judged by; read by whoever puts the parts together. */
export interface ContactPolicy {
  /** @throws CALENDAR_INVALID, FILE_UNREADABLE */
  readonly calendarOf: (id: string) => Calendar;
  /** @throws FILE_UNREADABLE, RULE_PACK_INVALID */
  readonly rulePackOf: (id: string) => RulePack;
}

/** So far ahead a next permitted instant is looked for when a person asks: two months hold every run of holidays. */
export const LOOK_AHEAD_MS = 62 * DAY_MS;

/** What the contacts of a case are judged by at an instant, under the strategy that it is pinned to. @throws STRATEGY_UNKNOWN */
export async function contextOfCase(
  db: Database | Transaction,
  { calendarOf, rulePackOf }: ContactPolicy,
  about: LockedDebtor & Awaited<ReturnType<typeof readDebtorFacts>> & { readonly running: CaseRow },
  now: Instant,
): Promise<ContactContext> {
  const { person, loan, running, events, past } = about;
  const strategy = await pinnedStrategy(db, { id: running.strategyId, version: running.strategyVersion });
  return {
    strategy,
    calendar: calendarOf(strategy.calendar),
    rulePacks: strategy.rulePacks.map(rulePackOf),
    balance: viewOfLoan(loan),
    loanRef: loan.loanRef,
    zone: person.zone,
    standing: standingOf(events, now),
    past,
  };
}
