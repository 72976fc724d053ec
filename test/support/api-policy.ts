import { loadCalendar } from '../../activities/calendar-file.ts';
import { loadComplaintWords } from '../../activities/complaint-words-file.ts';
import { loadReplyKeywords } from '../../activities/reply-keywords-file.ts';
import { loadRulePack } from '../../activities/rule-pack-file.ts';
import { loadSampling } from '../../activities/sampling-file.ts';
import { loadServiceLevels } from '../../activities/service-levels-file.ts';
import { loadWording } from '../../activities/word-list-file.ts';
import type { ApiOptions } from '../../api/app.ts';

/** What the API takes from policy files: those of this installation. */
export function apiPolicy(): Pick<
  ApiOptions,
  'calendarOf' | 'rulePackOf' | 'checkNote' | 'replyKeywords' | 'complaintWords' | 'sampling' | 'serviceLevels'
> {
  const wording = loadWording();
  return {
    calendarOf: (id) => loadCalendar(id),
    rulePackOf: (id) => loadRulePack(id),
    checkNote: (text) => wording.check({ text, use: 'note' }),
    replyKeywords: loadReplyKeywords(),
    sampling: loadSampling(),
    complaintWords: loadComplaintWords(),
    serviceLevels: loadServiceLevels(),
  };
}
