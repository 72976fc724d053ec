import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { taipei } from '../support/events.ts';
import { SEEN_AT, dueSoon, statementOf } from '../support/loans.ts';
import { type TestSandbox, openSandbox } from '../support/sandbox.ts';

const loanRef = 'AGREE-1';

describe('T4 T6: agreements and holds over the API', () => {
  let sandbox: TestSandbox;

  beforeAll(async () => {
    sandbox = await openSandbox({ seenAt: { [loanRef]: SEEN_AT } });
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.moveTo(loanRef, taipei('2026-04-08 15:00'));
  });
  afterAll(() => sandbox?.stop());

  /** Status and body of a request to the API that listens. */
  async function call(method: string, path: string, body?: object): Promise<Readonly<Record<string, unknown>>> {
    const response = await fetch(`${sandbox.kept.api.url}/v1/cases/${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    await sandbox.settled(loanRef);
    return { httpStatus: response.status, ...answer };
  }

  const promise = {
    agreementId: 'P-1',
    kind: 'promise',
    way: 'phone',
    reason: 'illness',
    actor: 'agent-1',
    parts: [{ amountMinor: 200_000, dueOn: '2026-04-15' }],
  };

  test('a promise is made, made again without harm, listed, and replaced by a plan', async () => {
    const first = await call('POST', `${loanRef}/agreements`, promise);
    expect(first).toEqual({ agreementId: 'P-1', ...MADE });
    expect(await call('POST', `${loanRef}/agreements`, promise)).toEqual(first);
    const plan = { ...promise, agreementId: 'N-1', kind: 'plan', parts: PLAN };
    expect(await call('POST', `${loanRef}/agreements`, plan)).toMatchObject(MADE);
    const { agreements } = await call('GET', `${loanRef}/agreements`);
    expect(agreements).toMatchObject([
      { agreementId: 'P-1', status: 'replaced', reason: 'illness', totalMinor: 200_000 },
      { agreementId: 'N-1', status: 'open', parts: PLAN, partsPaid: 0 },
    ]);
  });

  test('is refused with the code of the reason', async () => {
    const { agreementId: _id, ...rest } = promise;
    const refused = (change: object) => call('POST', `${loanRef}/agreements`, { ...rest, ...change });
    expect(await refused({ agreementId: 'P-2' })).toMatchObject({ httpStatus: 409, code: 'AGREEMENT_OPEN' });
    expect(await refused({ agreementId: 'P-1', actor: 'agent-2' })).toMatchObject({ code: 'AGREEMENT_KNOWN' });
    expect(await refused({ agreementId: 'X', kind: 'settlement' })).toMatchObject({ code: 'AGREEMENT_INVALID' });
    expect(await refused({ agreementId: 'X', parts: [] })).toMatchObject({ httpStatus: 400, code: 'REQUEST_INVALID' });
    expect(await refused({ agreementId: 'X', surprise: 1 })).toMatchObject({ httpStatus: 400 });
    const nobody = { ...promise, agreementId: 'X' };
    expect(await call('POST', 'NOBODY/agreements', nobody)).toMatchObject({ httpStatus: 404, code: 'CASE_UNKNOWN' });
  });

  test('T10: what is forgiven beyond the limit is approved by somebody else', async () => {
    const cancelled = await call('POST', `${loanRef}/agreements/N-1/cancel`, {
      actor: 'agent-1',
      reason: 'A better way.',
    });
    expect(cancelled).toEqual({ httpStatus: 202, agreementId: 'N-1' });
    const again = await call('POST', `${loanRef}/agreements/N-1/cancel`, { actor: 'agent-2', reason: 'Once more.' });
    expect(again).toMatchObject({ httpStatus: 404, code: 'AGREEMENT_UNKNOWN' });
    expect((await call('GET', `${loanRef}/agreements`))['agreements']).toContainEqual(
      expect.objectContaining({ agreementId: 'N-1', cancelledBy: 'agent-1', cancelReason: 'A better way.' }),
    );
    const settlement = {
      ...promise,
      agreementId: 'S-1',
      kind: 'settlement',
      parts: [{ amountMinor: 400_000, dueOn: '2026-04-20' }],
      discountMinor: 100_000,
    };
    expect(await call('POST', `${loanRef}/agreements`, settlement)).toMatchObject({ status: 'awaitsApproval' });
    const { state } = await sandbox.settled(loanRef);
    const task = state?.openTasks.find(({ kind }) => kind === 'approval');
    const answerBy = (actor: string) =>
      fetch(`${sandbox.kept.api.url}/v1/tasks/${encodeURIComponent(task?.taskId ?? '')}/answer`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ answer: 'approved', actor, reason: 'Their illness is proven.' }),
      });
    const own = await answerBy('agent-1');
    expect([own.status, await own.json()]).toMatchObject([422, { code: 'FOUR_EYES' }]);
    expect((await answerBy('supervisor-1')).status).toBe(202);
    await sandbox.settled(loanRef);
    const { agreements } = await call('GET', `${loanRef}/agreements`);
    expect(agreements).toContainEqual(expect.objectContaining({ agreementId: 'S-1', role: 'agent', status: 'open' }));
  });

  test('a hold is placed and released, once', async () => {
    const hold = { holdId: 'H-1', reason: 'dispute', scope: 'loan', actor: 'agent-1' };
    expect(await call('POST', `${loanRef}/holds`, hold)).toEqual({ httpStatus: 201, holdId: 'H-1' });
    expect((await sandbox.settled(loanRef)).action).toMatchObject({ why: { for: 'hold', reasons: ['dispute'] } });
    const ended = { ...hold, holdId: 'H-2', until: '2020-01-01T00:00:00Z' };
    expect(await call('POST', `${loanRef}/holds`, ended)).toMatchObject({ httpStatus: 422, code: 'HOLD_INVALID' });
    const release = (actor: string) => call('POST', `${loanRef}/holds/H-1/release`, { actor });
    expect(await release('agent-1')).toEqual({ httpStatus: 202, holdId: 'H-1' });
    expect(await release('agent-2')).toMatchObject({ httpStatus: 404, code: 'HOLD_UNKNOWN' });
    expect((await sandbox.settled(loanRef)).action).toMatchObject({ why: { for: 'agreement' } });
  });
});

const MADE = { httpStatus: 201, status: 'made' };
const PLAN = [
  { amountMinor: 250_000, dueOn: '2026-04-30' },
  { amountMinor: 250_000, dueOn: '2026-05-30' },
];
