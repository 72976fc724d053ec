import type { CaseActivities } from '../workflows/contract.ts';
import type { GrievanceActivities } from '../workflows/grievance-contract.ts';
import { caseRecords } from './case-records.ts';
import { makeContacts } from './contact.ts';
import type { Dependencies } from './dependencies.ts';
import { guarded } from './failures.ts';
import { grievanceRecords } from './grievance-records.ts';

/** The activities of a worker over their real dependencies. */
export function createActivities(deps: Dependencies): CaseActivities & GrievanceActivities {
  return guarded({
    ...caseRecords(deps),
    ...grievanceRecords(deps),
    makeContacts: (input) => makeContacts(deps, input),
  });
}
