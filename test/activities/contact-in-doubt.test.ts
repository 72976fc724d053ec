import { afterAll, beforeAll, expect, test } from 'vitest';
import { createActivities } from '../../activities/index.ts';
import type { ChannelProvider, ChannelProviders, Delivery } from '../../activities/ports.ts';
import { unreachable } from '../../activities/providers/unreachable.ts';
import { loadSampling } from '../../activities/sampling-file.ts';
import type { CaseActivities, MakeContactsInput } from '../../workflows/contract.ts';
import { instantOf } from '../../domain/instant.ts';
import { inActivity } from '../support/activity-context.ts';
import { type TestDatabase, freshDatabase } from '../support/database.ts';
import { intake } from '../support/intake.ts';
import { SEEN_AT, dueSoon, statementOf } from '../support/loans.ts';
import { calendar, strategy } from '../support/strategy.ts';
import { contactsOn } from '../support/races/world.ts';

const ACTIVE = { strategy: strategy(), sha256: 'plain' };
let database: TestDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database?.close());

test('a mail that was not taken is sent by the next try, though the SMS beside it is in doubt', async () => {
  const sent: string[] = [];
  // The gateway has taken the SMS and nobody heard of it; the mail server was not there, and cannot be asked ever.
  const sms = provider({
    send: [() => Promise.reject(unreachable({ provider: 'gateway', why: 'timeout', taken: 'perhaps' }))],
    lookUp: () => Promise.resolve({ result: 'accepted', providerRef: 'gw-1' }),
  });
  const email = provider({
    send: [
      () => Promise.reject(unreachable({ provider: 'smtp', why: 'ECONNREFUSED', taken: 'no' })),
      ({ key }) => {
        sent.push(key);
        return Promise.resolve({ result: 'accepted', providerRef: 'mail-1' });
      },
    ],
    lookUp: () => Promise.resolve({ result: 'unknown', reason: 'cannotBeAsked' }),
  });
  const activities = activitiesOver({ sms, email });
  const input = await openedCase(activities, 'DOUBT-1');
  await expect(inActivity(1, () => activities.makeContacts(input))).rejects.toMatchObject({
    type: 'PROVIDER_UNREACHABLE',
  });
  const { facts } = await inActivity(2, () => activities.makeContacts(input));
  expect(facts.map((fact) => fact.type === 'contactSettled' && [fact.channel, fact.result])).toEqual([
    ['sms', 'sent'],
    ['email', 'sent'],
  ]);
  expect(sent).toEqual(input.contacts.filter(({ channel }) => channel === 'email').map(({ key }) => key));
});

type Send = ChannelProvider['send'];

/** A provider that behaves in one way after the other. */
function provider({ send, lookUp }: { send: Send[]; lookUp: () => Promise<Delivery> }): ChannelProvider {
  const left = [...send];
  return {
    send: (message, signal) => {
      const next = left.shift();
      if (!next) throw new RangeError(`${message.key} is handed over once more than expected.`);
      return next(message, signal);
    },
    lookUp,
  };
}

function activitiesOver(providers: Pick<ChannelProviders, 'sms' | 'email'>): CaseActivities {
  const { sms, email } = providers;
  return createActivities({
    db: database.db,
    providers: { sms, email, push: sms, voice: sms },
    active: ACTIVE,
    sampling: loadSampling(),
    calendarOf: () => calendar(),
    rulePackOf: () => {
      throw new RangeError('The strategy names no rule pack.');
    },
    compose: ({ template }) => ({ templateCode: template, params: {}, text: template }),
    notBefore: () => instantOf(0),
  });
}

/** A loan with an open case, and the SMS and the mail that fall due at the same time. */
async function openedCase(activities: CaseActivities, loanRef: string): Promise<MakeContactsInput> {
  await intake(database.db, dueSoon(statementOf(loanRef)));
  await activities.openCase({ loanRef, runId: 'run', at: SEEN_AT });
  const [, first] = contactsOn(loanRef, 0);
  if (!first) throw new RangeError('An SMS falls due on the first day.');
  const mail = { ...first, key: `${first.key}-mail`, step: 'mail-0', channel: 'email' as const };
  const { id, version } = ACTIVE.strategy;
  return { loanRef, episode: 1, strategy: { id, version }, contacts: [first, mail], balanceVersion: 1 };
}
