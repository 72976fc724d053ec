/** What a reply to a message asks for, when it says nothing else. */
export const REPLY_ACTIONS = ['optOut', 'optIn'] as const;
export type ReplyAction = (typeof REPLY_ACTIONS)[number];

/** Words that ask for something, as `foldReply` leaves them. */
export type ReplyKeywords = ReadonlyMap<string, ReplyAction>;

/** What stands around a word without changing it: blanks, dots, quotes, brackets, signs and control characters. */
const AROUND = /^[\p{White_Space}\p{P}\p{S}\p{C}]+|[\p{White_Space}\p{P}\p{S}\p{C}]+$/gu;

/** A reply in the form in which replies are compared: width, case, and what stands around it make no difference. */
export function foldReply(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(AROUND, '').replaceAll(/\s+/g, ' ');
}

/** What a whole reply asks for; null when it says anything else, or anything more. */
export function actionOfReply(keywords: ReplyKeywords, text: string): ReplyAction | null {
  return keywords.get(foldReply(text)) ?? null;
}
