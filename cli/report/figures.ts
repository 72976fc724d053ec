import type { CaseOutcome, ContactLine } from '../../domain/run-result.ts';
import type { Channel } from '../../domain/strategy.ts';
import type { LoanRecord, OnDay } from './records.ts';
import { type Count, countBy, groupBy, sumOf } from './tally.ts';

/** The figures that stand at the top of a report. */
export interface Headline {
  readonly loans: number;
  readonly debtors: number;
  readonly overdueMinor: number;
  /** Everything that arrived, including what came on top of what was due. */
  readonly collectedMinor: number;
  readonly recoveredMinor: number;
  readonly cleared: number;
  readonly outcomes: readonly Count<CaseOutcome>[];
  readonly sent: number;
  readonly sentBy: Readonly<Record<Channel, number>>;
  readonly suppressed: number;
  readonly suppressedWhy: readonly Count[];
  readonly tasks: number;
  readonly tasksBy: readonly Count[];
}

export function headlineOf(records: readonly LoanRecord[]): Headline {
  const contacts = records.flatMap((record) => record.contacts);
  const sent = contacts.filter((line) => line.verdict === 'sent');
  const suppressed = contacts.filter((line) => line.verdict === 'suppressed');
  const tasks = records.flatMap((record) => record.tasks);
  const sentBy: Record<Channel, number> = { sms: 0, email: 0, push: 0, voice: 0 };
  for (const line of sent) sentBy[line.channel] += 1;
  return {
    loans: records.length,
    debtors: new Set(records.map((record) => record.loan.debtorRef)).size,
    overdueMinor: sumOf(records, (record) => record.loan.overdueMinor),
    collectedMinor: sumOf(records, (record) => record.ending.paidMinor),
    recoveredMinor: sumOf(records, (record) => record.recoveredMinor),
    cleared: records.filter((record) => record.cleared).length,
    outcomes: countBy(records, (record) => record.ending.outcome),
    sent: sent.length,
    sentBy,
    suppressed: suppressed.length,
    suppressedWhy: countBy(suppressed, (line) => line.reason),
    tasks: tasks.length,
    tasksBy: countBy(tasks, (line) => line.task),
  };
}

/** How far loans went, and how many of those that got there cleared in the end. */
export interface FunnelStage {
  readonly label: string;
  readonly loans: number;
  readonly cleared: number;
}

const PEOPLE_STAGES = [
  { task: 'agentCall', label: 'Call asked for' },
  { task: 'fieldVisit', label: 'Visit asked for' },
  { task: 'legalReferral', label: 'Put before legal' },
];

export function funnelOf(records: readonly LoanRecord[]): FunnelStage[] {
  const sent = (record: LoanRecord, when: (line: OnDay<ContactLine>) => boolean) =>
    record.contacts.some((line) => line.verdict === 'sent' && when(line));
  const stages: { label: string; reached: (record: LoanRecord) => boolean }[] = [
    { label: 'Fell due', reached: () => true },
    { label: 'Reminded before the due date', reached: (record) => sent(record, (line) => line.day < 0) },
    { label: 'Contacted while overdue', reached: (record) => sent(record, (line) => line.day >= 0) },
    ...PEOPLE_STAGES.map(({ task, label }) => ({
      label,
      reached: (record: LoanRecord) => record.tasks.some((line) => line.task === task),
    })),
    { label: 'Cleared', reached: (record) => record.cleared },
  ];
  return stages
    .map(({ label, reached }) => {
      const there = records.filter(reached);
      return { label, loans: there.length, cleared: there.filter((record) => record.cleared).length };
    })
    .filter((stage, index) => index === 0 || stage.loans > 0);
}

/** One step of the strategy and what became of it, over all loans. */
export interface StepFigures {
  readonly step: string;
  /** How a contact goes out; a task is for a person. */
  readonly means: Channel | 'task';
  /** First and last day past due on which it came. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** Contacts sent, or tasks opened. */
  readonly made: number;
  /** Contacts proposed and not made. */
  readonly suppressed: number;
}

/** Contacts and tasks by step, in the order in which debtors met the steps. */
export function stepsOf(records: readonly LoanRecord[]): StepFigures[] {
  const lines = records.flatMap((record) => [
    ...record.contacts.map(({ step, channel, day, verdict }) => ({
      step: stepName(step),
      means: channel,
      day,
      made: verdict === 'sent',
    })),
    ...record.tasks.map(({ step, day }) => ({ step: stepName(step), means: 'task' as const, day, made: true })),
  ]);
  return [...groupBy(lines, (line) => `${line.means} ${line.step}`).values()]
    .map((those) => {
      const days = those.map((line) => line.day).toSorted((a, b) => a - b);
      const made = those.filter((line) => line.made).length;
      const figures = {
        step: those[0]?.step ?? '',
        means: those[0]?.means ?? 'task',
        firstDay: days[0] ?? 0,
        lastDay: days.at(-1) ?? 0,
        made,
        suppressed: those.length - made,
      };
      return { figures, middleDay: days[Math.floor(days.length / 2)] ?? 0 };
    })
    .toSorted((a, b) => a.middleDay - b.middleDay || (a.figures.step < b.figures.step ? -1 : 1))
    .map(({ figures }) => figures);
}

/** Messages about agreements are two steps, whichever agreement they are about. */
function stepName(step: string): string {
  if (!step.startsWith('agreement:')) return step;
  return step.endsWith(':broken') ? 'agreement not kept' : 'agreement reminder';
}

/** The loans that fell due in one month, by outcome. */
export interface Cohort {
  /** `YYYY-MM`. */
  readonly month: string;
  readonly loans: number;
  readonly overdueMinor: number;
  readonly recoveredMinor: number;
  readonly outcomes: Readonly<Partial<Record<CaseOutcome, number>>>;
}

export function cohortsOf(records: readonly LoanRecord[]): Cohort[] {
  const months = groupBy(records, (record) => record.loan.dueOn.slice(0, 7));
  return [...months]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([month, those]) => ({
      month,
      loans: those.length,
      overdueMinor: sumOf(those, (record) => record.loan.overdueMinor),
      recoveredMinor: sumOf(those, (record) => record.recoveredMinor),
      outcomes: Object.fromEntries(
        countBy(those, (record) => record.ending.outcome).map(({ name, count }) => [name, count]),
      ),
    }));
}
