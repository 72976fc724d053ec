import { type Calendar, firstPermittedFrom, instantAt, localDateOf } from './calendar.ts';
import { DomainError } from './errors.ts';
import { type Instant, type LocalDate, type Zone, plusDays, plusMs } from './instant.ts';
import type { Channel, Step, Strategy, TaskKind } from './strategy.ts';

/** When a step falls due in one tier, and until when it makes sense. */
export interface Slot {
  readonly at: Instant;
  /** A contact is not made at or after this instant; a task is no longer waited for. */
  readonly until: Instant;
}

/** A step of the strategy with its instants for one debtor. `null`: it cannot be planned, since the calendar
 * lacks the year or permits no day for a month. */
export interface PlannedStep {
  readonly id: string;
  readonly stage: string;
  readonly catchUp: boolean;
  readonly perform:
    | { readonly do: 'contact'; readonly channel: Channel; readonly template: string }
    | { readonly do: 'task'; readonly task: TaskKind };
  readonly slots: Readonly<Record<string, Slot | null>>;
}

/**
 * The instants of every step of a strategy for one loan, in every tier, so that the case only ever compares instants.
 * A step on day N falls due at `sendAt` on the local date `dueOn + N`, plus the loan's jitter, or at the first permitted
 * instant after it.
 * @throws ZONE_UNKNOWN
 */
export function timetableOf(
  strategy: Strategy,
  loan: { readonly loanRef: string; readonly dueOn: LocalDate; readonly zone: Zone },
  calendar: Calendar,
): PlannedStep[] {
  const jitterMs = jitterMsOf(loan.loanRef, strategy.spreadMinutes);
  return strategy.steps.map((step) => ({
    id: step.id,
    stage: step.stage,
    catchUp: step.catchUp,
    perform:
      step.do === 'contact'
        ? { do: 'contact', channel: step.channel, template: step.template }
        : { do: 'task', task: step.task },
    slots: Object.fromEntries(
      Object.entries(step.day).map(([tier, day]) => [tier, slotOf(step, plusDays(loan.dueOn, day))]),
    ),
  }));

  function slotOf(step: Step, date: LocalDate): Slot | null {
    try {
      const wanted = plusMs(instantAt(date, step.sendAt, loan.zone), jitterMs);
      const at = firstPermittedFrom(wanted, strategy.window, loan.zone, calendar);
      if (step.do === 'contact') {
        const lastDay = plusDays(localDateOf(at, loan.zone), step.validDays);
        const until = instantAt(plusDays(lastDay, 1), '00:00', loan.zone);
        // A reminder of a date is pointless once the date has come, however many holidays lay before it.
        const dueAt = instantAt(loan.dueOn, '00:00', loan.zone);
        return { at, until: date < loan.dueOn && dueAt < until ? dueAt : until };
      }
      const goesOnAt = instantAt(plusDays(date, step.waitDays), '00:00', loan.zone);
      return { at, until: goesOnAt > at ? goesOnAt : at };
    } catch (error) {
      if (error instanceof DomainError && error.code.startsWith('CALENDAR_')) return null;
      throw error;
    }
  }
}

/**
 * A delay of whole seconds in `[0, spreadMinutes)`, the same for a loan on every machine and run (FNV-1a, 32 bits).
 */
export function jitterMsOf(loanRef: string, spreadMinutes: number): number {
  if (spreadMinutes === 0) return 0;
  let hash = 0x811c9dc5;
  for (const char of loanRef) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return (hash % (spreadMinutes * 60)) * 1_000;
}
