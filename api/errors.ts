import type { FastifyError, FastifyInstance } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { DomainError, ERRORS, type ErrorCode } from '../domain/errors.ts';

/** Which status a code becomes; every other code is 422, for the request was understood and refused. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  UNAUTHORISED: 401,
  CASE_UNKNOWN: 404,
  EVENT_UNKNOWN: 404,
  TASK_UNKNOWN: 404,
  EVENT_CONFLICT: 409,
  TASK_ALREADY_ANSWERED: 409,
  PROVIDER_UNREACHABLE: 503,
};

/** RFC 9457 problem details, with `code` and, for bad bodies, a JSON pointer for each fault. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly instance: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

function problem(code: ErrorCode, detail: string, status: number, instance: string): Problem {
  return { type: `/problems/${code}`, title: ERRORS[code].fix, status, code, detail, instance };
}

/** Answers every failure as a problem; what we did not foresee is logged by its class and told to nobody. */
export function registerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const answer = toProblem(error, request.id);
    if (answer.status >= 500) request.log.error({ error: error.name, code: answer.code }, 'request failed');
    return reply.status(answer.status).type('application/problem+json').send(answer);
  });
  app.setNotFoundHandler((request, reply) =>
    reply
      .status(404)
      .type('application/problem+json')
      .send({ type: 'about:blank', title: 'There is no such route.', status: 404, instance: request.id }),
  );
}

function toProblem(error: FastifyError | DomainError, instance: string): Problem {
  if (error instanceof DomainError) return problem(error.code, error.message, STATUS[error.code] ?? 422, instance);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map((fault) => ({
      pointer: fault.instancePath,
      detail: fault.message ?? 'invalid',
    }));
    return { ...problem('EVENT_INVALID', `The request has ${errors.length} faults.`, 400, instance), errors };
  }
  const status = error.statusCode ?? 500;
  const known = status >= 400 && status < 500;
  return {
    type: 'about:blank',
    title: known ? error.message : 'Something failed on our side; the request can be sent again.',
    status,
    code: known ? error.code : 'INTERNAL',
    detail: known ? error.message : 'Nothing was done.',
    instance,
  };
}
