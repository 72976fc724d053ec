import { DAY_MS, type Zone } from '../instant.ts';

/** A stretch of time over which a zone keeps one distance from UTC; half-open. */
interface OffsetSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly offsetMs: number;
}

/** More than any zone is away from UTC. */
const FARTHEST_OFFSET_MS = 16 * 3_600_000;
/** Years of spans kept for one zone; a judgement needs two. */
const YEARS_KEPT = 32;

/**
 * The local clock of a place: days and hours at an instant, and the instants of days and hours. Exact on days on which
 * clocks change: an hour that comes twice is judged by what the clock shows, an hour that is left out is never shown.
 */
export class ZoneClock {
  private readonly offsetAt: (epochMs: number) => number;
  private readonly years = new Map<number, readonly OffsetSpan[]>();
  private latest: OffsetSpan = { fromMs: 0, toMs: 0, offsetMs: 0 };

  /** @param offsetAt milliseconds that local time is ahead of UTC at an instant. */
  constructor(offsetAt: (epochMs: number) => number) {
    this.offsetAt = offsetAt;
  }

  /** The local day as a whole number, counted from 1 January 1970. */
  dayAt(epochMs: number): number {
    return Math.floor((epochMs + this.spanAt(epochMs).offsetMs) / DAY_MS);
  }

  /** The first instant of a local day. */
  startOfDay(day: number): number {
    let at = day * DAY_MS - FARTHEST_OFFSET_MS;
    for (;;) {
      const { toMs, offsetMs } = this.spanAt(at);
      at = Math.max(at, day * DAY_MS - offsetMs);
      if (at < toMs) return at;
      at = toMs;
    }
  }

  /**
   * The first instant, from the given one on, at which the clock shows a time from `fromMs` to before `toMs`, both
   * milliseconds after midnight. The hours may cross midnight; equal ends stand for the whole day.
   */
  firstBetween(epochMs: number, fromMs: number, toMs: number): number {
    let at = epochMs;
    for (;;) {
      const span = this.spanAt(at);
      const shownMs = modulo(at + span.offsetMs, DAY_MS);
      if (modulo(shownMs - fromMs, DAY_MS) < (modulo(toMs - fromMs, DAY_MS) || DAY_MS)) return at;
      at += modulo(fromMs - shownMs, DAY_MS);
      if (at < span.toMs) return at;
      at = span.toMs;
    }
  }

  private spanAt(epochMs: number): OffsetSpan {
    // The same few days are asked for again and again.
    if (epochMs < this.latest.fromMs || epochMs >= this.latest.toMs) this.latest = this.findSpan(epochMs);
    return this.latest;
  }

  private findSpan(epochMs: number): OffsetSpan {
    const year = new Date(epochMs).getUTCFullYear();
    let spans = this.years.get(year);
    if (!spans) {
      spans = this.spansOf(year);
      if (this.years.size >= YEARS_KEPT) this.years.clear();
      this.years.set(year, spans);
    }
    const span = spans.find(({ toMs }) => epochMs < toMs);
    if (!span) throw new RangeError(`${epochMs} is not an instant.`);
    return span;
  }

  /** The spans of a UTC year: offsets are compared day by day, and a change is then narrowed to its millisecond. */
  private spansOf(year: number): readonly OffsetSpan[] {
    const endMs = Date.UTC(year + 1);
    const spans: OffsetSpan[] = [];
    let span = { fromMs: Date.UTC(year), offsetMs: this.offsetAt(Date.UTC(year)) };
    for (let dayMs = span.fromMs; dayMs < endMs; dayMs += DAY_MS) {
      const offsetMs = this.offsetAt(dayMs + DAY_MS);
      if (offsetMs === span.offsetMs) continue;
      const changeMs = this.changeBetween(dayMs, dayMs + DAY_MS);
      if (changeMs >= endMs) break;
      spans.push({ ...span, toMs: changeMs });
      span = { fromMs: changeMs, offsetMs };
    }
    return [...spans, { ...span, toMs: endMs }];
  }

  private changeBetween(beforeMs: number, afterMs: number): number {
    const offsetMs = this.offsetAt(afterMs);
    let before = beforeMs;
    let after = afterMs;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.offsetAt(middle) === offsetMs) after = middle;
      else before = middle;
    }
    return after;
  }
}

const clocks = new Map<Zone, ZoneClock>();

/** The clock of a zone that is known to exist; kept, since its table takes a millisecond to make. */
export function clockOf(zone: Zone): ZoneClock {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new ZoneClock(offsetsOf(zone));
    clocks.set(zone, clock);
  }
  return clock;
}

const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

function offsetsOf(zone: Zone): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (epochMs) => {
    const shown = new Map(format.formatToParts(epochMs).map(({ type, value }) => [type, Number(value)]));
    const [year = 0, month = 1, ...time] = FIELDS.map((field) => shown.get(field) ?? 0);
    const [day, hour, minute, second] = time;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(epochMs / 1_000) * 1_000;
  };
}

const QUARTER_HOUR_MS = 900_000;

/** Every clock there may be on earth, UTC-12:00 to UTC+14:00 by quarters of an hour: for a place that is not known. */
export const EVERY_CLOCK: readonly ZoneClock[] = Array.from({ length: (12 + 14) * 4 + 1 }, (_, quarter) => {
  const offsetMs = quarter * QUARTER_HOUR_MS - 12 * 3_600_000;
  return new ZoneClock(() => offsetMs);
});

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
