import type { Evidence } from './evidence.ts';

/** A small race in which nothing went wrong: one contact sent before its payment, one suppressed after it. */
export function cleanEvidence(): Evidence {
  const first = { key: 'R0/1/races@1/sms-0/1', step: 'sms-0', day: '2026-04-08' } as const;
  const second = { key: 'R0/1/races@1/sms-1/1', step: 'sms-1', day: '2026-04-09' } as const;
  const loan = { loanRef: 'R0', debtorRef: 'D0', channel: 'sms' } as const;
  const at = '2026-04-08T02:00:00.000Z';
  const settled = (step: string, result: 'sent' | 'suppressed') =>
    ({ type: 'contactSettled', step, channel: 'sms', result, at }) as const;
  return {
    planned: [
      { ...first, ...loan },
      { ...second, ...loan },
    ],
    messages: [{ key: first.key, to: '+886900000000', channel: 'sms', providerRef: 'gw-1' }],
    takenAt: new Map([[first.key, 2]]),
    calls: [
      { keys: [first.key], begunAt: 1, endedAt: 3, facts: [settled('sms-0', 'sent')], failure: null },
      { keys: [second.key], begunAt: 5, endedAt: 6, facts: [settled('sms-1', 'suppressed')], failure: null },
    ],
    stops: [{ why: 'payment', debtorRef: 'D0', loanRef: 'R0', channel: null, committedAt: 4 }],
    rows: [
      { key: first.key, status: 'sent', providerRef: 'gw-1', balanceVersion: 1 },
      { key: second.key, status: 'suppressed', providerRef: null, balanceVersion: 2 },
    ],
    clearedBy: new Map([['R0', 2]]),
    caps: { sms: 1 },
  };
}
