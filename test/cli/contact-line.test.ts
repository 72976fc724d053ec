import { describe, expect, test } from 'vitest';
import { type ToldContact, contactLine } from '../../cli/case/contact-line.ts';
import { ruleMeanings } from '../../cli/case/rule-meanings.ts';
import { CONTACT_STATUSES } from '../../domain/contact-ledger.ts';
import { CONTACT_RULES } from '../../domain/judge.ts';

const meaningOf = ruleMeanings();
const CONTACT: ToldContact = {
  key: 'k',
  initiator: 'us',
  person: 'debtor',
  step: 'overdue-first',
  actor: null,
  channel: 'sms',
  at: '2026-04-08T02:00:00.000Z',
  status: 'sent',
  rules: [],
  until: null,
  result: null,
  delivery: null,
  noteFindings: [],
};
const CALL = { ...CONTACT, channel: 'call', step: null, actor: 'agent-1' } as const;
const INBOUND = { ...CALL, initiator: 'debtor', status: 'received' } as const;
const lineOf = (change: Partial<ToldContact>, contact: ToldContact = CONTACT) =>
  contactLine({ ...contact, ...change }, meaningOf).replace('2026-04-08T02:00:00Z  ', '');

describe('A7 C15: a contact in plain words', () => {
  test.each<[Partial<ToldContact>, ToldContact, string]>([
    [{}, CONTACT, 'sms    overdue-first: sent'],
    [{ delivery: 'delivered' }, CONTACT, 'sms    overdue-first: sent, arrived'],
    [{ delivery: 'failed' }, CONTACT, 'sms    overdue-first: sent, did not arrive'],
    [
      { channel: 'voice', delivery: 'failed', result: 'noAnswer' },
      CONTACT,
      'voice  overdue-first: sent, did not arrive, nobody answered',
    ],
    [
      { status: 'suppressed', rules: ['optedOut', 'CN1'] },
      CONTACT,
      'sms    overdue-first: not made because the debtor does not want to be contacted on the channel, and "No contact of ' +
        'any form from 22:00 to 08:00, unless the debtor agreed" (optedOut, CN1)',
    ],
    [{ status: 'made', result: 'rightParty' }, CALL, 'call   agent-1: called, a talk with the debtor'],
    [
      { status: 'made', result: 'noAnswer', person: 'thirdParty' },
      CALL,
      'call   agent-1, to somebody else: called, nobody answered',
    ],
    [{ status: 'reserved' }, CALL, 'call   agent-1: allowed, not logged'],
    [{ status: 'released' }, CALL, 'call   agent-1: allowed, and not dialled'],
    [
      { status: 'deferred', until: '2026-04-08T02:15:00.000Z', rules: ['callUnderWay'] },
      CALL,
      'call   agent-1: put off until 2026-04-08T02:15:00Z because somebody was on the phone with the debtor (callUnderWay)',
    ],
    [{ result: 'connected' }, INBOUND, 'call   from the debtor: received, it was answered'],
    [
      { channel: 'email', noteFindings: ['threat-harm'] },
      INBOUND,
      'email  from the debtor: received; wording of the note to review: threat-harm',
    ],
  ])('%j', (change, contact, line) => {
    expect(lineOf(change, contact)).toBe(line);
  });

  test('every status and every rule has words', () => {
    for (const status of CONTACT_STATUSES) expect(lineOf({ status })).toMatch(/: [a-z]/);
    for (const rule of CONTACT_RULES) expect(meaningOf(rule), rule).not.toBeNull();
    for (const rule of ['CN2', 'CN3', 'US2', 'US3', 'UK1', 'IN1']) expect(meaningOf(rule), rule).toMatch(/^"/);
    expect([meaningOf('XX9'), meaningOf('toString')]).toEqual([null, null]);
    expect(lineOf({ status: 'suppressed', rules: ['XX9'] })).toContain('because XX9 (XX9)');
  });
});
