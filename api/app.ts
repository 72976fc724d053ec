import { randomUUID } from 'node:crypto';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { Client } from '@temporalio/client';
import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { Database } from '../db/client.ts';
import type { ContactPolicy } from '../db/contact-policy.ts';
import type { PenaltyInterest } from '../domain/accrual.ts';
import type { Instant } from '../domain/instant.ts';
import type { ComplaintWords } from '../domain/reply-complaint.ts';
import type { ReplyKeywords } from '../domain/reply-keywords.ts';
import type { SamplingPolicy } from '../domain/sampling.ts';
import type { ServiceLevelsByKind } from '../domain/service-levels.ts';
import type { Component } from '../domain/strategy.ts';
import { requireToken } from './auth.ts';
import { answerError, registerErrors } from './errors.ts';
import type { NoteCheck } from './notes.ts';
import { OPENAPI } from './openapi.ts';
import { agreementRoutes } from './routes/agreements.ts';
import { bulkHoldRoutes } from './routes/bulk-holds.ts';
import { callRoutes } from './routes/calls.ts';
import { caseRoutes } from './routes/cases.ts';
import { contactRoutes } from './routes/contacts.ts';
import { debtorRoutes } from './routes/debtors.ts';
import { eventRoutes } from './routes/events.ts';
import { gatewayRoutes } from './routes/gateway.ts';
import { grievanceRoutes } from './routes/grievances.ts';
import { healthRoutes } from './routes/health.ts';
import { holdRoutes } from './routes/holds.ts';
import { offerRoutes } from './routes/offers.ts';
import { problemRoutes } from './routes/problems.ts';
import { sampleRoutes } from './routes/samples.ts';
import { taskRoutes } from './routes/tasks.ts';
import { validatorCompiler } from './validation.ts';

export interface ApiOptions extends ContactPolicy {
  readonly db: Database;
  readonly client: Client;
  /** Order in which payments pay the components of what is due: the active strategy's. */
  readonly allocation: readonly Component[];
  /** What being overdue costs by the active strategy; left out when it costs nothing. */
  readonly penaltyInterest?: PenaltyInterest | undefined;
  readonly checkNote: NoteCheck;
  readonly replyKeywords: ReplyKeywords;
  /** Which contacts are reviewed, and what is asked about them. */
  readonly sampling: SamplingPolicy;
  readonly complaintWords: ComplaintWords;
  /** How soon complaints and disputes that are raised from now on have to be dealt with. */
  readonly serviceLevels: ServiceLevelsByKind;
  /** Segment of the address that gateways post to; without it there are no such routes. */
  readonly gatewaySecret?: string;
  /** What time it is; the system's clock unless given. */
  readonly now?: () => Instant;
  /** Bearer token that every request but health needs; absent only on loopback. */
  readonly token?: string;
  /** Links to the Temporal UI, if there is one. */
  readonly temporalUiUrl?: string;
  readonly isLogging?: boolean;
}

/** Events of the loan system are small; a body beyond this is a mistake. */
const BODY_LIMIT_BYTES = 1_048_576;
/** A task's id may have 200 characters, and each of them three bytes, escaped. */
const MAX_PARAM_LENGTH = 1_800;

/** The API as an application that does not listen yet: the server and the tests use the same one. */
export async function buildApi(options: ApiOptions): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: answerError,
    genReqId: () => randomUUID(),
    logger: options.isLogging === true ? { level: 'warn', redact: ['req.headers.authorization'] } : false,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  registerErrors(app);
  if (options.token !== undefined) requireToken(app, options.token);
  await app.register(swagger, OPENAPI);
  await app.register(swaggerUi, { routePrefix: '/docs' });
  await app.register(healthRoutes, options);
  await app.register(problemRoutes);
  await app.register(eventRoutes, { ...options, prefix: '/v1' });
  await app.register(caseRoutes, { ...options, prefix: '/v1' });
  await app.register(offerRoutes, { ...options, prefix: '/v1' });
  await app.register(agreementRoutes, { ...options, prefix: '/v1' });
  await app.register(holdRoutes, { ...options, prefix: '/v1' });
  await app.register(bulkHoldRoutes, { ...options, prefix: '/v1' });
  await app.register(taskRoutes, { ...options, prefix: '/v1' });
  await app.register(callRoutes, { ...options, prefix: '/v1' });
  await app.register(contactRoutes, { ...options, prefix: '/v1' });
  await app.register(sampleRoutes, { ...options, prefix: '/v1' });
  await app.register(debtorRoutes, { ...options, prefix: '/v1' });
  await app.register(grievanceRoutes, { ...options, prefix: '/v1' });
  await app.register(gatewayRoutes, { ...options, prefix: '/v1' });
  return app;
}
