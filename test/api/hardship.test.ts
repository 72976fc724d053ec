import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyCase } from '../../db/queries/verified-case.ts';
import { caseRecord, outbox } from '../../db/schema.ts';
import { type AgreementPolicy, CAUTIOUS_AGREEMENTS } from '../../domain/agreement-policy.ts';
import type { Instant } from '../../domain/instant.ts';
import { type TestApi, ask, askInVain, openApi } from '../support/api.ts';
import { taipei } from '../support/events.ts';
import { SEEN_AT, dueSoon, statementOf } from '../support/loans.ts';
import { openCaseOf } from '../support/open-cases.ts';
import { type TestSandbox, openSandbox } from '../support/sandbox.ts';
import { calendar, strategy } from '../support/strategy.ts';

const AGREEMENTS: AgreementPolicy = {
  ...CAUTIOUS_AGREEMENTS,
  settlement: { ...CAUTIOUS_AGREEMENTS.settlement, byRole: { supervisor: { discountPercent: 50 } } },
  hardship: { plan: { mostInstalments: 12, longestDays: 365 }, settlement: { discountPercent: 30 } },
};
const SHA256 = 'ab'.repeat(32);
const NOW = taipei('2026-04-10 15:00');
let now: Instant = NOW;

const claim = (debtorRef: string, id: string, data: object = {}) => ({
  id,
  type: 'hardship.claimed',
  timestamp: '2026-04-08T10:00:00+08:00',
  data: { debtorRef, source: 'agent-1', reason: 'jobLoss', evidence: [{ sha256: SHA256, kind: 'dismissal' }], ...data },
});
const ending = (debtorRef: string, claimEventId: string, timestamp: string) => ({
  id: `end-${claimEventId}`,
  type: 'hardship.ended',
  timestamp,
  data: { debtorRef, source: 'agent-1', claimEventId },
});

describe('C16 C19: a hardship over the API', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openApi({ now: () => now, calendarOf: () => calendar() });
  });
  afterAll(() => api?.stop());

  const send = (payload: object) => ({ method: 'POST', url: '/v1/debtor-events', payload }) as const;
  async function offersOn(loanRef: string) {
    const url = `/v1/cases/${loanRef}/offers?firstOn=2026-04-30`;
    const { body } = await ask<{ offers: { kind: string; parts: object[]; discountMinor: number }[] }>(api.app, {
      url,
    });
    const plans = body.offers.filter(({ kind }) => kind === 'plan').map(({ parts }) => parts.length);
    const discounts = body.offers.filter(({ kind }) => kind === 'settlement').map((each) => each.discountMinor);
    return { mostParts: Math.max(...plans), discounts };
  }

  test('widens what is offered from its instant until its end', async () => {
    await openCaseOf(api.database.db, 'HARD-1', { agreements: AGREEMENTS });
    expect(await offersOn('HARD-1')).toEqual({ mostParts: 6, discounts: [] });
    expect((await ask(api.app, send(claim('debtor-HARD-1', 'HC-1')))).status).toBe(202);
    expect(await offersOn('HARD-1')).toEqual({ mostParts: 12, discounts: [150_000] });
    now = taipei('2026-04-08 09:59:59');
    expect(await offersOn('HARD-1')).toMatchObject({ discounts: [] });
    now = NOW;
    await ask(api.app, send(ending('debtor-HARD-1', 'HC-1', '2026-04-10T15:00:00+08:00')));
    expect(await offersOn('HARD-1')).toEqual({ mostParts: 6, discounts: [] });
  });

  test('stands in the debtor’s standing without the evidence', async () => {
    await openCaseOf(api.database.db, 'HARD-2');
    await ask(api.app, send(claim('debtor-HARD-2', 'HC-2', { until: '2026-07-01T00:00:00+08:00' })));
    const { body } = await ask(api.app, { url: '/v1/debtors/debtor-HARD-2/standing' });
    expect(body['hardship']).toEqual({
      reason: 'jobLoss',
      since: taipei('2026-04-08 10:00'),
      until: taipei('2026-07-01 00:00'),
    });
    expect(JSON.stringify(body)).not.toContain(SHA256);
  });

  test('is on the record of every open case with the hashes, and their cases are told', async () => {
    const debtor = { debtorRef: 'D-BOTH' };
    await openCaseOf(api.database.db, 'HARD-3', { debtor });
    await openCaseOf(api.database.db, 'HARD-4', { debtor });
    const before = await words();
    await ask(api.app, send(claim('D-BOTH', 'HC-3')));
    await ask(api.app, send(claim('D-BOTH', 'HC-3')));
    expect((await words()) - before).toBe(2);
    for (const loanRef of ['HARD-3', 'HARD-4']) {
      const which = and(eq(caseRecord.loanRef, loanRef), eq(caseRecord.kind, 'hardshipChanged'));
      const entries = await api.database.db.select().from(caseRecord).where(which);
      expect(entries.map(({ entry }) => (JSON.parse(entry) as { facts: object }).facts)).toMatchObject([
        { type: 'hardship.claimed', claimId: 'HC-3', reason: 'jobLoss', evidence: [`dismissal:${SHA256}`] },
      ]);
      expect((await verifyCase(api.database.db, loanRef))[0]?.fault).toBeNull();
    }
  });

  async function words(): Promise<number> {
    return (await api.database.db.select().from(outbox).where(eq(outbox.about, 'standing'))).length;
  }

  test.each([
    ['a hash that is none', { evidence: [{ sha256: 'AB', kind: 'medical' }] }, '/data/evidence/0/sha256'],
    ['a kind that is none', { evidence: [{ sha256: SHA256, kind: 'photo' }] }, '/data/evidence/0/kind'],
    ['a reason that is none', { reason: 'lazy' }, '/data/reason'],
    ['a file itself', { evidence: [{ sha256: SHA256, kind: 'medical', content: 'x' }] }, '/data/evidence/0/content'],
  ])('is refused with %s', async (_what, data, pointer) => {
    const { errors } = await askInVain(api.app, send(claim('D-X', 'HC-X', data)));
    expect(errors?.map((fault) => fault.pointer)).toEqual([pointer]);
  });
});

describe('C16: a case knows of its debtor’s hardship', () => {
  const loanRef = 'HARD-9';
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({
      seenAt: { [loanRef]: SEEN_AT },
      strategy: strategy({ id: 'hard', calendar: 'tw', agreements: AGREEMENTS }),
    });
    await sandbox.post(dueSoon(statementOf(loanRef)));
    await sandbox.moveTo(loanRef, NOW);
  });
  afterAll(() => sandbox?.stop());

  async function post(path: string, body: object) {
    const response = await fetch(`${sandbox.kept.api.url}/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { httpStatus: response.status, ...((await response.json()) as object) };
  }
  const DAYS = ['05', '06', '07', '08', '09', '10', '11', '12'].map((month) => `2026-${month}-10`);
  const plan = {
    agreementId: 'N-1',
    kind: 'plan',
    way: 'phone',
    reason: 'jobLoss',
    actor: 'agent-1',
    parts: DAYS.map((dueOn) => ({ amountMinor: 62_500, dueOn })),
  };

  test('a plan of eight parts is refused before, and made while it stands', async () => {
    expect(await post(`/cases/${loanRef}/agreements`, plan)).toMatchObject({
      httpStatus: 422,
      code: 'AGREEMENT_LIMIT',
    });
    await post('/debtor-events', claim(statementOf(loanRef).debtor.debtorRef, 'HC-9'));
    await sandbox.until(loanRef, ({ state }) => state?.hardships?.length === 1);
    // The same request again would be the same Update, which has its answer.
    expect(await post(`/cases/${loanRef}/agreements`, { ...plan, agreementId: 'N-2' })).toMatchObject({
      httpStatus: 201,
      status: 'made',
    });
  });

  test('beyond the hardship a supervisor may forgive more, and the agreement says who', async () => {
    const settlement = {
      agreementId: 'S-1',
      kind: 'settlement',
      way: 'phone',
      reason: 'jobLoss',
      actor: 'supervisor-1',
      role: 'supervisor',
      parts: [{ amountMinor: 250_000, dueOn: '2026-04-30' }],
      discountMinor: 250_000,
    };
    expect(await post(`/cases/${loanRef}/agreements`, settlement)).toMatchObject({ httpStatus: 201, status: 'made' });
    await sandbox.settled(loanRef);
    const response = await fetch(`${sandbox.kept.api.url}/v1/cases/${loanRef}/agreements`);
    const { agreements } = (await response.json()) as { agreements: object[] };
    expect(agreements).toMatchObject([
      { agreementId: 'N-2', role: 'agent', status: 'replaced' },
      { agreementId: 'S-1', role: 'supervisor', status: 'open', discountMinor: 250_000 },
    ]);
  });
});
