import type { CaseActivities } from '../workflows/contract.ts';
import { caseRecords } from './case-records.ts';
import { makeContacts } from './contact.ts';
import type { Dependencies } from './dependencies.ts';
import { guarded } from './failures.ts';

/** The activities of a worker over their real dependencies. */
export function createActivities(deps: Dependencies): CaseActivities {
  return guarded({ ...caseRecords(deps), makeContacts: (input) => makeContacts(deps, input) });
}
