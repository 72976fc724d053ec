import type { CaseOutcome } from '../../domain/run-result.ts';
import type { Headline } from './figures.ts';
import type { ReportMeta } from './input.ts';
import { type Markup, element, text } from './markup.ts';
import { CLEARED } from './records.ts';
import { OUTCOME_NAMES, channelCounts, count, counted, exactMoney, percent, reasonName, taskCount } from './words.ts';

/** The figures at the top, each with what it is made of. */
export function tiles(headline: Headline, meta: ReportMeta): Markup {
  const money = (amountMinor: number) => exactMoney(amountMinor, meta.currency);
  const endings = (isWanted: (outcome: CaseOutcome) => boolean) =>
    headline.outcomes
      .filter(({ name }) => isWanted(name))
      .map(({ name, count: loans }) => `${count(loans)} ${OUTCOME_NAMES[name]}`)
      .join(', ');
  const cleared = endings((outcome) => CLEARED.includes(outcome));
  const otherwise = endings((outcome) => !CLEARED.includes(outcome) && outcome !== 'open');
  const tile = (name: string, figure: string, more: string) =>
    element(
      'div',
      { class: 'tile' },
      element('dt', {}, text(name)),
      element('dd', { class: 'big' }, text(figure)),
      element('dd', {}, text(more)),
    );
  return element(
    'dl',
    { class: 'tiles' },
    tile(
      'Loans',
      count(headline.loans),
      `of ${counted(headline.debtors, 'person', 'people')}, ${money(headline.overdueMinor)} overdue`,
    ),
    tile(
      'Collected',
      money(headline.collectedMinor),
      `${money(headline.recoveredMinor)} of it is ${percent(headline.recoveredMinor, headline.overdueMinor)} of what was due; the rest came on top`,
    ),
    tile(
      'Cleared',
      percent(headline.cleared, headline.loans),
      [cleared, otherwise && `ended otherwise: ${otherwise}`].filter(Boolean).join('; ') || 'none yet',
    ),
    tile('Contacts sent', count(headline.sent), channelCounts(headline.sentBy) || 'none'),
    tile(
      'Contacts not made',
      count(headline.suppressed),
      headline.suppressedWhy.map(({ name, count: lines }) => `${count(lines)}: ${reasonName(name)}`).join('; ') ||
        'none was held back',
    ),
    tile(
      'Tasks for people',
      count(headline.tasks),
      headline.tasksBy.map(({ name, count: tasks }) => taskCount(name, tasks)).join(', ') || 'none',
    ),
  );
}
