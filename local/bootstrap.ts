import { Connection, isGrpcServiceError } from '@temporalio/client';
// The package is CommonJS whose names Node cannot see, so it comes as a whole.
import proto, { type temporal } from '@temporalio/proto';
import Long from 'long';
import { DomainError } from '../domain/errors.ts';
import { GRPC, grpcCodeOf } from './grpc-code.ts';
import { pollUntil } from './poll.ts';
import { SEARCH_ATTRIBUTES, type SearchAttributeType } from './search-attributes.ts';

/** Closed cases stay visible in Temporal this long; the database is the record. */
export const RETENTION_DAYS = 90;
const CONNECT_WITHIN_MS = 5_000;
const USABLE_WITHIN_MS = 60_000;
const POLL_MS = 50;
const DAY_SECONDS = 86_400;
const { IndexedValueType } = proto.temporal.api.enums.v1;

const INDEXED_TYPES: Readonly<Record<SearchAttributeType, temporal.api.enums.v1.IndexedValueType>> = {
  Keyword: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  Int: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  Bool: IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
};

type Codes = ReadonlySet<number | undefined>;
/** What a server answers while it is still starting. */
const STARTING: Codes = new Set([GRPC.deadlineExceeded, GRPC.unavailable]);
/** What it answers, besides, while a namespace or an attribute is not yet known to all of its parts. */
const TOO_NEW: Codes = new Set([...STARTING, GRPC.invalidArgument, GRPC.notFound, GRPC.failedPrecondition]);

/**
 * Makes the namespace and its search attributes where they are missing, and returns when the server takes queries on
 * all of them. Running it again changes nothing.
 * @param retentionDays how long closed cases stay visible, when the namespace is made here
 * @throws CONFIG_INVALID when no server answers, or an attribute exists with another type; STACK_FAILED after 60 s
 */
export async function bootstrapNamespace(
  address: string,
  namespace: string,
  retentionDays: number,
  signal?: AbortSignal,
): Promise<void> {
  const connection = await connect(address);
  const wait = { withinMs: USABLE_WITHIN_MS, everyMs: POLL_MS, timeUp: () => notUsable(namespace), signal };
  try {
    await pollUntil(() => unless(STARTING, () => makeNamespace(connection, namespace, retentionDays)), wait);
    await pollUntil(() => unless(TOO_NEW, () => addMissingAttributes(connection, namespace)), wait);
    await pollUntil(() => unless(TOO_NEW, () => queryAllAttributes(connection, namespace)), wait);
  } catch (error) {
    throw grpcCodeOf(error) === undefined ? error : refused(address, namespace, error);
  } finally {
    await connection.close();
  }
}

async function connect(address: string): Promise<Connection> {
  try {
    return await Connection.connect({ address, connectTimeout: CONNECT_WITHIN_MS });
  } catch {
    throw new DomainError('CONFIG_INVALID', `No Temporal server answers at ${address} (TEMPORAL_ADDRESS).`);
  }
}

async function makeNamespace(connection: Connection, namespace: string, retentionDays: number): Promise<true> {
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: Long.fromNumber(retentionDays * DAY_SECONDS) },
    });
  } catch (error) {
    if (grpcCodeOf(error) !== GRPC.alreadyExists) throw error;
  }
  return true;
}

async function addMissingAttributes(connection: Connection, namespace: string): Promise<true> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name, type]) => {
    const existing = customAttributes?.[name];
    if (existing !== undefined && existing !== INDEXED_TYPES[type]) throw otherType(namespace, name, type);
    return existing === undefined;
  });
  if (missing.length === 0) return true;
  const searchAttributes = Object.fromEntries(missing.map(([name, type]) => [name, INDEXED_TYPES[type]]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  return true;
}

/** A fresh attribute is listed before queries and starts may use it; a query on all of them is the proof. */
async function queryAllAttributes(connection: Connection, namespace: string): Promise<true> {
  const query = Object.keys(SEARCH_ATTRIBUTES)
    .map((name) => `${name} IS NOT NULL`)
    .join(' AND ');
  await connection.workflowService.listWorkflowExecutions({ namespace, pageSize: 1, query });
  return true;
}

/** Does the work, unless the server answers with a code that means "not yet". */
async function unless(notYet: Codes, work: () => Promise<true>): Promise<true | undefined> {
  try {
    return await work();
  } catch (error) {
    if (notYet.has(grpcCodeOf(error))) return undefined;
    throw error;
  }
}

function otherType(namespace: string, name: string, type: SearchAttributeType): DomainError {
  return new DomainError(
    'CONFIG_INVALID',
    `The search attribute ${name} exists in the namespace ${namespace} with another type than ${type}: ` +
      'set TEMPORAL_NAMESPACE to another namespace.',
  );
}

function refused(address: string, namespace: string, error: unknown): DomainError {
  const reason = isGrpcServiceError(error) ? error.details : 'no reason given';
  return new DomainError('CONFIG_INVALID', `Temporal at ${address} refuses the namespace ${namespace}: ${reason}.`);
}

function notUsable(namespace: string): DomainError {
  return new DomainError(
    'STACK_FAILED',
    `The search attributes of the namespace ${namespace} could not be used within ${USABLE_WITHIN_MS / 1_000} s.`,
  );
}
