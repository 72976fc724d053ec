import type { caseByLoan } from '../../db/queries/cases.ts';
import type { DeliveryStatus } from '../../domain/contact-ledger.ts';
import { toSeconds } from '../../domain/instant.ts';
import type { Result } from '../../domain/rules/facts.ts';
import type { RuleMeanings } from './rule-meanings.ts';

/** A contact of a case as it is told. */
export type ToldContact = NonNullable<Awaited<ReturnType<typeof caseByLoan>>>['contacts'][number];

const DELIVERIES: Readonly<Record<DeliveryStatus, string>> = {
  delivered: 'arrived',
  failed: 'did not arrive',
  blocked: 'blocked, since the address is on a list of refusals',
};

const RESULTS: Readonly<Record<Result, string>> = {
  connected: 'it was answered',
  rightParty: 'a talk with the debtor',
  noAnswer: 'nobody answered',
  notConnected: 'it did not ring',
};

/** One contact in a line: when, how, what it was, what became of it and why. */
export function contactLine(contact: ToldContact, meaningOf: RuleMeanings): string {
  const { at, channel, rules, noteFindings } = contact;
  const review = noteFindings.length === 0 ? '' : `; wording of the note to review: ${noteFindings.join(', ')}`;
  return `${toSeconds(at)}  ${channel.padEnd(6)} ${whatOf(contact)}: ${outcomeOf(contact)}${because(rules, meaningOf)}${review}`;
}

/** What is known of a contact in a word or two: the step, the agent, or the debtor. */
function whatOf({ initiator, person, step, actor }: ToldContact): string {
  if (initiator === 'debtor') return 'from the debtor';
  return step ?? `${actor ?? 'an agent'}${person === 'thirdParty' ? ', to somebody else' : ''}`;
}

function outcomeOf(contact: ToldContact): string {
  const { status, channel, until, result, delivery } = contact;
  const went = result === null ? [] : [RESULTS[result]];
  switch (status) {
    case 'reserved':
      return channel === 'call' ? 'allowed, not logged' : 'given to the provider, which has not answered';
    case 'released':
      return channel === 'call' ? 'allowed, and not dialled' : 'not taken by the provider, tried again';
    case 'sent':
      return ['sent', ...(delivery === null ? [] : [DELIVERIES[delivery]]), ...went].join(', ');
    case 'made':
      return ['called', ...went].join(', ');
    case 'received':
      return ['received', ...went].join(', ');
    case 'rejected':
      return 'refused by the provider for good';
    case 'unknown':
      return 'perhaps sent: a person finds out';
    case 'undelivered':
      return 'not sent, since the provider took nothing for a day';
    case 'suppressed':
      return 'not made';
    case 'deferred':
      return until === null ? 'put off' : `put off until ${toSeconds(until)}`;
    default:
      return status satisfies never;
  }
}

function because(rules: readonly string[], meaningOf: RuleMeanings): string {
  if (rules.length === 0) return '';
  return ` because ${rules.map((rule) => meaningOf(rule) ?? rule).join(', and ')} (${rules.join(', ')})`;
}
