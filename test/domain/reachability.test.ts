import { describe, expect, test } from 'vitest';
import {
  DEAD_AFTER_FAILURES,
  type PastContact,
  contactOfNow,
  countByDay,
  lawEntryOf,
  reachabilityOf,
} from '../../domain/contact-ledger.ts';
import { DAY_MS, plusMs } from '../../domain/instant.ts';
import { taipei } from '../support/events.ts';

const NOW = taipei('2026-04-30 10:00');
const ADDRESS = '+886900000001';

/** A text message so many days ago; `delivery` is what the provider reported of it. */
function text(daysAgo: number, change: Partial<PastContact> = {}): PastContact {
  const at = plusMs(NOW, -daysAgo * DAY_MS);
  const base = {
    key: `c-${daysAgo}`,
    at,
    localDate: at.slice(0, 10),
    channel: 'sms',
    loanRef: 'L-1',
    address: ADDRESS,
  } as const;
  return { ...contactOfNow(base), status: 'sent', ...change };
}

const reach = (past: readonly PastContact[]) => reachabilityOf(past, { channel: 'sms', address: ADDRESS }, NOW);
const failed = { delivery: 'failed' } as const;

describe('A7: whether a number can be reached', () => {
  test('is not known before anything was sent, or while nothing was reported', () => {
    expect(reach([])).toBe('unknown');
    expect(reach([text(1), text(2)])).toBe('unknown');
  });

  test('one failure proves nothing, two in a row do', () => {
    expect(DEAD_AFTER_FAILURES).toBe(2);
    expect(reach([text(1, failed)])).toBe('unknown');
    expect(reach([text(2, failed), text(1, failed)])).toBe('unreachable');
    expect(reach([text(1, { status: 'rejected' }), text(2, failed)])).toBe('unreachable');
  });

  test('an answer or a delivery in between breaks the row', () => {
    expect(reach([text(3, failed), text(2, { delivery: 'delivered' }), text(1, failed)])).toBe('unknown');
    expect(reach([text(2, failed), text(3, failed), text(1, { delivery: 'delivered' })])).toBe('reachable');
    const reply = text(1, { initiator: 'debtor', status: 'received' });
    expect(reach([text(3, failed), text(2, failed), reply])).toBe('reachable');
  });

  test('one block is enough', () => {
    expect(reach([text(5, { delivery: 'delivered' }), text(1, { delivery: 'blocked' })])).toBe('unreachable');
  });

  test('a month later it is tried again: 30 days still count, a moment more does not', () => {
    expect(reach([text(30, { delivery: 'blocked' })])).toBe('unreachable');
    const before = plusMs(NOW, -30 * DAY_MS - 1);
    expect(reach([text(31, { delivery: 'blocked', at: before })])).toBe('unknown');
  });

  test('other channels and other numbers say nothing', () => {
    const others = [text(1, { ...failed, channel: 'email' }), text(2, { ...failed, address: '+886900000002' })];
    expect(reach([...others, text(3, failed)])).toBe('unknown');
  });

  test('a call that met no answer proves nothing, a number out of service does', () => {
    const call = (daysAgo: number, result: PastContact['result']) =>
      text(daysAgo, { channel: 'call', status: 'made', result });
    const reachByCall = (past: readonly PastContact[]) =>
      reachabilityOf(past, { channel: 'call', address: ADDRESS }, NOW);
    expect(reachByCall([call(1, 'noAnswer'), call(2, 'noAnswer')])).toBe('unknown');
    expect(reachByCall([call(1, 'notConnected'), call(2, 'notConnected')])).toBe('unreachable');
    expect(reachByCall([call(1, 'rightParty'), call(2, 'notConnected')])).toBe('reachable');
  });
});

describe('how a contact counts', () => {
  test('CN2 US2: a call that nobody has logged counts for every rule, a message for none that counts calls', () => {
    const call = text(1, { channel: 'call', status: 'reserved' });
    expect(lawEntryOf(call)).toMatchObject({ channel: 'call', result: 'unknown', number: ADDRESS, to: 'debtor' });
    expect(lawEntryOf(text(1, { channel: 'voice' }))).toMatchObject({ result: 'unknown' });
    expect(lawEntryOf(text(1, { channel: 'push' }))).toMatchObject({ channel: 'im', result: null });
  });

  test.each(['released', 'suppressed', 'deferred', 'rejected', 'undelivered'] as const)(
    'not when it did not take place: %s',
    (status) => {
      expect(lawEntryOf(text(1, { status }))).toBeNull();
      expect(countByDay([text(1, { status })]).size).toBe(0);
    },
  );

  test('the debtor’s own contacts and third parties do not use up the budget of a day', () => {
    const past = [
      text(1),
      text(1, { key: 'other loan', loanRef: 'L-2', status: 'unknown' }),
      text(1, { initiator: 'debtor', status: 'received' }),
      text(1, { person: 'thirdParty' }),
    ];
    expect([...countByDay(past)]).toEqual([['sms/2026-04-29', 2]]);
  });
});
