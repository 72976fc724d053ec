export { collectionCase } from './collection-case.ts';
export { grievance } from './grievance.ts';
