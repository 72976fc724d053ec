import type { LedgerChannel } from './contact-ledger.ts';

/** How a question is answered: by one of `YES_NO`, by a whole number from 1 to 5, or in the reviewer's own words. */
export const QUESTION_KINDS = ['yesNo', 'rating', 'text'] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];

/** `cannotTell`: the record does not show it, or it did not come up. */
export const YES_NO = ['yes', 'no', 'cannotTell'] as const;
export const BEST_RATING = 5;
const LONGEST_TEXT = 4_000;

/** A question that a reviewer answers about a contact. */
export interface ReviewQuestion {
  readonly id: string;
  readonly kind: QuestionKind;
  /** The contacts that it is asked about, by channel. */
  readonly of: readonly LedgerChannel[];
  readonly zh: string;
  readonly en: string;
}

/** What a reviewer makes of a contact. `remark`: something to learn from. `misconduct`: something that must not be. */
export const REVIEW_VERDICTS = ['fine', 'remark', 'misconduct'] as const;
export type ReviewVerdict = (typeof REVIEW_VERDICTS)[number];

/** Answers by the ids of their questions. */
export type ReviewAnswers = Readonly<Record<string, string | number>>;

/** A fault of one answer: the id it was given under, and what would be right. Never what was given. */
export interface AnswerFault {
  readonly questionId: string;
  readonly detail: string;
}

/** The questions that are asked about a contact, in their order. */
export function questionsFor(questions: readonly ReviewQuestion[], channel: LedgerChannel): readonly ReviewQuestion[] {
  return questions.filter(({ of }) => of.includes(channel));
}

/** Whether a form may be handed in without an answer: only own words may be left out. */
export function isRequired({ kind }: Pick<ReviewQuestion, 'kind'>): boolean {
  return kind !== 'text';
}

/** Every fault of a form that was filled in, in the order of the questions; first those of answers to no question. */
export function faultsOfAnswers(questions: readonly ReviewQuestion[], answers: ReviewAnswers): readonly AnswerFault[] {
  const ids = new Set(questions.map(({ id }) => id));
  const unknown = Object.keys(answers)
    .filter((questionId) => !ids.has(questionId))
    .map((questionId) => ({ questionId, detail: 'There is no such question about this contact.' }));
  const wrong = questions.flatMap((question) => {
    const answer = Object.hasOwn(answers, question.id) ? answers[question.id] : undefined;
    if (answer === undefined) return isRequired(question) ? [faultOf(question, 'An answer is missing: ')] : [];
    return isAnswerTo(question, answer) ? [] : [faultOf(question, '')];
  });
  return [...unknown, ...wrong];
}

function isAnswerTo({ kind }: ReviewQuestion, answer: string | number): boolean {
  switch (kind) {
    case 'yesNo':
      return YES_NO.some((choice) => choice === answer);
    case 'rating':
      return typeof answer === 'number' && Number.isInteger(answer) && answer >= 1 && answer <= BEST_RATING;
    case 'text':
      return typeof answer === 'string' && answer.trim() !== '' && answer.length <= LONGEST_TEXT;
    default:
      return kind satisfies never;
  }
}

function faultOf({ id, kind }: ReviewQuestion, before: string): AnswerFault {
  const wanted = {
    yesNo: `one of ${YES_NO.join(', ')}`,
    rating: `a whole number from 1 to ${BEST_RATING}`,
    text: `1 to ${LONGEST_TEXT} characters`,
  } as const;
  return { questionId: id, detail: `${before}${wanted[kind]}` };
}
