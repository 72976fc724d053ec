import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agreement, debtorEvent, task } from '../../db/schema.ts';
import { type AgreementPolicy, CAUTIOUS_AGREEMENTS } from '../../domain/agreement-policy.ts';
import { type TestApi, ask, askInVain, openApi } from '../support/api.ts';
import { taipei } from '../support/events.ts';
import { openCaseOf } from '../support/open-cases.ts';

const NOW = taipei('2026-04-10 15:00');
const AGREEMENTS: AgreementPolicy = {
  ...CAUTIOUS_AGREEMENTS,
  plan: { ...CAUTIOUS_AGREEMENTS.plan, smallestInstalmentMinor: 50_000 },
  settlement: {
    ...CAUTIOUS_AGREEMENTS.settlement,
    discountPercent: 10,
    byRole: { supervisor: { discountPercent: 20 } },
  },
};
let api: TestApi;

beforeAll(async () => {
  api = await openApi({ now: () => NOW });
  for (const loanRef of ['OFFER-1', 'OFFER-2', 'OFFER-3']) {
    await openCaseOf(api.database.db, loanRef, { agreements: AGREEMENTS });
  }
});
afterAll(() => api?.stop());

const listed = (loanRef: string, query = '') =>
  ask<{ overdueMinor: number; offers: { kind: string; discountMinor: number }[] }>(api.app, {
    url: `/v1/cases/${loanRef}/offers?firstOn=2026-04-30${query}`,
  });
const asking = (loanRef: string, payload: object) =>
  ({ method: 'POST', url: `/v1/cases/${loanRef}/offers`, payload }) as const;
const SETTLEMENT = {
  kind: 'settlement',
  parts: [{ amountMinor: 400_000, dueOn: '2026-04-30' }],
  discountMinor: 100_000,
};

describe('I4: what a debtor can be offered', () => {
  test('adds up to what is due, and comes from the strategy', async () => {
    const { status, body } = await listed('OFFER-1');
    expect([status, body.overdueMinor]).toEqual([200, 500_000]);
    expect(body.offers).toContainEqual({
      kind: 'settlement',
      parts: [{ amountMinor: 450_000, dueOn: '2026-04-30' }],
      totalMinor: 450_000,
      discountMinor: 50_000,
    });
    expect(await askInVain(api.app, { url: '/v1/cases/NOBODY/offers?firstOn=2026-04-30' })).toMatchObject({
      status: 404,
      code: 'CASE_UNKNOWN',
    });
  });

  test('is more by a supervisor', async () => {
    const { body } = await listed('OFFER-1', '&role=supervisor');
    expect(body.offers.filter(({ kind }) => kind === 'settlement')).toMatchObject([{ discountMinor: 100_000 }]);
    expect(await askInVain(api.app, { url: '/v1/cases/OFFER-1/offers?firstOn=2026-04-30&role=boss' })).toMatchObject({
      status: 400,
    });
  });

  test('is nothing of a kind that the case has had enough of, and nothing while a proposal waits', async () => {
    const { db } = api.database;
    await db.insert(agreement).values({
      loanRef: 'OFFER-2',
      episode: 1,
      agreementId: 'S-1',
      kind: 'settlement',
      way: 'phone',
      actor: 'agent-1',
      madeAt: NOW,
      instalments: [],
      toleranceMinor: 0,
      discountMinor: 0,
      freezesInterest: false,
      status: 'broken',
      receivedMinor: 0,
      instalmentsPaid: 0,
    });
    const { body } = await listed('OFFER-2');
    expect(new Set(body.offers.map(({ kind }) => kind))).toEqual(new Set(['plan']));
    const row = { taskId: 'T', loanRef: 'OFFER-2', episode: 1, kind: 'approval', step: 'case:approval:S-2' } as const;
    await db.insert(task).values({ ...row, openedAt: NOW, goesOnAt: taipei('2026-04-17 15:00') });
    expect((await listed('OFFER-2')).body.offers).toEqual([]);
    const { body: answer } = await ask(api.app, asking('OFFER-2', SETTLEMENT));
    expect(answer).toMatchObject({ outcome: 'refused', code: 'AGREEMENT_PENDING', nearest: null });
  });
});

describe('I4: a counter-offer is answered and made nothing of', () => {
  test('accepted, in need of approval with the nearest that needs none, and refused with its code', async () => {
    const { body: byAgent } = await ask(api.app, asking('OFFER-3', SETTLEMENT));
    const nearest = {
      parts: [{ amountMinor: 450_000, dueOn: '2026-04-30' }],
      totalMinor: 450_000,
      discountMinor: 50_000,
    };
    expect(byAgent).toEqual({
      outcome: 'needsApproval',
      code: null,
      detail: null,
      nearest: { kind: 'settlement', ...nearest },
    });
    const { body: bySupervisor } = await ask(api.app, asking('OFFER-3', { ...SETTLEMENT, role: 'supervisor' }));
    expect(bySupervisor).toEqual({ outcome: 'accepted', code: null, detail: null, nearest: null });
    const small = Array.from({ length: 20 }, (_, index) => ({ amountMinor: 25_000, dueOn: `2026-05-${index + 10}` }));
    const { body: refused } = await ask(api.app, asking('OFFER-3', { kind: 'plan', parts: small }));
    expect(refused).toMatchObject({
      outcome: 'refused',
      code: 'AGREEMENT_LIMIT',
      detail: 'A plan has 1 to 6 instalments, not 20.',
      nearest: { totalMinor: 500_000 },
    });
    expect(
      (await ask<{ agreements: object[] }>(api.app, { url: '/v1/cases/OFFER-3/agreements' })).body.agreements,
    ).toEqual([]);
    expect(await api.database.db.select().from(debtorEvent)).toEqual([]);
  });

  test('is refused by pointer when it is not as its schema says, and of a loan that is not known', async () => {
    const { errors } = await askInVain(api.app, asking('OFFER-3', { ...SETTLEMENT, parts: [], role: 'boss' }));
    expect(errors?.map(({ pointer }) => pointer).toSorted((a = '', b = '') => (a < b ? -1 : 1))).toEqual([
      '/parts',
      '/role',
    ]);
    expect(await askInVain(api.app, asking('NOBODY', SETTLEMENT))).toMatchObject({ status: 404, code: 'CASE_UNKNOWN' });
  });
});
