import { didYouMean } from './did-you-mean.ts';
import type { AgreementNotice } from './agreement-policy.ts';
import { CHANNELS, type Channel, type Strategy } from './strategy.ts';
import type { KnownPolicy } from './strategy-check.ts';
import { type Draft, type StrategyFault, wrong } from './strategy-fault.ts';
import { outside } from './strategy-limits.ts';
import { noticesIn } from './strategy-messages.ts';

/** Every channel that messages use, first or as a fallback, has a limit a day; the others may be left out, which is 0. */
export function checkBudget({ perDebtorPerDay, steps = [], agreements }: Draft<Strategy>): StrategyFault[] {
  const bySteps = new Set(steps.flatMap((step) => (step.do === 'contact' ? givenChannelsOf(step) : [])));
  const byNotices = new Set(noticesIn({ agreements }).flatMap(({ notice }) => givenChannelsOf(notice)));
  return CHANNELS.flatMap((channel) => {
    const most = perDebtorPerDay?.[channel];
    const path = ['perDebtorPerDay', channel];
    if (most !== 0) return outside(most, 'perDebtorPerDay', path);
    if (!bySteps.has(channel) && !byNotices.has(channel)) return [];
    const who = bySteps.has(channel) ? 'Steps' : 'Messages about agreements';
    return [wrong(path, `${who} use ${channel}, so it needs a limit; write ${channel}: 1.`)];
  });
}

/** The template exists and has a text for each channel of the message, and no channel is named twice. */
export function checkChannels(
  message: Draft<AgreementNotice>,
  at: StrategyFault['path'],
  { templates }: KnownPolicy,
): StrategyFault[] {
  const { template, channel, fallback = [] } = message;
  const texts = template === undefined ? undefined : templates.get(template);
  const faults: StrategyFault[] = [];
  if (template !== undefined && texts === undefined) {
    const hint = didYouMean(template, templates.keys(), 'Templates');
    faults.push(wrong([...at, 'template'], `There is no template "${template}".${hint}`));
  }
  const noText = (missing: Channel) =>
    `Template "${template}" has no text for ${missing}, only for ${[...(texts ?? [])].join(', ')}.`;
  if (channel !== undefined && texts?.has(channel) === false) faults.push(wrong([...at, 'template'], noText(channel)));
  for (const [index, other] of fallback.entries()) {
    const path = [...at, 'fallback', index];
    if (other === undefined) continue;
    if (other === channel) {
      faults.push(wrong(path, `"${other}" is the channel that is tried first; name others.`));
    } else if (fallback.indexOf(other) < index) {
      faults.push(wrong(path, `"${other}" is named twice; one try is enough.`));
    } else if (texts?.has(other) === false) {
      faults.push(wrong(path, noText(other)));
    }
  }
  return faults;
}

function givenChannelsOf({ channel, fallback = [] }: Draft<AgreementNotice>): Channel[] {
  return [channel, ...fallback].flatMap((each) => each ?? []);
}
