import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Calendar, CalendarYear } from '../domain/calendar.ts';
import { DomainError } from '../domain/errors.ts';
import { didYouMean } from '../domain/did-you-mean.ts';
import { type LocalDate, isLocalDate } from '../domain/instant.ts';
import { POLICY_DIR, openPolicyFile } from './policy-file.ts';
import type { PolicyValue } from './policy-value.ts';

/** How far the source of a year was checked: read in the rule itself, in a secondary source, or not at all. */
const MARKS = ['V', 'S', 'U'] as const;

const CALENDAR_FIELDS = {
  calendar: 'tw',
  year: '2026',
  version: 'tw-2026-1',
  verified: 'S',
  source: 'the announcement, and where it was read',
  holidays: '{ 2026-01-01: New Year }',
  makeUpWorkdays: '[]',
};

/** Ids of the calendars that have at least one year. */
export function calendarIds(policyDir: string = POLICY_DIR): ReadonlySet<string> {
  return new Set(yearFiles(policyDir).map(({ id }) => id));
}

/**
 * Loads all years of a calendar from `calendars/<id>-<year>.yaml`.
 * @throws FILE_UNREADABLE; CALENDAR_INVALID when there is no such calendar or a file of it has faults, each on its own
 * line as `file:line:column: message`.
 */
export function loadCalendar(id: string, policyDir: string = POLICY_DIR): Calendar {
  const files = yearFiles(policyDir).filter((file) => file.id === id);
  if (files.length === 0) {
    const hint = didYouMean(id, calendarIds(policyDir), 'Calendars');
    throw new DomainError('CALENDAR_INVALID', `There is no calendar "${id}".${hint}`);
  }
  return { id, years: Object.fromEntries(files.map(({ year, path }) => [year, loadYear(path, id, year)])) };
}

function yearFiles(policyDir: string): { id: string; year: string; path: string }[] {
  const dir = join(policyDir, 'calendars');
  return readdirSync(dir)
    .sort()
    .flatMap((name) => {
      const [, id, year] = /^([a-z][a-z0-9-]*)-(\d{4})\.yaml$/.exec(name) ?? [];
      return id !== undefined && year !== undefined ? [{ id, year, path: join(dir, name) }] : [];
    });
}

function loadYear(path: string, id: string, year: string): CalendarYear {
  const file = openPolicyFile(path);
  const fields = file.content.fields('a calendar year', CALENDAR_FIELDS);
  const mark = fields.verified.oneOf('a mark', MARKS);
  const source = fields.source.text();
  const draft = {
    version: fields.version.text(),
    source: `${source} [${mark}]`,
    holidays: readHolidays(fields.holidays, year),
    makeUpWorkdays: readWorkdays(fields.makeUpWorkdays, year),
  };
  const calendar = fields.calendar.text();
  if (calendar !== undefined && calendar !== id) {
    fields.calendar.refuse(`The file is named for calendar "${id}" and says "${calendar}"; make them agree.`);
  }
  const ownYear = fields.year.integer();
  if (ownYear !== undefined && ownYear !== Number(year)) {
    fields.year.refuse(`The file is named for ${year} and says ${ownYear}; make them agree.`);
  }
  for (const { value, day } of draft.makeUpWorkdays) {
    if (Object.hasOwn(draft.holidays, day)) value.refuse(`${day} is among the holidays too; keep one of them.`);
  }
  file.throwFaults('CALENDAR_INVALID');
  return { ...draft, version: draft.version ?? '', makeUpWorkdays: draft.makeUpWorkdays.map(({ day }) => day) };
}

function readHolidays(holidays: PolicyValue, year: string): Record<LocalDate, string> {
  const days = holidays.entries('the table of holidays', { [`${year}-01-01`]: 'New Year' });
  for (const { key, value } of days) {
    if (!isLocalDate(key)) value.refuseKey(`"${key}" is not an existing day; write it such as ${year}-01-01.`);
    else if (!key.startsWith(year)) value.refuseKey(`${key} does not lie in ${year}.`);
  }
  return Object.fromEntries(days.map(({ key, value }) => [key, value.text() ?? '']));
}

function readWorkdays(workdays: PolicyValue, year: string): { readonly value: PolicyValue; readonly day: LocalDate }[] {
  return (workdays.items(`${year}-02-07`) ?? []).flatMap((value) => {
    const day = value.date();
    if (day === undefined) return [];
    if (!day.startsWith(year)) value.refuse(`${day} does not lie in ${year}.`);
    return [{ value, day }];
  });
}
