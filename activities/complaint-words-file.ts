import { join } from 'node:path';
import type { ComplaintWords } from '../domain/reply-complaint.ts';
import { foldReply } from '../domain/reply-keywords.ts';
import { POLICY_DIR, openPolicyFile } from './policy-file.ts';

/**
 * The words by which a reply is taken for a complaint, from `words/replies.yaml`; the keywords beside them are read by
 * `loadReplyKeywords`, which refuses what else is wrong with the file.
 * @throws FILE_UNREADABLE; TEMPLATE_INVALID with every fault on its own line as `file:line:column: message`.
 */
export function loadComplaintWords(policyDir: string = POLICY_DIR): ComplaintWords {
  const file = openPolicyFile(join(policyDir, 'words', 'replies.yaml'));
  const words: string[] = [];
  for (const item of file.content.at('complaint', '[complaint]').items('complaint') ?? []) {
    const text = item.text();
    if (text === undefined) continue;
    const word = foldReply(text);
    if (word === '') item.refuse(`${JSON.stringify(text)} has no letter or digit; every reply would hold it.`);
    else words.push(word);
  }
  file.throwFaults('TEMPLATE_INVALID');
  return words;
}
