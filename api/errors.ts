import { ServiceError, WorkflowUpdateRPCTimeoutOrCancelledError, isGrpcServiceError } from '@temporalio/client';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { databaseErrorOf } from '../db/database-error.ts';
import { DomainError, ERRORS, type ErrorCode } from '../domain/errors.ts';
import { type RequestFault, RequestInvalid } from './validation.ts';

/** Which status a refusal of the domain becomes; every other one is 422, for the request was understood and refused. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  UNAUTHORISED: 401,
  CALL_UNKNOWN: 404,
  AGREEMENT_KNOWN: 409,
  AGREEMENT_OPEN: 409,
  AGREEMENT_PENDING: 409,
  AGREEMENT_UNKNOWN: 404,
  CASE_CLOSED: 409,
  CASE_UNKNOWN: 404,
  DEBTOR_UNKNOWN: 404,
  EVENT_UNKNOWN: 404,
  GRIEVANCE_ANSWERED: 409,
  GRIEVANCE_CONFLICT: 409,
  GRIEVANCE_UNDECIDED: 409,
  GRIEVANCE_UNKNOWN: 404,
  HOLD_UNKNOWN: 404,
  SAMPLE_UNKNOWN: 404,
  TASK_UNKNOWN: 404,
  CALL_ALREADY_LOGGED: 409,
  CALL_CONFLICT: 409,
  CONTACT_CONFLICT: 409,
  EVENT_CONFLICT: 409,
  SAMPLE_ALREADY_REVIEWED: 409,
  TASK_ALREADY_ANSWERED: 409,
  PROVIDER_UNREACHABLE: 503,
};

/** What goes wrong between a client and the API itself, beside the refusals of the domain. */
const API_ERRORS = {
  REQUEST_INVALID: { status: 400, fix: 'Correct what `errors` points to and send the request again.' },
  REQUEST_UNREADABLE: { status: 400, fix: 'Send one JSON value in UTF-8 to an address without broken escapes.' },
  ROUTE_UNKNOWN: { status: 404, fix: 'Check method and path against /docs.' },
  BODY_TOO_LARGE: { status: 413, fix: 'Send one event a request; no event comes near 1 MiB.' },
  ADDRESS_TOO_LONG: { status: 414, fix: 'Check the ids in the path: none is so long.' },
  CONTENT_TYPE_UNSUPPORTED: { status: 415, fix: 'Send `Content-Type: application/json`.' },
  INTERNAL: { status: 500, fix: 'Send the request again; if it fails again, tell us its `instance`.' },
  DATABASE_UNREACHABLE: { status: 503, fix: 'Send the request again after a while; an event may come twice.' },
  ENGINE_UNREACHABLE: { status: 503, fix: 'Send the request again after a while; an answer may come twice.' },
} as const;

type ApiErrorCode = keyof typeof API_ERRORS;

const RETRY_AFTER_SECONDS = 5;
/** gRPC: deadline exceeded, resource exhausted, unavailable. */
const ENGINE_AWAY: ReadonlySet<number> = new Set([4, 8, 14]);

/** RFC 9457 problem details with a stable `code`, and every fault of a bad request. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** Id of the request, as in the log. */
  readonly instance: string;
  readonly errors?: readonly RequestFault[];
}

/** What to do about a code that a problem may have; null when there is no such code. */
export function fixOf(code: string): string | null {
  if (Object.hasOwn(ERRORS, code)) return ERRORS[code as ErrorCode].fix;
  return Object.hasOwn(API_ERRORS, code) ? API_ERRORS[code as ApiErrorCode].fix : null;
}

/** Answers every failure as a problem; what we did not foresee is logged by its class and told to nobody. */
export function registerErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>(answerError);
  app.setNotFoundHandler((request, reply) =>
    answer(reply, apiProblem('ROUTE_UNKNOWN', 'There is no such route.', request.id)),
  );
}

/** Also for what fails before there is a route, such as an address that cannot be decoded. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(error, request.id);
  if (problem.status >= 500) request.log.error({ error: error.name, code: problem.code }, 'request failed');
  answer(reply, problem);
}

function answer(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  if (problem.status === 503) reply.header('retry-after', String(RETRY_AFTER_SECONDS));
  return reply.status(problem.status).type('application/problem+json').send(problem);
}

function toProblem(error: FastifyError | DomainError | RequestInvalid, instance: string): Problem {
  if (error instanceof DomainError) {
    const title = ERRORS[error.code].fix;
    return problemOf(error.code, { title, status: STATUS[error.code] ?? 422, detail: error.message, instance });
  }
  if (error instanceof RequestInvalid) {
    const { length } = error.faults;
    const detail = `The request has ${length} ${length === 1 ? 'fault' : 'faults'}.`;
    return { ...apiProblem('REQUEST_INVALID', detail, instance), errors: error.faults };
  }
  if (isEngineAway(error)) return apiProblem('ENGINE_UNREACHABLE', 'The engine did not answer in time.', instance);
  if (databaseErrorOf(error)?.isPassing === true) {
    return apiProblem('DATABASE_UNREACHABLE', 'The database did not answer in time.', instance);
  }
  return apiProblem(...refusalOf(error), instance);
}

/** What Fastify refuses by itself. Its messages are not passed on: they may quote what was sent. */
function refusalOf({ statusCode = 500, code }: FastifyError): [ApiErrorCode, string] {
  if (statusCode >= 500) return ['INTERNAL', 'Something failed on our side.'];
  if (statusCode === 413) return ['BODY_TOO_LARGE', 'The body is too large.'];
  if (statusCode === 414) return ['ADDRESS_TOO_LONG', 'A part of the address is too long.'];
  if (statusCode === 415) return ['CONTENT_TYPE_UNSUPPORTED', 'The body is not said to be JSON.'];
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return ['REQUEST_UNREADABLE', 'The body is empty.'];
  if (code === 'FST_ERR_BAD_URL') return ['REQUEST_UNREADABLE', 'The address cannot be decoded.'];
  return ['REQUEST_UNREADABLE', 'The body is not valid JSON.'];
}

function isEngineAway(error: Error): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && ENGINE_AWAY.has(cause.code);
}

function apiProblem(code: ApiErrorCode, detail: string, instance: string): Problem {
  const { fix: title, status } = API_ERRORS[code];
  return problemOf(code, { title, status, detail, instance });
}

function problemOf(code: string, rest: Omit<Problem, 'type' | 'code'>): Problem {
  const { title, status, detail, instance } = rest;
  return { type: `/problems/${code}`, title, status, code, detail, instance };
}
