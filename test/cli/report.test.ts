import { describe, expect, it } from 'vitest';
import { readPortfolio } from '../../cli/portfolio/read.ts';
import { agreementFiguresOf } from '../../cli/report/agreement-figures.ts';
import { cohortsOf, funnelOf, headlineOf, stepsOf } from '../../cli/report/figures.ts';
import type { ReportInput } from '../../cli/report/input.ts';
import { moneyByDay } from '../../cli/report/money-by-day.ts';
import { recordsOf } from '../../cli/report/records.ts';
import { renderReport } from '../../cli/report/report.ts';
import { renderSummary } from '../../cli/report/summary.ts';
import { count, exactMoney } from '../../cli/report/words.ts';
import { plausibleRun } from '../support/plausible-run.ts';

const input = await plausibleRun();
const page = renderReport(input);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const money = (amountMinor: number) => exactMoney(amountMinor, 'TWD');

const TAG = /<(\/?)([a-z][a-z0-9]*)(?: [a-zA-Z][a-zA-Z0-9:-]*="[^"<>]*")*>/g;

/** What a run without any loan would be. */
const NOTHING: ReportInput = {
  ...input,
  loans: [],
  payments: [],
  result: { contacts: [], cases: [], tasks: [], agreements: [] },
};

describe('report.html', () => {
  it('is the same, byte for byte, for the same input, in whatever order it comes', () => {
    const { contacts, tasks } = input.result;
    const shuffled: ReportInput = {
      ...input,
      loans: input.loans.toReversed(),
      payments: input.payments.toReversed(),
      result: { ...input.result, contacts: contacts.toReversed(), tasks: tasks.toReversed() },
    };
    expect(renderReport(input)).toBe(page);
    expect(renderReport(shuffled)).toBe(page);
  });

  it('does not depend on what only the terminal says', () => {
    const meta = { ...input.meta, elapsedSeconds: 12.3, links: [{ label: 'UI', url: 'http://127.0.0.1:8233' }] };
    expect(renderReport({ ...input, meta })).toBe(page);
  });

  it('is well formed: every element is closed in turn, every id is used once', () => {
    const open: string[] = [];
    for (const [tag, slash, name] of page.matchAll(TAG)) {
      if (slash === '/') expect(open.pop(), tag).toBe(name);
      else if (name !== 'meta') open.push(name ?? '');
    }
    expect(open).toEqual([]);
    // What is left between well-formed tags must not hold a tag of another kind.
    const rest = page.replaceAll(/<style>.*?<\/style>/gs, '').replaceAll(TAG, '');
    expect(rest.replace('<!doctype html>', '')).not.toMatch(/[<>]/);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, refs] of page.matchAll(/aria-labelledby="([^"]+)"/g)) {
      for (const ref of refs?.split(' ') ?? []) expect(ids).toContain(ref);
    }
  });

  it('shows calls by voice in a lane and colour of their own, and only where there are some', () => {
    const contacts = input.result.contacts.map((line, index) =>
      index % 3 === 0 ? { ...line, channel: 'voice' as const } : line,
    );
    const called = renderReport({ ...input, result: { ...input.result, contacts } });
    expect(called).toContain('class="mark voice"');
    expect(called).toContain('Voice call');
    expect(page).not.toContain('Voice call');
    expect(renderSummary({ ...input, result: { ...input.result, contacts } })).toMatch(/, \d+ Voice call\n/);
    expect(renderSummary(input)).not.toContain('Voice call');
  });

  it('asks for nothing from outside and runs no script', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bon[a-z]+="|url\(|@import|https?:/);
  });

  it('names no person: no phone, e-mail or borrower', async () => {
    const { loans } = await readPortfolio(`${import.meta.dirname}/../../examples/portfolio`, { loans: 'all' });
    for (const { statement } of loans) {
      const { phone, email, debtorRef, pushId } = statement.debtor;
      for (const secret of [phone, email, pushId, `>${debtorRef}<`]) expect(page).not.toContain(secret);
    }
    expect(page).not.toMatch(/\+\d{8,}|@example/);
  });

  it('shows words of the input as words', () => {
    const meta = { ...input.meta, portfolio: '<b onclick="x">', strategy: `"&'<script>` };
    const escaped = renderReport({ ...input, meta });
    expect(escaped).toContain('&lt;b onclick=&quot;x&quot;&gt; under &quot;&amp;&#39;&lt;script&gt;,');
    expect(escaped).not.toContain('<script');
  });

  it('says plainly that it proves no effect of contacts', () => {
    expect(page).toContain('it says nothing about whether a contact caused a payment');
  });

  it('holds up when there is nothing to show', () => {
    const empty = renderReport(NOTHING);
    expect(empty).toContain('0 of 0 loans cleared, NT$0 collected');
    expect(empty).not.toMatch(/NaN|Infinity|undefined/);
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('refuses a result that is not of its portfolio', () => {
    expect(() => renderReport({ ...input, loans: input.loans.slice(1) })).toThrow(/not a loan of the portfolio/);
  });
});

describe('the figures', () => {
  const records = recordsOf(input);
  const headline = headlineOf(records);
  const { contacts, cases, tasks } = input.result;

  it('are the sums of the input', () => {
    expect(headline).toMatchObject({
      loans: 200,
      debtors: 174,
      overdueMinor: sum(input.loans.map((loan) => loan.overdueMinor)),
      collectedMinor: sum(cases.map((line) => line.paidMinor)),
      sent: sum(cases.map((line) => line.contactsSent)),
      suppressed: contacts.filter((line) => line.verdict === 'suppressed').length,
      tasks: tasks.length,
    });
    expect(headline.cleared).toBe(
      cases.filter((line) => ['cured', 'paidInFull', 'settled'].includes(line.outcome)).length,
    );
    expect(sum(Object.values(headline.sentBy))).toBe(headline.sent);
    expect(sum(headline.outcomes.map(({ count }) => count))).toBe(200);
    expect(sum(headline.suppressedWhy.map(({ count }) => count))).toBe(headline.suppressed);
    expect(headline.suppressed).toBeGreaterThan(0);
  });

  it('stand on the page and in the terminal', () => {
    const summary = renderSummary(input);
    for (const words of [
      money(headline.collectedMinor),
      money(headline.recoveredMinor),
      money(headline.overdueMinor),
    ]) {
      expect(page).toContain(words);
    }
    expect(page).toContain(`<dt>Contacts sent</dt><dd class="big">${headline.sent}</dd>`);
    expect(page).toContain(`${headline.suppressed}: debtor’s limit for the day reached, no longer worth sending`);
    expect(summary).toMatch(new RegExp(`Contacts sent +${headline.sent} `));
    expect(summary).toMatch(new RegExp(`Cleared +${headline.cleared} `));
  });

  it('by step and by month add up to those of the whole', () => {
    const steps = stepsOf(records);
    expect(sum(steps.filter((step) => step.means !== 'task').map((step) => step.made))).toBe(headline.sent);
    expect(sum(steps.filter((step) => step.means === 'task').map((step) => step.made))).toBe(headline.tasks);
    expect(sum(steps.map((step) => step.suppressed))).toBe(headline.suppressed);
    expect(steps.map((step) => step.step)).toEqual([
      'pre-due-reminder',
      'first-sms',
      'bill',
      'push',
      'call',
      'visit',
      'legal',
    ]);
    expect(steps[0]).toMatchObject({ firstDay: -3, lastDay: -3 });
    const cohorts = cohortsOf(records);
    expect(cohorts.map((cohort) => cohort.month)).toEqual([
      '2026-04',
      '2026-05',
      '2026-06',
      '2026-07',
      '2026-08',
      '2026-09',
    ]);
    expect(sum(cohorts.map((cohort) => cohort.loans))).toBe(200);
    expect(sum(cohorts.map((cohort) => cohort.recoveredMinor))).toBe(headline.recoveredMinor);
  });

  it('by day end in what was collected, recovered and due', () => {
    const days = moneyByDay(records, input.meta);
    expect(days[0]?.date).toBe('2026-03-29');
    expect(days.at(-1)).toMatchObject({
      date: '2026-09-30',
      collectedSoFarMinor: headline.collectedMinor,
      recoveredSoFarMinor: headline.recoveredMinor,
      fallenDueMinor: headline.overdueMinor,
    });
    expect(days).toHaveLength(186);
  });

  it('of the funnel narrow from everybody to those who cleared', () => {
    const stages = funnelOf(records);
    expect(stages.map((stage) => stage.label)).toEqual([
      'Fell due',
      'Reminded before the due date',
      'Contacted while overdue',
      'Call asked for',
      'Visit asked for',
      'Put before legal',
      'Cleared',
    ]);
    expect(stages[0]).toMatchObject({ loans: 200, cleared: headline.cleared });
    expect(stages.at(-1)).toMatchObject({ loans: headline.cleared, cleared: headline.cleared });
    for (const stage of stages) expect(stage.cleared).toBeLessThanOrEqual(stage.loans);
  });
});

describe('promises and plans', () => {
  const { agreements } = input.result;
  const modelled: ReportInput = {
    ...input,
    meta: { ...input.meta, responses: { file: 'examples/responses.yaml', seed: 7 } },
  };
  const told = renderReport(modelled);
  const of = (kind: string, ...statuses: string[]) =>
    agreements.filter((line) => line.kind === kind && (statuses.length === 0 || statuses.includes(line.status)));
  const agreed = (lines: readonly { agreedMinor: number }[]) => sum(lines.map(({ agreedMinor }) => agreedMinor));
  const DECIDED = ['kept', 'partlyKept', 'broken'];

  it('have figures that are the sums of the input, by number and by amount', () => {
    const figures = agreementFiguresOf(agreements);
    expect(figures.map(({ kind }) => kind)).toEqual(['promise', 'plan']);
    for (const { kind, made, agreedMinor, receivedMinor, ends, decided } of figures) {
      expect(made).toBe(of(kind).length);
      expect(agreedMinor).toBe(agreed(of(kind)));
      expect(receivedMinor).toBe(sum(of(kind).map((line) => line.receivedMinor)));
      expect(ends.kept).toEqual({ number: of(kind, 'kept').length, agreedMinor: agreed(of(kind, 'kept')) });
      expect(ends.otherwise.number).toBe(of(kind, 'replaced', 'cancelled').length);
      expect(sum(Object.values(ends).map(({ number }) => number))).toBe(made);
      expect(sum(Object.values(ends).map((end) => end.agreedMinor))).toBe(agreedMinor);
      expect(decided).toEqual({ number: of(kind, ...DECIDED).length, agreedMinor: agreed(of(kind, ...DECIDED)) });
      for (const end of Object.values(ends)) expect(end.number).toBeGreaterThan(0);
    }
  });

  it('stand on the page and in the terminal, with the share that was kept of those that were decided', () => {
    const kept = of('promise', 'kept');
    const decided = of('promise', ...DECIDED);
    const byNumber = `${((kept.length / decided.length) * 100).toFixed(1)}%`;
    const byAmount = `${((agreed(kept) / agreed(decided)) * 100).toFixed(1)}%`;
    expect(told).toContain(`Promises kept: ${byNumber} by number, ${byAmount} by amount.`);
    expect(told).toContain(`${count(kept.length)} kept, `);
    expect(told).toContain(money(agreed(of('plan', 'broken'))));
    const words = `Promises +${of('promise').length}  ${kept.length} kept, .*; ${byNumber} of the decided ones kept\n`;
    expect(renderSummary(modelled)).toMatch(new RegExp(words));
  });

  it('are told of as made up, and only where a model made them up', () => {
    expect(told).toContain('by examples/responses.yaml with seed 7. No money is.');
    expect(page).not.toMatch(/Promises and plans|made up|agreements\.csv/);
    const none = renderReport({ ...modelled, result: { ...input.result, agreements: [] } });
    expect(none).toContain('Nothing was agreed on.');
    expect(none).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('the summary', () => {
  it('names the run, the time it took and the links', () => {
    const summary = renderSummary({
      ...input,
      meta: {
        ...input.meta,
        mode: 'demo',
        elapsedSeconds: 83.04,
        links: [{ label: 'Temporal UI', url: 'http://127.0.0.1:8233' }],
      },
    });
    expect(summary).toMatch(/^Ran 200 loans under ladder@1,\n29 Mar 2026 to 30 Sep 2026, in 83\.0 s\.\n/);
    expect(summary).toMatch(/\n {2}Temporal UI +http:\/\/127\.0\.0\.1:8233\n$/);
  });
});
