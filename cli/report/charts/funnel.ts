import type { FunnelStage } from '../figures.ts';
import type { Markup } from '../markup.ts';
import { count, percent } from '../words.ts';
import { drawn } from './frame.ts';
import { barRows } from './rows.ts';

/** How far loans went, each bar split by whether they cleared in the end. */
export function funnelChart(stages: readonly FunnelStage[]): Markup {
  const all = stages[0]?.loans ?? 0;
  const caption = {
    id: 'funnel',
    title: 'How far the loans went',
    description: stages
      .map((stage) => `${stage.label}: ${count(stage.loans)}, of which ${count(stage.cleared)} cleared in the end.`)
      .join(' '),
  };
  return drawn(caption, (frame) =>
    barRows(
      frame,
      stages.map(({ label, loans, cleared }) => ({
        name: label,
        figures: `${count(loans)} · ${percent(loans, all)}`,
        whole: all,
        segments: [
          {
            value: cleared,
            className: 'cleared',
            tooltip: `${label}: ${count(cleared)} of ${count(loans)} cleared in the end`,
            words: [`${count(cleared)} cleared`, count(cleared)],
          },
          {
            value: loans - cleared,
            className: 'open',
            tooltip: `${label}: ${count(loans - cleared)} of ${count(loans)} did not clear`,
            words: [`${count(loans - cleared)} not`, count(loans - cleared)],
          },
        ],
      })),
    ),
  );
}
