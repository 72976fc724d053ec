import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { calendarIds, loadCalendar } from '../../activities/calendar-file.ts';
import { isPermittedDay } from '../../domain/calendar.ts';
import { DomainError } from '../../domain/errors.ts';
import { daysBetween, plusDays } from '../../domain/instant.ts';
import type { ContactWindow } from '../../domain/strategy.ts';

const WINDOW: ContactWindow = { from: '09:00', to: '20:00', restDays: ['sun'], restOnHolidays: true };

describe('Shipped calendars', () => {
  test('are those of Taiwan and China', () => {
    expect([...calendarIds()]).toEqual(['cn', 'tw']);
    expect(Object.keys(loadCalendar('tw').years)).toEqual(['2025', '2026', '2027']);
    expect(Object.keys(loadCalendar('cn').years)).toEqual(['2026']);
  });

  test('every year says its version, its source and how far that was checked', () => {
    for (const id of calendarIds()) {
      for (const [year, { version, source }] of Object.entries(loadCalendar(id).years)) {
        expect(version).toBe(`${id}-${year}-1`);
        expect(source).toMatch(/\. \[[VSU]\]$/);
      }
    }
  });

  test("Taiwan's lenders are silent over the Spring Festival of 2026, weekends included", () => {
    const taiwan = loadCalendar('tw');
    const permitted = (date: string) => isPermittedDay(date, { ...WINDOW, restDays: [] }, taiwan);
    expect(permitted('2026-02-13')).toBe(true);
    for (let date = '2026-02-14'; date <= '2026-02-22'; date = plusDays(date, 1)) expect(permitted(date)).toBe(false);
    expect(permitted('2026-02-23')).toBe(true);
  });

  test.each([
    ['2026-01-01', '2026-06-19', '2026-09-25', '2026-09-28', '2026-10-10', '2026-12-25'],
    // Days off in lieu of a holiday on a weekend.
    ['2026-02-27', '2026-04-03', '2026-04-06', '2026-10-09', '2026-10-26', '2027-12-31'],
    ['2027-01-01', '2027-02-06', '2027-04-05', '2027-06-09', '2027-09-15', '2027-10-10'],
  ])('Taiwan rests on %s, %s, %s, %s, %s and %s', (...dates) => {
    for (const date of dates) expect(isPermittedDay(date, WINDOW, loadCalendar('tw'))).toBe(false);
  });

  test('a Sunday that is worked in exchange for a holiday is a day for contacts in China', () => {
    const china = loadCalendar('cn');
    expect(isPermittedDay('2026-09-20', WINDOW, china)).toBe(true);
    expect(isPermittedDay('2026-09-13', WINDOW, china)).toBe(false);
  });

  test('no run of days of rest in Taiwan is longer than the search for a permitted day', () => {
    const taiwan = loadCalendar('tw');
    let last = '2025-01-02';
    let longest = 0;
    for (let date = last; date < '2027-12-31'; date = plusDays(date, 1)) {
      if (!isPermittedDay(date, WINDOW, taiwan)) continue;
      longest = Math.max(longest, daysBetween(last, date) - 1);
      last = date;
    }
    expect(longest).toBe(9);
  });
});

describe('A calendar file', () => {
  const YEAR = `calendar: xx
year: 2026
version: xx-2026-1
verified: V
source: The gazette.
holidays:
  2026-01-01: New Year
  2026-12-25: Christmas
makeUpWorkdays:
  - 2026-01-03
`;
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kept-calendar-'));
    mkdirSync(join(dir, 'calendars'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  function put(name: string, text: string): void {
    writeFileSync(join(dir, 'calendars', name), text);
  }

  /** The lines of the refusal, without the folder. */
  function faultsOf(name: string, text: string): string[] {
    put(name, text);
    try {
      loadCalendar('xx', dir);
      return [];
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'CALENDAR_INVALID') throw error;
      return error.message.split('\n').map((line) => line.slice(line.indexOf(name) + name.length + 1));
    }
  }

  test('becomes a year; all years of a calendar come together, others stay out', () => {
    put('xx-2026.yaml', YEAR);
    put('xx-2027.yaml', YEAR.replaceAll('2026', '2027'));
    put('xx-north-2026.yaml', YEAR.replaceAll('xx', 'xx-north'));
    put('notes.txt', 'not a calendar');
    expect(calendarIds(dir)).toEqual(new Set(['xx', 'xx-north']));
    expect(Object.keys(loadCalendar('xx', dir).years)).toEqual(['2026', '2027']);
    expect(loadCalendar('xx-north', dir)).toEqual({
      id: 'xx-north',
      years: {
        '2026': {
          version: 'xx-north-2026-1',
          source: 'The gazette. [V]',
          holidays: { '2026-01-01': 'New Year', '2026-12-25': 'Christmas' },
          makeUpWorkdays: ['2026-01-03'],
        },
      },
    });
  });

  test.each<[title: string, from: string, to: string, faults: string[]]>([
    [
      'a day that does not exist',
      '2026-12-25',
      '2026-02-29',
      ['8:3: "2026-02-29" is not an existing day; write it such as 2026-01-01.'],
    ],
    [
      'a day in words',
      '2026-12-25',
      'christmas',
      ['8:3: "christmas" is not an existing day; write it such as 2026-01-01.'],
    ],
    ['a day of another year', '2026-12-25', '2025-12-25', ['8:3: 2025-12-25 does not lie in 2026.']],
    ['a day given twice', '2026-12-25', '2026-01-01', ['8:3: The key "2026-01-01" is given twice; keep one of them.']],
    [
      'a day without its name',
      ': Christmas',
      ':',
      ['8:14: An empty value is not text; write it such as 2026-12-25: New Year.'],
    ],
    [
      'holidays as a list',
      '  2026-01-01: New Year\n  2026-12-25: Christmas\n',
      '  - 2026-01-01\n',
      ['7:3: The table of holidays is written as keys with values, such as 2026-01-01: New Year.'],
    ],
    [
      'a working day that does not exist',
      '- 2026-01-03',
      '- 2026-13-03',
      ['10:5: "2026-13-03" is not an existing day (YYYY-MM-DD); write it such as 2026-02-07.'],
    ],
    ['a working day of another year', '- 2026-01-03', '- 2027-01-03', ['10:5: 2027-01-03 does not lie in 2026.']],
    [
      'a working day that is a holiday',
      '- 2026-01-03',
      '- 2026-01-01',
      ['10:5: 2026-01-01 is among the holidays too; keep one of them.'],
    ],
    ['a mark that is none', 'verified: V', 'verified: yes', ['4:11: "yes" is not a mark. Choices: V, S, U.']],
    [
      'another year than the file',
      'year: 2026',
      'year: 2027',
      ['2:7: The file is named for 2026 and says 2027; make them agree.'],
    ],
    [
      'another calendar than the file',
      'calendar: xx',
      'calendar: yy',
      ['1:11: The file is named for calendar "xx" and says "yy"; make them agree.'],
    ],
    [
      'a missing key',
      'version: xx-2026-1\n',
      '',
      ['1:1: A calendar year lacks "version"; write it such as version: tw-2026-1.'],
    ],
    [
      'a misspelt key',
      'makeUpWorkdays',
      'makeupWorkdays',
      ['9:1: "makeupWorkdays" is not a key of a calendar year. Did you mean "makeUpWorkdays"?'],
    ],
  ])('with %s is refused at its place', (_, from, to, faults) => {
    expect(YEAR).toContain(from);
    expect(faultsOf('xx-2026.yaml', YEAR.replace(from, to))).toEqual(faults);
  });

  test('that is not there is named, with the nearest that is', () => {
    put('xx-2026.yaml', YEAR);
    expect(() => loadCalendar('xy', dir)).toThrow('There is no calendar "xy". Did you mean "xx"?');
    expect(() => loadCalendar('elsewhere', dir)).toThrow('There is no calendar "elsewhere". Calendars: xx.');
  });
});
