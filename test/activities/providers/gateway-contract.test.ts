import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  acceptedBody,
  keyHeader,
  LOOK_UP_PATH,
  lookUpBody,
  MESSAGES_PATH,
  messageBody,
  receipt,
  rejectedBody,
  reply,
} from '../../../contracts/gateway.ts';

const SCHEMAS = {
  Message: messageBody,
  Accepted: acceptedBody,
  Rejected: rejectedBody,
  LookUp: lookUpBody,
  Receipt: receipt,
  Reply: reply,
};

/** What differs between the two forms without a difference in meaning. */
const IGNORED = new Set(['$schema', 'description', 'propertyNames', 'pattern']);

type Json = Readonly<Record<string, unknown>>;
let document: Json;

beforeAll(async () => {
  document = parse(await readFile(new URL('../../../docs/gateway.openapi.yaml', import.meta.url), 'utf8')) as Json;
});

function at(...path: readonly string[]): unknown {
  return path.reduce<unknown>((node, name) => (node as Json | undefined)?.[name], document);
}

function meaning(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(meaning);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(([name]) => !IGNORED.has(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, meaning(value)]));
}

describe('docs/gateway.openapi.yaml', () => {
  it.each(Object.entries(SCHEMAS))('describes %s as the code checks it', (name, schema) => {
    expect(meaning(at('components', 'schemas', name))).toEqual(meaning(z.toJSONSchema(schema, { io: 'input' })));
  });

  it('names the paths that the adapter uses', () => {
    expect(Object.keys(at('paths') as Json)).toEqual([`/${MESSAGES_PATH}`, `/${LOOK_UP_PATH}{key}`]);
  });

  it('has examples that the code takes', () => {
    const json = ['content', 'application/json'];
    const handOver = ['paths', '/v1/messages', 'post'];
    const lookUp = ['paths', '/v1/messages/by-key/{key}', 'get', 'responses', '200', ...json, 'examples'];

    messageBody.parse(at(...handOver, 'requestBody', ...json, 'example'));
    acceptedBody.parse(at(...handOver, 'responses', '202', ...json, 'example'));
    rejectedBody.parse(at(...handOver, 'responses', '422', ...json, 'example'));
    lookUpBody.parse(at(...lookUp, 'taken', 'value'));
    lookUpBody.parse(at(...lookUp, 'refused', 'value'));
    receipt.array().parse(at('webhooks', 'receipts', 'post', 'requestBody', ...json, 'example'));
    reply.array().parse(at('webhooks', 'replies', 'post', 'requestBody', ...json, 'example'));
  });
});

describe('the contract', () => {
  it('carries a plain key in the header as it is, and encodes the rest', () => {
    expect(keyHeader('case-L1/unsecured-consumer@1/sms-d3/1')).toBe('case-L1/unsecured-consumer@1/sms-d3/1');
    expect(keyHeader('借款 1%')).toBe('%E5%80%9F%E6%AC%BE%201%25');
  });

  it('tells what came of a call, and nothing else by that name', () => {
    const failed = { providerRef: 'gw-1', key: 'k', status: 'failed', at: '2026-07-04T02:11:40Z' };
    for (const result of ['connected', 'noAnswer', 'notConnected', undefined]) {
      expect(receipt.parse({ ...failed, result }).result).toBe(result);
      expect(lookUpBody.parse({ ...failed, result })).toMatchObject({ status: 'failed' });
    }
    expect(receipt.safeParse({ ...failed, result: 'voicemail' }).success).toBe(false);
  });

  it.each(['', '.', '..', 'x'.repeat(301)])('takes no key %j', (key) => {
    const body = { key, channel: 'sms', to: '+1', language: 'en', templateCode: 'T', params: {} };
    expect(messageBody.safeParse(body).success).toBe(false);
    expect(messageBody.safeParse({ ...body, key: 'k' }).success).toBe(true);
  });
});
