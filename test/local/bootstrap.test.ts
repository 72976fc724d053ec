import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { expect, inject, it, onTestFinished } from 'vitest';
import { bootstrapNamespace } from '../../local/bootstrap.ts';
import { SEARCH_ATTRIBUTES } from '../../local/search-attributes.ts';

async function connect(): Promise<Connection> {
  const connection = await Connection.connect({ address: inject('stackTemporalAddress') });
  onTestFinished(() => connection.close());
  return connection;
}

it('makes a namespace whose search attributes can be used at once, and changes nothing the second time', async () => {
  const namespace = `test-${randomUUID()}`;
  const connection = await connect();

  await bootstrapNamespace(inject('stackTemporalAddress'), namespace, 7);
  const query = 'KeptNeedsHuman = true AND KeptStage = "early" AND KeptOverdueMinor > 0';
  const found = await connection.workflowService.listWorkflowExecutions({ namespace, query });
  const before = await connection.operatorService.listSearchAttributes({ namespace });
  await bootstrapNamespace(inject('stackTemporalAddress'), namespace, 30);

  expect(found.executions).toEqual([]);
  expect(Object.keys(before.customAttributes ?? {}).sort()).toEqual(Object.keys(SEARCH_ATTRIBUTES).sort());
  const after = await connection.operatorService.listSearchAttributes({ namespace });
  expect(after.customAttributes).toEqual(before.customAttributes);
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(7 * 86_400);
});

it('can be run by several processes at the same time', async () => {
  const namespace = `test-${randomUUID()}`;
  await Promise.all([1, 2, 3].map(() => bootstrapNamespace(inject('stackTemporalAddress'), namespace, 7)));
  const attributes = await (await connect()).operatorService.listSearchAttributes({ namespace });
  expect(Object.keys(attributes.customAttributes ?? {}).sort()).toEqual(Object.keys(SEARCH_ATTRIBUTES).sort());
});

it('refuses a namespace in which an attribute has another type', async () => {
  const namespace = `test-${randomUUID()}`;
  const connection = await connect();
  await bootstrapNamespace(inject('stackTemporalAddress'), namespace, 7);
  await connection.operatorService.removeSearchAttributes({ namespace, searchAttributes: ['KeptStage'] });
  const { INDEXED_VALUE_TYPE_INT } = proto.temporal.api.enums.v1.IndexedValueType;
  const searchAttributes = { KeptStage: INDEXED_VALUE_TYPE_INT };
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  await expect(bootstrapNamespace(inject('stackTemporalAddress'), namespace, 7)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: `The search attribute KeptStage exists in the namespace ${namespace} with another type than Keyword: set TEMPORAL_NAMESPACE to another namespace.`,
  });
});

it('says what the server has against a namespace', async () => {
  const bootstrap = bootstrapNamespace(inject('stackTemporalAddress'), 'n'.repeat(2_000), 7);
  await expect(bootstrap).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(/refuses the namespace/),
  });
});
