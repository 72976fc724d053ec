import { join } from 'node:path';
import { GRIEVANCE_KINDS } from '../domain/grievance.ts';
import type { ServiceLevels, ServiceLevelsByKind } from '../domain/service-levels.ts';
import { POLICY_DIR, openPolicyFile } from './policy-file.ts';
import type { PolicyValue } from './policy-value.ts';

const LEVELS = {
  acknowledgeWithinHours: '24',
  decideWithinDays: '15',
  answerWithinDays: '3',
  correctWithinDays: '7',
  escalateAgainAfterDays: '3',
  suspendDays: '14',
};
/** Longer is no service level; a year of hours. */
const MOST_HOURS = 8_760;
const MOST_DAYS = 365;

/**
 * How soon complaints and disputes have to be dealt with, from `service-levels.yaml`. What was raised before a change
 * keeps the levels that were promised.
 * @throws FILE_UNREADABLE; SERVICE_LEVELS_INVALID with every fault on its own line as `file:line:column: message`.
 */
export function loadServiceLevels(policyDir: string = POLICY_DIR): ServiceLevelsByKind {
  const file = openPolicyFile(join(policyDir, 'service-levels.yaml'));
  const fields = file.content.fields('a table of service levels', { version: '1', complaint: '{…}', dispute: '{…}' });
  fields.version.integer([1, 9_999]);
  const levels = Object.fromEntries(GRIEVANCE_KINDS.map((kind) => [kind, levelsOf(fields[kind])]));
  file.throwFaults('SERVICE_LEVELS_INVALID');
  return levels as Record<keyof ServiceLevelsByKind, ServiceLevels>;
}

function levelsOf(value: PolicyValue): Partial<Record<keyof ServiceLevels, number | undefined>> {
  const { acknowledgeWithinHours, suspendDays, ...days } = value.fields('a kind', LEVELS);
  const { decideWithinDays, answerWithinDays, correctWithinDays, escalateAgainAfterDays } = days;
  return {
    acknowledgeWithinHours: acknowledgeWithinHours.integer([1, MOST_HOURS]),
    decideWithinDays: decideWithinDays.integer([1, MOST_DAYS]),
    answerWithinDays: answerWithinDays.integer([1, MOST_DAYS]),
    correctWithinDays: correctWithinDays.integer([1, MOST_DAYS]),
    escalateAgainAfterDays: escalateAgainAfterDays.integer([1, MOST_DAYS]),
    suspendDays: suspendDays.integer([0, MOST_DAYS]),
  };
}
