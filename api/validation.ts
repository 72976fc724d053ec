import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';

/** One fault of a request: `pointer` leads to it in the body (RFC 6901), `parameter` names it in the address. */
export interface RequestFault {
  readonly pointer?: string;
  readonly parameter?: string;
  /** What would be right. Never what was sent: that may be personal. */
  readonly detail: string;
}

/** A request that its schema refuses. */
export class RequestInvalid extends Error {
  override readonly name = 'RequestInvalid';
  readonly faults: readonly RequestFault[];

  constructor(faults: readonly RequestFault[]) {
    super('The request is not as its schema says.');
    this.faults = faults;
  }
}

/** Faults told at once; a body may have thousands. */
const MAX_FAULTS = 50;

/** Checks a part of a request against its schema, without changing a type or dropping a field. @throws RequestInvalid */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (data) => {
    const parsed = schema.safeParse(data);
    if (parsed.success) return { value: parsed.data };
    const faults = parsed.error.issues.flatMap(faultsOf).slice(0, MAX_FAULTS);
    const place = httpPart === 'body' ? inBody : inAddress;
    return { error: new RequestInvalid(faults.map(({ path, detail }) => ({ ...place(path), detail }))) };
  };

interface PathFault {
  readonly path: readonly PropertyKey[];
  readonly detail: string;
}

function faultsOf(issue: z.core.$ZodIssue): PathFault[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, detail: issue.message }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], detail: 'There is no such field.' }));
}

function inBody(path: readonly PropertyKey[]): Pick<RequestFault, 'pointer'> {
  return { pointer: path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('') };
}

function inAddress([parameter]: readonly PropertyKey[]): Pick<RequestFault, 'parameter'> {
  return { parameter: String(parameter) };
}
