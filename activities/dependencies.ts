import type { Database } from '../db/client.ts';
import type { Calendar } from '../domain/calendar.ts';
import type { Statement } from '../domain/events.ts';
import type { Instant, LocalDate } from '../domain/instant.ts';
import type { ContactIntent } from '../domain/next-action.ts';
import type { RulePack } from '../domain/rules/rule-pack.ts';
import type { SamplingPolicy } from '../domain/sampling.ts';
import type { Strategy } from '../domain/strategy.ts';
import type { Balance } from '../domain/balance.ts';
import type { ChannelProviders, OutgoingMessage } from './ports.ts';

/** A strategy as it was loaded: what cases that open from now on are pinned to. */
export interface ActiveStrategy {
  readonly strategy: Strategy;
  readonly sha256: string;
}

/** What a message says: everything its template may name. */
export interface MessageFacts {
  readonly statement: Statement;
  readonly due: Balance['due'];
  readonly overdueMinor: number;
  readonly at: Instant;
  /** The instalment that a message about an agreement is about; other messages have none. */
  readonly agreed?: { readonly amountMinor: number; readonly dueOn: LocalDate } | undefined;
}

/** The parts of a message that depend on its template. */
export type Composed = Pick<OutgoingMessage, 'templateCode' | 'params' | 'text' | 'subject' | 'html'>;

export interface Dependencies {
  readonly db: Database;
  readonly providers: ChannelProviders;
  readonly active: ActiveStrategy;
  /** Which contacts are reviewed. */
  readonly sampling: SamplingPolicy;
  /** @throws CALENDAR_INVALID, FILE_UNREADABLE */
  readonly calendarOf: (id: string) => Calendar;
  /** @throws FILE_UNREADABLE, RULE_PACK_INVALID */
  readonly rulePackOf: (id: string) => RulePack;
  /** @throws TEMPLATE_UNKNOWN */
  readonly compose: (intent: ContactIntent, facts: MessageFacts) => Composed;
  /**
   * The earliest instant at which anything can be happening. Production: the system's clock, so that no contact is
   * judged by an hour that has passed. Sandbox: the beginning of time, since each case runs on its own clock.
   */
  readonly notBefore: () => Instant;
}
