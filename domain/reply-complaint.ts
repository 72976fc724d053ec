import { foldReply } from './reply-keywords.ts';

/** Words by which a reply is taken for a complaint, wherever they stand in it; as `foldReply` leaves them. */
export type ComplaintWords = readonly string[];

const LETTER = /[\p{Script=Latin}\p{N}]/u;

/**
 * Whether a reply complains. It is enough that one of the words stands in it: a person reads it before anything comes of
 * it, and stopping once too often does no harm. A word in Latin letters counts as a whole word only.
 */
export function isComplaint(words: ComplaintWords, text: string): boolean {
  const reply = foldReply(text);
  return words.some((word) => {
    for (let at = reply.indexOf(word); at >= 0; at = reply.indexOf(word, at + 1)) {
      const isOwnWord = !isLatin(word.at(0), reply[at - 1]) && !isLatin(word.at(-1), reply[at + word.length]);
      if (isOwnWord) return true;
    }
    return false;
  });
}

/** Whether two neighbours belong to one word. */
function isLatin(sign: string | undefined, neighbour: string | undefined): boolean {
  return sign !== undefined && neighbour !== undefined && LETTER.test(sign) && LETTER.test(neighbour);
}
