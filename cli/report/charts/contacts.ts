import { CHANNELS } from '../../../domain/strategy.ts';
import type { StepFigures } from '../figures.ts';
import type { Markup } from '../markup.ts';
import { sumOf } from '../tally.ts';
import { CHANNEL_NAMES, count, counted, dayRange, percent } from '../words.ts';
import { drawn } from './frame.ts';
import { type Row, barRows } from './rows.ts';

const MEANS_NAMES = { ...CHANNEL_NAMES, task: 'Task' };

/** Contacts by channel, each bar stacked by step. */
export function channelChart(steps: readonly StepFigures[]): Markup {
  const channels = CHANNELS.map((channel) => {
    const own = steps.filter((step) => step.means === channel && step.made > 0);
    return { channel, own, sent: sumOf(own, (step) => step.made) };
  }).filter(({ sent }) => sent > 0);
  const most = Math.max(0, ...channels.map(({ sent }) => sent));
  const all = sumOf(channels, ({ sent }) => sent);
  const caption = {
    id: 'channels',
    title: 'Contacts sent by channel',
    description: channels.map(({ channel, sent }) => `${CHANNEL_NAMES[channel]}: ${count(sent)}.`).join(' '),
  };
  const rows = channels.map(
    ({ channel, own, sent }): Row => ({
      name: CHANNEL_NAMES[channel],
      figures: `${count(sent)} · ${percent(sent, all)}`,
      whole: most,
      segments: own.map((step) => ({
        value: step.made,
        className: channel,
        tooltip: `${step.step}: ${count(step.made)} sent`,
        words: [step.step],
      })),
    }),
  );
  return drawn(caption, (frame) => barRows(frame, rows));
}

/** Contacts and tasks by step in the order of days, each bar stacked by what became of them. */
export function stepChart(steps: readonly StepFigures[]): Markup {
  const most = Math.max(0, ...steps.map((step) => step.made + step.suppressed));
  const caption = {
    id: 'steps',
    title: 'Contacts and tasks by step',
    description: steps
      .map(
        (step) =>
          `${step.step}, ${dayRange(step.firstDay, step.lastDay)}: ${count(step.made)} made, ${count(step.suppressed)} not.`,
      )
      .join(' '),
  };
  const rows = steps.map(
    (step): Row => ({
      name: step.step,
      aside: dayRange(step.firstDay, step.lastDay),
      figures: step.suppressed === 0 ? count(step.made) : `${count(step.made)} + ${count(step.suppressed)} not made`,
      whole: most,
      segments: [
        {
          value: step.made,
          className: step.means === 'task' ? 'person' : step.means,
          tooltip: `${step.step}: ${counted(step.made, step.means === 'task' ? 'task' : 'contact')} made`,
          words: [MEANS_NAMES[step.means]],
        },
        {
          value: step.suppressed,
          className: `${step.means} ghost`,
          tooltip: `${step.step}: ${counted(step.suppressed, 'contact')} not made`,
          words: [],
        },
      ],
    }),
  );
  return drawn(caption, (frame) => barRows(frame, rows));
}
