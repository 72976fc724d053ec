import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Schemas = Record<string, Json>;

const REF = /"#\/components\/schemas\/([^"]+)"/g;

/** How the OpenAPI document is made from the routes. */
export const OPENAPI: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Kept',
      version: '1',
      description:
        'Events of loans and debtors in; cases, and the tasks they have for people, out; calls reserved. Every failure is an RFC 9457 problem ' +
        'with a stable `code`; fields may be added to answers, so ignore those you do not know.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This server' }],
    tags: [
      { name: 'loan system', description: 'What the loan system sends, and what became of it' },
      { name: 'debtors', description: 'What debtors agreed to, refused and are protected by' },
      { name: 'calls', description: 'Calls of agents, and contacts that debtors make' },
      { name: 'cases', description: 'Loans that are being collected' },
      { name: 'agreements', description: 'Promises, plans and settlements' },
      { name: 'holds', description: 'Stops of collection, with a reason' },
      { name: 'compliance', description: 'Contacts that are looked at again, and what was found' },
      { name: 'grievances', description: 'Complaints and disputes, and how they are dealt with' },
      { name: 'tasks', description: 'Work that cases, complaints and disputes have for people' },
    ],
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'KEPT_API_TOKEN; none is needed on loopback alone' },
      },
    },
    security: [{ token: [] }],
  },
  transform: jsonSchemaTransform,
  transformObject: (input) => withOwnSchemas(jsonSchemaTransformObject(input) as Document) as object,
};

interface Document {
  readonly paths: Json;
  readonly components: { readonly schemas: Schemas };
}

/**
 * The generator writes every named schema twice, as input and as output, used or not. Here only those stay that are
 * used, each under its own name.
 */
function withOwnSchemas(document: Document): Document {
  const all = document.components.schemas;
  const used = [...usedSchemas(document.paths, all)].toSorted((a, b) => (a < b ? -1 : 1));
  const names = new Map(used.map((name) => [name, ownName(name, used, all)]));
  const renamed = <T>(value: T): T => {
    const text = JSON.stringify(value).replaceAll(REF, (_ref, name: string) => refTo(names.get(name) ?? name));
    return JSON.parse(text) as T;
  };
  const schemas = Object.fromEntries(used.map((name) => [names.get(name) ?? name, renamed(all[name] ?? null)]));
  return { ...renamed(document), components: { ...document.components, schemas } };
}

/** Names of the schemas that are referred to, directly or by another one. */
function usedSchemas(from: Json, all: Schemas): Set<string> {
  const used = new Set<string>();
  const visit = (value: Json): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(REF)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(all[name] ?? null);
    }
  };
  visit(from);
  return used;
}

/** `LoanEventInput` is `LoanEvent` unless another schema of that name is in use. */
function ownName(name: string, used: readonly string[], all: Schemas): string {
  const own = withoutSuffix(name);
  const text = (of: string) => JSON.stringify(all[of]).replaceAll(REF, (_ref, to: string) => refTo(withoutSuffix(to)));
  return used.includes(own) && text(own) !== text(name) ? name : own;
}

function withoutSuffix(name: string): string {
  return name.replace(/Input$/, '');
}

function refTo(name: string): string {
  return `"#/components/schemas/${name}"`;
}
