import { loadRulePack, rulePackIds } from '../../activities/rule-pack-file.ts';
import type { ContactRule } from '../../domain/judge.ts';

/** What each rule of our own means to people. */
const OWN: Readonly<Record<ContactRule, string>> = {
  balanceCleared: 'nothing was due any more',
  caseClosed: 'the loan system had closed the loan',
  zoneUnknown: 'the time at the debtor is not known',
  addressMissing: 'there is no address for the channel',
  addressDead: 'what was sent to the address before did not arrive, and there is another way',
  optedOut: 'the debtor does not want to be contacted on the channel',
  contactCeased: 'the debtor wants no contact any more',
  onHold: 'collection was on hold',
  callUnderWay: 'somebody was on the phone with the debtor',
  calendarUnknown: 'the holidays of the year are not known',
  contactWindow: 'it was outside the permitted hours and days',
  debtorBudget: 'the debtor had been contacted often enough that day, over all loans',
  tooLate: 'it came too late to make sense',
};

/** What a rule means, by its id; null for one that no pack of this installation has. */
export type RuleMeanings = (rule: string) => string | null;

/** Our own rules in words, those of law by the titles in their packs. @throws FILE_UNREADABLE, RULE_PACK_INVALID */
export function ruleMeanings(): RuleMeanings {
  const titles = new Map<string, string[]>();
  for (const { id, title } of rulePackIds().flatMap((pack) => [...loadRulePack(pack).rules])) {
    titles.set(id, [...(titles.get(id) ?? []), title]);
  }
  return (rule) => {
    if (Object.hasOwn(OWN, rule)) return OWN[rule as ContactRule];
    const [first, ...others] = titles.get(rule) ?? [];
    return first === undefined ? null : [first, ...others].map((title) => `"${title}"`).join(' or ');
  };
}
