import { existsSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import postgres from 'postgres';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLog } from '../../local/stack-log.ts';
import { type Stack, type StackOptions, startStack } from '../../local/stack.ts';
import { eventually, freshFolder, processesNaming, startFixture } from './support.ts';

/** A stack that is stopped at the end of the test even when the test fails before. */
async function start(options: Partial<StackOptions> = {}): Promise<Stack> {
  const stack = await startStack({ profile: 'test', ui: false, log: silentLog, env: OWN, ...options });
  onTestFinished(() => stack.stop());
  return stack;
}

/** The tests start servers of their own whatever the environment offers. */
const OWN = { ...process.env, DATABASE_URL: '', TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: '' };

describe('a local stack', () => {
  it('is ready for a query, for a case with every search attribute and for a look at the UI when it has started', async () => {
    const stack = await start({ ui: true });

    const sql = postgres(stack.databaseUrl, { max: 1 });
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    await sql.end();
    const connection = await Connection.connect({ address: stack.temporalAddress });
    const client = new Client({ connection, namespace: stack.namespace });
    const case1 = await client.workflow.start('anything', {
      workflowId: 'case-1',
      taskQueue: 'nobody-listens',
      typedSearchAttributes: [
        { key: defineSearchAttributeKey('KeptStage', SearchAttributeType.KEYWORD), value: 'reminder' },
        { key: defineSearchAttributeKey('KeptOverdueMinor', SearchAttributeType.INT), value: 12_345 },
        { key: defineSearchAttributeKey('KeptNeedsHuman', SearchAttributeType.BOOL), value: false },
      ],
    });
    await eventually('the case is found by its attributes', async () => {
      const { count } = await client.workflow.count('KeptStage = "reminder" AND KeptOverdueMinor > 12344');
      return count === 1;
    });
    await case1.terminate();
    await connection.close();
    expect((await fetch(stack.uiUrl ?? '')).status).toBe(200);
  });

  it('runs beside another one without meeting it, and leaves no process and no file once it is stopped', async () => {
    const [one, two] = await Promise.all([start(), start()]);

    expect(one.temporalAddress).not.toBe(two.temporalAddress);
    const sql = postgres(one.databaseUrl, { max: 1 });
    await sql`create table only_here (id int)`;
    await sql.end();
    const other = postgres(two.databaseUrl, { max: 1 });
    expect(await other`select to_regclass('only_here') as found`).toEqual([{ found: null }]);
    await other.end();
    expect(await processesNaming(one.dataDir)).not.toEqual([]);
    await Promise.all([one.stop(), one.stop()]);
    expect(await processesNaming(one.dataDir)).toEqual([]);
    expect(existsSync(one.dataDir)).toBe(false);
    expect(await processesNaming(two.dataDir)).not.toEqual([]);
  });

  it('finds its rows, its cases and its addresses again in the data folder that it was given', async () => {
    const dataDir = freshFolder();
    const first = await start({ dataDir });
    const sql = postgres(first.databaseUrl, { max: 1 });
    await sql`create table remembered (id int)`;
    await sql.end();
    const connection = await Connection.connect({ address: first.temporalAddress });
    const before = new Client({ connection, namespace: first.namespace });
    await before.workflow.start('anything', { workflowId: 'case-2', taskQueue: 'nobody-listens' });
    await connection.close();
    await first.stop();

    const second = await start({ dataDir });

    expect(second.temporalAddress).toBe(first.temporalAddress);
    const again = postgres(second.databaseUrl, { max: 1 });
    expect(await again`select count(*)::int as rows from remembered`).toEqual([{ rows: 0 }]);
    await again.end();
    const later = await Connection.connect({ address: second.temporalAddress });
    const after = new Client({ connection: later, namespace: second.namespace });
    expect((await after.workflow.getHandle('case-2').describe()).status.name).toBe('RUNNING');
    await later.close();
  });

  it('tells when one of its servers ends by itself', async () => {
    const stack = await start();
    const sql = postgres(stack.databaseUrl, { max: 1 });
    const [{ pid } = { pid: 0 }] = await sql<{ pid: number }[]>`
      select split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int as pid`;
    await sql.end();

    process.kill(pid, 'SIGINT');

    expect(await stack.failure).toMatchObject({
      code: 'STACK_FAILED',
      message: expect.stringMatching(/Postgres has ended/),
    });
  });
});

describe('a program that is ended while its stack runs', () => {
  it('leaves no process and no file when it is killed with kill -9', async () => {
    const program = startFixture('parent', OWN);
    const { dataDir } = (await program.firstLine) as { dataDir: string };
    expect(await processesNaming(dataDir)).not.toEqual([]);

    program.child.kill('SIGKILL');

    await eventually('no server runs', async () => (await processesNaming(dataDir)).length === 0);
    await eventually('the folder is gone', () => !existsSync(dataDir));
  });

  it('can be started again in the same data folder at once after kill -9', async () => {
    const dataDir = freshFolder();
    const program = startFixture('parent', OWN, dataDir);
    await program.firstLine;

    program.child.kill('SIGKILL');
    await program.ended;

    const stack = await start({ dataDir });
    const sql = postgres(stack.databaseUrl, { max: 1 });
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    await sql.end();
  });

  it('stops its stack on Ctrl-C and then ends by that signal', async () => {
    const program = startFixture('parent', OWN);
    const { dataDir } = (await program.firstLine) as { dataDir: string };

    program.child.kill('SIGINT');

    expect(await program.ended).toBe('signal SIGINT');
    expect(await processesNaming(dataDir)).toEqual([]);
    expect(existsSync(dataDir)).toBe(false);
  });
});
