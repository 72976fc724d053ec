import { readBasisPoints } from '../../activities/percent-value.ts';
import { openPolicyFile } from '../../activities/policy-file.ts';
import type { PolicyValue } from '../../activities/policy-value.ts';
import type { Draft } from '../../domain/strategy-fault.ts';
import { didYouMean } from '../../domain/did-you-mean.ts';
import { ALWAYS, type DeedKind, type Odds, type Range, type ResponseModel } from '../../domain/responses/model.ts';

const FIELDS = {
  seed: '1',
  hours: '{ from: 08:00, to: 22:00 }',
  promise: '{ percent: [50, 100], withinDays: [2, 14], honestPercent: 50 }',
  plan: '{ parts: [2, 4], firstWithinDays: [5, 20], honestPercent: 50 }',
  after: '{ sms: { withinDays: 2, promisePercent: 5 } }',
};
const MESSAGES: readonly DeedKind[] = ['sms', 'email', 'push', 'voice', 'agreementReminder', 'agreementBroken'];
const PEOPLE: readonly DeedKind[] = ['agentCall', 'fieldVisit'];
const DEEDS = [...MESSAGES, ...PEOPLE];
const WITHIN = { withinDays: '2' };
const AGREEING = { promisePercent: '5', planPercent: '1.5' };
const BY_THEMSELVES = { ...AGREEING, callPercent: '2', optOutPercent: '0.5' };
const MET = { ...WITHIN, reachedPercent: '45' };

const MOST_DAYS = 366;
const MOST_PARTS = 60;
const MOST_SEED = 1_000_000_000;

/**
 * Reads how debtors respond; `examples/responses.yaml` is a worked example with every key.
 * @throws FILE_UNREADABLE; RESPONSES_INVALID with every fault on its own line as `file:line:column: message`.
 */
export function loadResponses(path: string): ResponseModel {
  const file = openPolicyFile(path);
  const fields = file.content.fields('a file of responses', FIELDS);
  const model = {
    seed: fields.seed.integer([0, MOST_SEED]),
    hours: readHours(fields.hours),
    promise: readPromise(fields.promise),
    plan: readPlan(fields.plan),
    after: readAfter(fields.after),
  };
  file.throwFaults('RESPONSES_INVALID');
  // Whatever is missing has been refused.
  return model as ResponseModel;
}

function readHours(value: PolicyValue): Draft<ResponseModel['hours']> {
  const fields = value.fields('the section on hours', { from: '08:00', to: '22:00' });
  const [from, to] = [fields.from.time(), fields.to.time()];
  if (from !== undefined && to !== undefined && to <= from)
    fields.to.refuse(`The hours end at ${to}, not after ${from}.`);
  return { from, to };
}

function readPromise(value: PolicyValue): Draft<ResponseModel['promise']> {
  const fields = value.fields('a promise', { percent: '[50, 100]', withinDays: '[2, 14]', honestPercent: '50' });
  return {
    percent: readRange(fields.percent, [1, 100]),
    withinDays: readRange(fields.withinDays, [1, MOST_DAYS]),
    honest: readBasisPoints(fields.honestPercent),
  };
}

function readPlan(value: PolicyValue): Draft<ResponseModel['plan']> {
  const fields = value.fields('a plan', { parts: '[2, 4]', firstWithinDays: '[5, 20]', honestPercent: '50' });
  return {
    parts: readRange(fields.parts, [2, MOST_PARTS]),
    firstWithinDays: readRange(fields.firstWithinDays, [1, MOST_DAYS]),
    honest: readBasisPoints(fields.honestPercent),
  };
}

function readRange(value: PolicyValue, within: Range): Range | undefined {
  const items = value.items(String(within[0]));
  if (items === undefined) return undefined;
  const [least, most, ...others] = items.map((item) => item.integer(within));
  if (items.length !== 2 || others.length > 0) return value.refuse('A range has two numbers, the least and the most.');
  if (least === undefined || most === undefined) return undefined;
  return least <= most ? [least, most] : value.refuse(`The least, ${least}, is above the most, ${most}.`);
}

function readAfter(value: PolicyValue): Partial<Record<DeedKind, Draft<Odds>>> {
  const known = new Set<string>();
  const entries = value.entries('the section on deeds', { sms: '{ withinDays: 2, promisePercent: 5 }' });
  return Object.fromEntries(
    entries.flatMap(({ key, value: odds }) => {
      const kind = DEEDS.find((each) => each === key);
      if (kind === undefined)
        odds.refuseKey(`"${key}" is nothing that is responded to.${didYouMean(key, DEEDS, 'Choices')}`);
      // The file tells of a key that is given twice; the first counts.
      if (kind === undefined || known.has(key)) return [];
      known.add(key);
      return [[kind, readOdds(odds, kind)]];
    }),
  );
}

function readOdds(value: PolicyValue, kind: DeedKind): Draft<Odds> {
  const isByPeople = PEOPLE.includes(kind);
  const fields: Readonly<Partial<Record<keyof typeof BY_THEMSELVES | keyof typeof MET, PolicyValue>>> = isByPeople
    ? value.fields(`what follows on ${kind}`, MET, AGREEING)
    : value.fields(`what follows on ${kind}`, WITHIN, BY_THEMSELVES);
  const chance = (given: PolicyValue | undefined) => (given?.isGiven ? readBasisPoints(given) : 0);
  const chances = {
    promise: chance(fields.promisePercent),
    plan: chance(fields.planPercent),
    call: chance(fields.callPercent),
    optOut: chance(fields.optOutPercent),
  };
  const sum = Object.values(chances).reduce<number>((total, each) => total + (each ?? 0), 0);
  if (sum > ALWAYS) value.refuse(`The chances add up to ${sum / 100} percent; 100 at most is possible.`);
  const withinDays = fields.withinDays?.integer([0, MOST_DAYS]);
  const reached = isByPeople ? fields.reachedPercent && readBasisPoints(fields.reachedPercent) : ALWAYS;
  return { withinDays, reached, chances };
}
