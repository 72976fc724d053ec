import { type Calendar, firstPermittedFrom, instantAt, localDateOf } from './calendar.ts';
import { DomainError } from './errors.ts';
import { type Instant, type LocalDate, type Zone, daysBetween, laterOf, plusDays, plusMs } from './instant.ts';
import type { Pause } from './pauses.ts';
import { fnv1a } from './stable-hash.ts';
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
    | {
        readonly do: 'contact';
        readonly channel: Channel;
        readonly template: string;
        /** As in `ContactStep`. Left out when there is none, and in plans that were made before there were any. */
        readonly fallback?: readonly Channel[];
      }
    | { readonly do: 'task'; readonly task: TaskKind; readonly cooldownDays?: number };
  readonly slots: Readonly<Record<string, Slot | null>>;
}

/**
 * The instants of every step of a strategy for one loan, in every tier, so that the case only ever compares instants.
 * A step on day N falls due at `sendAt` on the local date `dueOn + N`, plus the loan's jitter, or at the first permitted
 * instant after it. Days in which the ladder stood still are made up for: a step that would have come in a pause or after
 * it comes as many days later as the pause took.
 * @throws ZONE_UNKNOWN
 */
export function timetableOf(
  strategy: Strategy,
  loan: { readonly loanRef: string; readonly dueOn: LocalDate; readonly zone: Zone },
  calendar: Calendar,
  pauses: readonly Pause[] = [],
): readonly PlannedStep[] {
  const jitterMs = jitterMsOf(loan.loanRef, strategy.spreadMinutes);
  const { dueOn, zone } = loan;
  // Hardly two loans have the same pauses.
  if (pauses.length > 0) return planned(strategy, { dueOn, zone, jitterMs }, calendar, daysOf(pauses, zone));
  const known = knownTimetables(strategy, calendar);
  const key = `${dueOn}+${jitterMs}[${zone}]`;
  const timetable = known.get(key) ?? planned(strategy, { dueOn, zone, jitterMs }, calendar, []);
  if (known.size < CACHE_LIMIT) known.set(key, timetable);
  return timetable;
}

// Loans that fall due on one day in one zone with one delay share a timetable, and portfolios are full of them. The
// cache holds pure results only and goes with its strategy, so it can neither change an answer nor outlive its use.
const CACHE_LIMIT = 2_000;
const timetables = new WeakMap<Strategy, WeakMap<Calendar, Map<string, readonly PlannedStep[]>>>();

function knownTimetables(strategy: Strategy, calendar: Calendar): Map<string, readonly PlannedStep[]> {
  const byCalendar = timetables.get(strategy) ?? new WeakMap<Calendar, Map<string, readonly PlannedStep[]>>();
  timetables.set(strategy, byCalendar);
  const byLoan = byCalendar.get(calendar) ?? new Map<string, readonly PlannedStep[]>();
  byCalendar.set(calendar, byLoan);
  return byLoan;
}

function planned(
  strategy: Strategy,
  loan: { readonly dueOn: LocalDate; readonly zone: Zone; readonly jitterMs: number },
  calendar: Calendar,
  pauses: readonly PausedDays[],
): readonly PlannedStep[] {
  return strategy.steps.map((step) => ({
    id: step.id,
    stage: step.stage,
    catchUp: step.catchUp,
    perform: performanceOf(step),
    slots: Object.fromEntries(
      Object.entries(step.day).map(([tier, day]) => [tier, slotOf(step, dateOf(plusDays(loan.dueOn, day)))]),
    ),
  }));

  /** What comes before the due date is about that date: later it would be pointless. */
  function dateOf(date: LocalDate): LocalDate {
    return date < loan.dueOn ? date : afterPauses(date, pauses);
  }

  function slotOf(step: Step, date: LocalDate): Slot | null {
    try {
      const wanted = plusMs(instantAt(date, step.sendAt, loan.zone), loan.jitterMs);
      const at = firstPermittedFrom(wanted, strategy.window, loan.zone, calendar);
      if (step.do === 'contact') {
        const lastDay = plusDays(localDateOf(at, loan.zone), step.validDays);
        const until = instantAt(plusDays(lastDay, 1), '00:00', loan.zone);
        // A reminder of a date is pointless once the date has come, however many holidays lay before it.
        const dueAt = instantAt(loan.dueOn, '00:00', loan.zone);
        return { at, until: date < loan.dueOn && dueAt < until ? dueAt : until };
      }
      const goesOnAt = instantAt(plusDays(date, step.waitDays), '00:00', loan.zone);
      return { at, until: laterOf(goesOnAt, at) };
    } catch (error) {
      if (error instanceof DomainError && error.code.startsWith('CALENDAR_')) return null;
      throw error;
    }
  }
}

function performanceOf(step: Step): PlannedStep['perform'] {
  if (step.do === 'task') {
    const { task, cooldownDays } = step;
    return { do: 'task', task, ...(cooldownDays !== undefined && { cooldownDays }) };
  }
  const { channel, template, fallback = [] } = step;
  return { do: 'contact', channel, template, ...(fallback.length > 0 && { fallback }) };
}

/** A pause in local days: the ladder takes so many days longer from its first day on. */
interface PausedDays {
  readonly from: LocalDate;
  readonly days: number;
}

function daysOf(pauses: readonly Pause[], zone: Zone): PausedDays[] {
  return pauses.flatMap(({ from, to }) => {
    if (to === null) return [];
    const first = localDateOf(from, zone);
    return [{ from: first, days: daysBetween(first, localDateOf(to, zone)) }];
  });
}

/** A day of the ladder with the pauses before and on it made up for, in their order. */
function afterPauses(date: LocalDate, pauses: readonly PausedDays[]): LocalDate {
  return pauses.reduce((day, pause) => (pause.from <= day ? plusDays(day, pause.days) : day), date);
}

/**
 * A delay of whole seconds in `[0, spreadMinutes)`, the same for a loan on every machine and run.
 */
export function jitterMsOf(loanRef: string, spreadMinutes: number): number {
  if (spreadMinutes === 0) return 0;
  return (fnv1a(loanRef) % (spreadMinutes * 60)) * 1_000;
}
