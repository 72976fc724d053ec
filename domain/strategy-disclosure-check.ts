import type { AgreementNotice } from './agreement-policy.ts';
import type { Language } from './events.ts';
import { type Channel, type ContactStep, type Strategy, channelsOf } from './strategy.ts';
import { type Draft, type StrategyFault, wrong } from './strategy-fault.ts';
import { noticesIn } from './strategy-messages.ts';

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

/** A message of a strategy, where it stands, and as which messages of a case it may come: the first, a later one. */
interface PlacedMessage {
  readonly message: Draft<AgreementNotice>;
  readonly path: StrategyFault['path'];
  readonly comesFirst: readonly boolean[];
}

/**
 * Every template says what the rule packs of the strategy demand, on each channel that its messages may use.
 *
 * Any message may be the first of its case: a loan can be first seen late, and earlier messages can have found no
 * address, been put off for too long or failed. So all of them say what a first one has to. They say what a later one
 * has to as well, unless nothing can have come before them. Messages about agreements may come at any time.
 */
export function checkDisclosures(
  strategy: Draft<Strategy>,
  lacking: (use: TemplateUse) => readonly Lack[],
): StrategyFault[] {
  const { rulePacks = [] } = strategy;
  const messages = [...messagesOfSteps(strategy), ...messagesOnAgreements(strategy)];
  return messages.flatMap(({ message, path, comesFirst }) => {
    const { template, channel, fallback } = message;
    if (template === undefined || channel === undefined) return [];
    const channels = channelsOf({ channel, fallback: (fallback ?? []).flatMap((each) => each ?? []) });
    const faults = rulePacks.flatMap((pack) =>
      (pack === undefined ? [] : channels).flatMap((each) =>
        comesFirst
          .flatMap((isFirst) => lacking({ pack: pack ?? '', template, channel: each, isFirst }))
          .map((lack) => faultOf(lack, { path, template, channel: each, pack: pack ?? '' })),
      ),
    );
    return faults.filter((fault, at) => faults.findIndex((other) => other.message === fault.message) === at);
  });
}

function messagesOfSteps({ steps = [] }: Draft<Strategy>): PlacedMessage[] {
  const contacts = steps.flatMap((step, index) => (step.do === 'contact' ? [{ step, index }] : []));
  return contacts.map(({ step, index }) => {
    const others = contacts.filter((other) => other.index !== index).map((other) => other.step);
    return { message: step, path: ['steps', index], comesFirst: mayFollow(step, others) ? [true, false] : [true] };
  });
}

function messagesOnAgreements(strategy: Draft<Strategy>): PlacedMessage[] {
  return noticesIn(strategy).map(({ notice, path }) => ({ message: notice, path, comesFirst: [true, false] }));
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
  { path, template, channel, pack }: Omit<TemplateUse, 'isFirst'> & Pick<PlacedMessage, 'path'>,
): StrategyFault {
  const text = `${channel} text in ${language}${form === 'html' ? ' (html)' : ''}`;
  // The path says more than the file does, so that a message may have several of these faults.
  const place = [...path, 'template', channel, language, form, pack, id];
  return wrong(place, `Template "${template}", ${text}, by ${pack}: ${message}`);
}
