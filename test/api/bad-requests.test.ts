import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApi, askInVain, openApi } from '../support/api.ts';
import { rowCounts } from '../support/intake.ts';
import { dueSoon, payment, statementOf } from '../support/loans.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api?.stop());

const JSON_BODY = { 'content-type': 'application/json' };
const PAYMENT = payment('BAD', 'BAD-P', 100, '2026-04-02T10:00:00+08:00');
const STATEMENT = dueSoon(statementOf('BAD'));

/** The event with one value put in place of another; the path is a JSON pointer. */
function changed(event: object, pointer: string, value: unknown): object {
  const copy = structuredClone(event) as Record<string, unknown>;
  const path = pointer.slice(1).split('/');
  const last = path.pop() ?? '';
  const parent = path.reduce((object, key) => object[key] as Record<string, unknown>, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

async function pointersOf(payload: unknown): Promise<(string | undefined)[] | undefined> {
  const problem = await askInVain(api.app, {
    method: 'POST',
    url: '/v1/events',
    payload: payload as object,
    headers: JSON_BODY,
  });
  expect(problem).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
  return problem.errors?.map((error) => error.pointer);
}

describe('a body that is not as its schema says is refused with a pointer to the fault', () => {
  test.each<[string, object, string, unknown]>([
    ['a number in a string', PAYMENT, '/data/amountMinor', '100'],
    ['a fraction', PAYMENT, '/data/amountMinor', 0.5],
    ['nothing paid', PAYMENT, '/data/amountMinor', 0],
    ['less than nothing', PAYMENT, '/data/amountMinor', -1],
    ['a number beyond the safe integers', PAYMENT, '/data/amountMinor', 9_007_199_254_740_992],
    ['null for a number', PAYMENT, '/data/amountMinor', null],
    ['a boolean for a number', PAYMENT, '/data/amountMinor', true],
    ['a list for a number', PAYMENT, '/data/amountMinor', [100]],
    ['a missing number', PAYMENT, '/data/amountMinor', undefined],
    ['a currency that nobody has', PAYMENT, '/data/currency', 'XXX'],
    ['a currency in small letters', PAYMENT, '/data/currency', 'twd'],
    ['a number for an id', PAYMENT, '/id', 17],
    ['an empty id', PAYMENT, '/id', ''],
    ['an id of 65 characters', PAYMENT, '/id', 'a'.repeat(65)],
    ['an id with a slash', PAYMENT, '/id', 'a/b'],
    ['an id with a space at its end', PAYMENT, '/id', 'a '],
    ['an id with a line end', PAYMENT, '/id', 'a\n'],
    ['a loan with a path in it', PAYMENT, '/data/loanRef', '../etc'],
    ['an instant without an offset', PAYMENT, '/timestamp', '2026-04-02T10:00:00'],
    ['an instant in the year 0', PAYMENT, '/timestamp', '0000-01-01T00:00:00Z'],
    ['an instant that falls into another millennium', PAYMENT, '/timestamp', '9999-12-31T23:59:59-12:00'],
    ['the 30th of February', PAYMENT, '/timestamp', '2026-02-30T00:00:00Z'],
    ['a number for an instant', PAYMENT, '/timestamp', 1_775_000_000_000],
    ['an unknown type', PAYMENT, '/type', 'payment.lost'],
    ['a missing type', PAYMENT, '/type', undefined],
    ['a field that nobody knows', PAYMENT, '/data/note', 'x'],
    ['a field that nobody knows at the top', PAYMENT, '/meta', {}],
    ['a missing body of the event', PAYMENT, '/data', undefined],
    ['a phone number without its country', STATEMENT, '/data/debtor/phone', '0912345678'],
    ['a mail address without a domain', STATEMENT, '/data/debtor/email', 'someone'],
    ['a zone that is no place', STATEMENT, '/data/debtor/zone', 'Mars/Olympus'],
    ['an offset for a zone', STATEMENT, '/data/debtor/zone', '+08:00'],
    ['a language that no text has', STATEMENT, '/data/debtor/language', 'fr'],
    ['a name of the debtor, which nobody asked for', STATEMENT, '/data/debtor/name', 'x'],
    ['a date that does not exist', STATEMENT, '/data/dueOn', '2026-02-29'],
    ['a date in the year 206', STATEMENT, '/data/dueOn', '0206-01-01'],
    ['a missing component', STATEMENT, '/data/due/fees', undefined],
    ['a negative component', STATEMENT, '/data/due/penalty', -1],
    ['a NUL in a text', STATEMENT, '/data/debtor/pushId', 'a\0b'],
    ['half a character', STATEMENT, '/data/debtor/pushId', 'a\uD83D'],
    [
      'a text of the snapshot that is too long',
      changed(STATEMENT, '/data/snapshot', {}),
      '/data/snapshot/a',
      'x'.repeat(1_001),
    ],
    ['a list in the snapshot', changed(STATEMENT, '/data/snapshot', {}), '/data/snapshot/a', [1]],
    ['a NUL in a key of the snapshot', changed(STATEMENT, '/data/snapshot', {}), '/data/snapshot/a\0', 1],
    [
      'more facts than a snapshot has',
      STATEMENT,
      '/data/snapshot',
      Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`k${n}`, n])),
    ],
  ])('%s', async (_case, event, pointer, value) => {
    expect(await pointersOf(changed(event, pointer, value))).toEqual([pointer]);
  });

  test('every fault of a body is told at once, the whole body is the empty pointer, and signs in keys are escaped', async () => {
    const faulty = changed(changed(changed(STATEMENT, '/data/due/fees', -1), '/data/currency', 'X'), '/id', 1);
    expect((await pointersOf(faulty))?.toSorted()).toEqual(['/data/currency', '/data/due/fees', '/id']);
    expect(await pointersOf([])).toEqual(['']);
    expect(await pointersOf(Buffer.from('null'))).toEqual(['']);
    const odd = { ...PAYMENT, 'a/b~c': 1 };
    expect(await pointersOf(odd)).toEqual(['/a~1b~0c']);
    const many = { ...PAYMENT, ...Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`x${index}`, 1])) };
    expect(await pointersOf(many)).toHaveLength(50);
  });

  test('no value that was sent comes back', async () => {
    const marker = 'Marker-4711';
    const response = await api.app.inject({
      method: 'POST',
      url: '/v1/events',
      payload: {
        ...STATEMENT,
        id: `${marker}!`,
        timestamp: marker,
        data: {
          ...STATEMENT.data,
          currency: marker,
          dueOn: marker,
          due: marker,
          snapshot: { note: [marker] },
          debtor: { debtorRef: `${marker}!`, zone: marker, language: marker, phone: marker, email: marker, pushId: 1 },
        },
      },
    });
    expect(response.statusCode).toBe(400);
    expect(response.json<{ errors: unknown[] }>().errors).toHaveLength(12);
    expect(response.body).not.toContain(marker);
  });
});

describe('a call or a note that is not as its schema says', () => {
  const CALL = { callId: 'C', loanRef: 'BAD', actor: 'agent-1', to: 'debtor' };
  test.each<[string, string, object, string]>([
    ['to nobody', '/v1/calls', { ...CALL, to: 'neighbour' }, '/to'],
    ['to somebody else without a reference', '/v1/calls', { ...CALL, to: 'thirdParty' }, '/thirdPartyRef'],
    ['to the debtor, and to somebody else', '/v1/calls', { ...CALL, thirdPartyRef: 'T' }, '/thirdPartyRef'],
    ['with a number', '/v1/calls', { ...CALL, number: '+886900000001' }, '/number'],
    ['with a name for an agent', '/v1/calls', { ...CALL, actor: 'Some Body' }, '/actor'],
    ['with a result that nobody knows', '/v1/calls/C/result', { result: 'talked', actor: 'a' }, '/result'],
    ['with an empty note', '/v1/calls/C/result', { result: 'connected', actor: 'a', note: '' }, '/note'],
    ['with a NUL in its note', '/v1/calls/C/result', { result: 'connected', actor: 'a', note: 'a\0' }, '/note'],
    [
      'with an endless note',
      '/v1/calls/C/result',
      { result: 'connected', actor: 'a', note: 'x'.repeat(4_001) },
      '/note',
    ],
  ])('%s', async (_case, url, payload, pointer) => {
    const problem = await askInVain(api.app, { method: 'POST', url, payload });
    expect(problem).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
    expect(problem.errors?.map((error) => error.pointer)).toEqual([pointer]);
  });
});

describe('a request that cannot be read', () => {
  test.each<[string, { url?: string; payload?: string | Buffer; headers?: Record<string, string> }, number, string]>([
    ['is no JSON', { payload: '{"phone": "Marker-4711"', headers: JSON_BODY }, 400, 'REQUEST_UNREADABLE'],
    ['is empty', { payload: '', headers: JSON_BODY }, 400, 'REQUEST_UNREADABLE'],
    ['is JSON with a comma too many', { payload: '{"a":1,}', headers: JSON_BODY }, 400, 'REQUEST_UNREADABLE'],
    [
      'reaches for the prototype',
      { payload: '{"__proto__": {"a": 1}}', headers: JSON_BODY },
      400,
      'REQUEST_UNREADABLE',
    ],
    [
      'is a form',
      { payload: 'a=Marker-4711', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'CONTENT_TYPE_UNSUPPORTED',
    ],
    [
      'is plain text',
      { payload: JSON.stringify(PAYMENT), headers: { 'content-type': 'text/plain' } },
      415,
      'CONTENT_TYPE_UNSUPPORTED',
    ],
    ['has no type', { payload: JSON.stringify(PAYMENT), headers: {} }, 415, 'CONTENT_TYPE_UNSUPPORTED'],
    [
      'has a type that is none',
      { payload: '{}', headers: { 'content-type': 'json' } },
      415,
      'CONTENT_TYPE_UNSUPPORTED',
    ],
    [
      'is larger than 1 MiB',
      { payload: `{"a":"${'x'.repeat(1_048_576)}"}`, headers: JSON_BODY },
      413,
      'BODY_TOO_LARGE',
    ],
    [
      'says it is longer than it is',
      { payload: '{}', headers: { ...JSON_BODY, 'content-length': '9' } },
      400,
      'REQUEST_UNREADABLE',
    ],
    ['goes nowhere', { url: '/v1/nothing', payload: '{}', headers: JSON_BODY }, 404, 'ROUTE_UNKNOWN'],
    [
      'has a broken address',
      { url: '/v1/events/%E0%A4%A', payload: '{}', headers: JSON_BODY },
      400,
      'REQUEST_UNREADABLE',
    ],
  ])('because it %s', async (_case, { url = '/v1/events', ...rest }, status, code) => {
    const problem = await askInVain(api.app, { method: 'POST', url, ...rest });
    expect(problem).toMatchObject({ status, code });
    expect(JSON.stringify(problem)).not.toContain('Marker-4711');
  });

  test.each([
    ['DELETE', '/v1/events'],
    ['GET', '/v1/events'],
    ['PUT', '/v1/cases'],
    ['POST', '/livez'],
    ['GET', '/'],
  ] as const)('%s %s is no route', async (method, url) => {
    expect(await askInVain(api.app, { method, url })).toMatchObject({ status: 404, code: 'ROUTE_UNKNOWN' });
  });
});

describe('an address that is not as its schema says is refused by the name of its parameter', () => {
  test.each([
    ['/v1/cases?limit=0', 'limit'],
    ['/v1/cases?limit=201', 'limit'],
    ['/v1/cases?limit=1.5', 'limit'],
    ['/v1/cases?limit=ten', 'limit'],
    ['/v1/cases?limit=', 'limit'],
    ['/v1/cases?limit=1&limit=2', 'limit'],
    ['/v1/cases?outcome=lost', 'outcome'],
    ['/v1/cases?after=%00', 'after'],
    ['/v1/cases?page=2', 'page'],
    ['/v1/cases/a%2Fb', 'loanRef'],
    ['/v1/cases/a%00b', 'loanRef'],
    [`/v1/cases/${'a'.repeat(101)}`, 'loanRef'],
    ['/v1/tasks?status=lost', 'status'],
    ['/v1/tasks?after=%00', 'after'],
    ['/v1/events/%00', 'eventId'],
    ['/v1/debtors/a%20b/standing', 'debtorRef'],
  ])('%s', async (url, parameter) => {
    const problem = await askInVain(api.app, { method: 'GET', url });
    expect(problem).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
    expect(problem.errors?.map((error) => error.parameter)).toEqual([parameter]);
  });

  test('an id that is longer than any is no longer looked at', async () => {
    const url = `/v1/tasks/${'a'.repeat(2_000)}/answer`;
    const problem = await askInVain(api.app, { method: 'POST', url, payload: {} });
    expect(problem).toMatchObject({ status: 414, code: 'ADDRESS_TOO_LONG' });
  });
});

test('nothing of all that was refused here was stored', async () => {
  expect(Object.values(await rowCounts(api.database.db)).filter((count) => count > 0)).toEqual([]);
});
