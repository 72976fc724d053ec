import type { Language } from './events.ts';
import { type Channel, type ContactStep, type Strategy, channelsOf } from './strategy.ts';
import { type Draft, type StrategyFault, wrong } from './strategy-fault.ts';

/** One use of a template, to be held against what a rule pack has messages say. */
export interface TemplateUse {
  readonly pack: string;
  readonly template: string;
  readonly channel: Channel;
  /** Whether the message is judged as the first of its case, or as a later one. */
  readonly isFirst: boolean;
}

/** Something that a text of a template does not say although a rule pack demands it. */
export interface Lack {
  /** Id of what is demanded. */
  readonly id: string;
  readonly language: Language;
  /** Which text: a mail has two, and a reader sees one of them. */
  readonly form: 'plain' | 'html';
  /** What is missing, why it is demanded and what to write. */
  readonly message: string;
}

/**
 * Every template says what the rule packs of the strategy demand, on each channel that its steps may use.
 *
 * Any message may be the first of its case: a loan can be first seen late, and earlier messages can have found no
 * address, been put off for too long or failed. So all of them say what a first one has to. They say what a later one
 * has to as well, unless nothing can have come before them.
 */
export function checkDisclosures(
  { rulePacks = [], steps = [] }: Draft<Strategy>,
  lacking: (use: TemplateUse) => readonly Lack[],
): StrategyFault[] {
  const contacts = steps.flatMap((step, index) => (step.do === 'contact' ? [{ step, index }] : []));
  return contacts.flatMap(({ step, index }) => {
    const { template, channel, fallback } = step;
    if (template === undefined || channel === undefined) return [];
    const others = contacts.filter((other) => other.index !== index).map((other) => other.step);
    const places = mayFollow(step, others) ? [true, false] : [true];
    const channels = channelsOf({ channel, fallback: (fallback ?? []).flatMap((each) => each ?? []) });
    const faults = rulePacks.flatMap((pack) =>
      (pack === undefined ? [] : channels).flatMap((each) =>
        places
          .flatMap((isFirst) => lacking({ pack: pack ?? '', template, channel: each, isFirst }))
          .map((lack) => faultOf(lack, { index, template, channel: each, pack: pack ?? '' })),
      ),
    );
    return faults.filter(({ message }, at) => faults.findIndex((other) => other.message === message) === at);
  });
}

/**
 * Whether another message of the case may come before one of this step. A reminder is never made on or after the due
 * date, and a step of the time after it never before; within one of the two, steps that are put off may change places.
 */
function mayFollow(step: Draft<ContactStep>, others: readonly Draft<ContactStep>[]): boolean {
  if (others.length === 0) return false;
  return !isReminder(step) || others.some((other) => daysOf(other).some((day) => day < 0));
}

function isReminder(step: Draft<ContactStep>): boolean {
  return daysOf(step).every((day) => day < 0);
}

function daysOf({ day = {} }: Draft<ContactStep>): number[] {
  return Object.values(day).flatMap((each) => each ?? []);
}

function faultOf(
  { id, language, form, message }: Lack,
  { index, template, channel, pack }: Omit<TemplateUse, 'isFirst'> & { readonly index: number },
): StrategyFault {
  const text = `${channel} text in ${language}${form === 'html' ? ' (html)' : ''}`;
  // The path says more than the file does, so that a step may have several of these faults.
  const path = ['steps', index, 'template', channel, language, form, pack, id];
  return wrong(path, `Template "${template}", ${text}, by ${pack}: ${message}`);
}
