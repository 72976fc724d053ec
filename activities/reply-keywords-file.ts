import { join } from 'node:path';
import { REPLY_ACTIONS, type ReplyAction, type ReplyKeywords, foldReply } from '../domain/reply-keywords.ts';
import { POLICY_DIR, openPolicyFile } from './policy-file.ts';

/**
 * The words that customers answer messages with, from `words/replies.yaml`.
 * @throws FILE_UNREADABLE; TEMPLATE_INVALID with every fault on its own line as `file:line:column: message`.
 */
export function loadReplyKeywords(policyDir: string = POLICY_DIR): ReplyKeywords {
  const file = openPolicyFile(join(policyDir, 'words', 'replies.yaml'));
  const required = { version: '1', optOut: '[STOP]', optIn: '[START]' };
  const fields = file.content.fields('a table of replies', required, { complaint: '[complaint]' });
  fields.version.integer([1, 9_999]);
  const keywords = new Map<string, ReplyAction>();
  for (const action of REPLY_ACTIONS) {
    const items = fields[action].items('STOP');
    if (items?.length === 0) fields[action].refuse(`Nobody could ask for ${action}; give one word or more.`);
    for (const item of items ?? []) {
      const text = item.text();
      if (text === undefined) continue;
      const word = foldReply(text);
      if (word === '') item.refuse(`${JSON.stringify(text)} has no letter or digit; no reply would equal it.`);
      else if (keywords.has(word)) item.refuse(`"${text}" is given twice; keep one of them.`);
      else keywords.set(word, action);
    }
  }
  file.throwFaults('TEMPLATE_INVALID');
  return keywords;
}
