import type { Call, Evidence, LedgerRow, Planned, TakenMessage } from './evidence.ts';
import type { Stop } from './plan.ts';

/** What a race must never come to. */
export type FaultKind =
  | 'doubled'
  | 'notPlanned'
  | 'afterStop'
  | 'byClearedBalance'
  | 'overCap'
  | 'noOutcome'
  | 'twoOutcomes'
  | 'notOnLedger'
  | 'notAtGateway';

export interface RaceFault {
  readonly kind: FaultKind;
  readonly key: string;
  readonly detail: string;
}

/** Outcomes after which nothing more happens to a contact. */
const OUTCOMES = new Set(['sent', 'suppressed', 'deferred', 'rejected']);

/** Everything that is wrong with a run, by its evidence and by nothing of the code that made it. */
export function faultsOf(evidence: Evidence): RaceFault[] {
  const planned = new Map(evidence.planned.map((each) => [each.key, each]));
  const rows = new Map(evidence.rows.map((row) => [row.key, row]));
  const taken = new Map(evidence.messages.map((message) => [message.key, message]));
  return [
    ...doubled(evidence.messages),
    ...evidence.messages.flatMap((message) => {
      const intent = planned.get(message.key);
      if (!intent) return [fault('notPlanned', message.key, 'nobody asked for it')];
      return [...afterStops(intent, evidence), ...againstLedger(message, rows.get(message.key))];
    }),
    ...overCaps(evidence, planned),
    ...evidence.planned.flatMap((intent) => outcomeFaults(intent, rows.get(intent.key), taken.get(intent.key))),
    ...evidence.rows.flatMap((row) => byClearedBalance(row, planned.get(row.key), evidence)),
    ...differingAnswers(evidence.calls, planned, rows),
  ];
}

function fault(kind: FaultKind, key: string, detail: string): RaceFault {
  return { kind, key, detail };
}

function doubled(messages: readonly TakenMessage[]): RaceFault[] {
  const seen = new Set<string>();
  return messages.flatMap(({ key }) => {
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [fault('doubled', key, 'the gateway took it twice')];
  });
}

/** A message may go out after a stop only when a call that handed it over had begun before the stop was committed. */
function afterStops(intent: Planned, { calls, stops, takenAt }: Evidence): RaceFault[] {
  const { key } = intent;
  const at = takenAt.get(key) ?? Number.POSITIVE_INFINITY;
  const begun = Math.min(...callsUnderWay(calls, key, at).map(({ begunAt }) => begunAt));
  return stops
    .filter((stop) => concerns(stop, intent) && begun > stop.committedAt)
    .map(({ why, committedAt }) =>
      fault('afterStop', key, `${why} at ${committedAt}, called at ${begun}, taken at ${at}`),
    );
}

function callsUnderWay(calls: readonly Call[], key: string, at: number): Call[] {
  return calls.filter(({ keys, begunAt, endedAt }) => begunAt < at && at < endedAt && keys.includes(key));
}

function concerns({ debtorRef, loanRef, channel }: Stop, intent: Planned): boolean {
  return (
    debtorRef === intent.debtorRef &&
    (loanRef === null || loanRef === intent.loanRef) &&
    (channel === null || channel === intent.channel)
  );
}

/** The gateway knows numbers, not debtors: what one number got is what one debtor got. */
function overCaps({ messages, caps }: Evidence, planned: ReadonlyMap<string, Planned>): RaceFault[] {
  const counts = new Map<string, number>();
  return messages.flatMap(({ key, to, channel }) => {
    const place = `${channel} to ${to} on ${planned.get(key)?.day}`;
    const count = (counts.get(place) ?? 0) + 1;
    counts.set(place, count);
    return count > (caps[channel] ?? 0) ? [fault('overCap', key, `number ${count} by ${place}`)] : [];
  });
}

function againstLedger(message: TakenMessage, row: LedgerRow | undefined): RaceFault[] {
  const isOnLedger = row?.status === 'sent' && row.providerRef === message.providerRef;
  return isOnLedger ? [] : [fault('notOnLedger', message.key, `the gateway took it, the ledger says ${row?.status}`)];
}

function outcomeFaults({ key }: Planned, row: LedgerRow | undefined, message: TakenMessage | undefined): RaceFault[] {
  if (!row || !OUTCOMES.has(row.status)) return [fault('noOutcome', key, `the ledger says ${row?.status}`)];
  return row.status === 'sent' && !message ? [fault('notAtGateway', key, 'sent, says the ledger')] : [];
}

/** The exact order, which no clock outside of the database can see: the balance that a contact was decided by. */
function byClearedBalance(row: LedgerRow, intent: Planned | undefined, { clearedBy }: Evidence): RaceFault[] {
  const cleared = clearedBy.get(intent?.loanRef ?? '');
  const version = row.balanceVersion ?? 0;
  if (row.status !== 'sent' || cleared === undefined || version < cleared) return [];
  return [fault('byClearedBalance', row.key, `decided by version ${version}, cleared with ${cleared}`)];
}

/** Whatever any caller was told of a contact is what the ledger says in the end. */
function differingAnswers(
  calls: readonly Call[],
  planned: ReadonlyMap<string, Planned>,
  rows: ReadonlyMap<string, LedgerRow>,
): RaceFault[] {
  return calls.flatMap(({ keys, facts }) =>
    keys.flatMap((key) => {
      const told = facts.filter((fact) => 'step' in fact && fact.step === planned.get(key)?.step).map(wordOf);
      const status = rows.get(key)?.status ?? 'nothing';
      if (told.every((word) => word === status)) return [];
      return [fault('twoOutcomes', key, `a caller was told ${told.join(' and ')}, the ledger says ${status}`)];
    }),
  );
}

function wordOf(fact: Call['facts'][number]): string {
  if (fact.type === 'contactSettled') return fact.result;
  return fact.type === 'contactDeferred' ? 'deferred' : fact.type;
}
