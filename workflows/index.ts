export { collectionCase } from './collection-case.ts';
