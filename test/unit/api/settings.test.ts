import { expect } from 'chai';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/index.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';

const PATH = '/v1/settings';
const reason = 'the season begins';

describe('the settings over HTTP', () => {
  let api: TestApi;
  beforeEach(async () => (api = await startTestApi()));
  afterEach(() => api.close());

  const put = (changes: object, headers: Record<string, string> = {}) =>
    api.request('PUT', PATH, { body: { ...DEFAULT_SETTINGS, ...changes, reason }, headers });

  it('are the usual ones, without an ETag, before anybody changed them', async () => {
    const { status, body, headers } = await api.request('GET', PATH);
    expect(status).to.equal(200);
    expect(body).to.deep.equal(DEFAULT_SETTINGS);
    expect(headers.get('etag')).to.equal(null);
  });

  it('are changed, and keep who did it and why', async () => {
    const changed = await put({ maximumTotal: 20 });
    expect([changed.status, changed.headers.get('etag'), changed.body['maximumTotal']]).to.deep.equal([
      200,
      '"r0"',
      20,
    ]);
    expect((await api.request('GET', PATH)).body).to.deep.equal({ ...DEFAULT_SETTINGS, maximumTotal: 20, revision: 0 });
    const [stored] = api.store.events('settings-main');
    expect(stored?.data).to.deep.equal({ changes: { maximumTotal: 20 }, reason });
    expect((stored?.metadata as { actor: object }).actor).to.include({ id: 'admin/local' });
  });

  it('are replaced only with If-Match', async () => {
    await put({ maximumTotal: 20 });
    const blind = await put({ maximumTotal: 30 });
    expect([blind.status, blind.body['type']]).to.deep.equal([428, '/problems/precondition-required']);
    const stale = await put({ maximumTotal: 30 }, { 'If-Match': '"r7"' });
    expect([stale.status, stale.body['current']]).to.deep.equal([412, 'r0']);
    expect((await put({ maximumTotal: 30 }, { 'If-Match': '"r0"' })).status).to.equal(200);
    expect((await put({ maximumTotal: 40 }, { 'If-Match': '*' })).body['maximumTotal']).to.equal(40);
  });

  it('name every value that is out of its bounds', async () => {
    const { status, body } = await put({ maximumTotal: 0, automaticRefundUpTo: 1.5, surprise: 1 });
    expect(status).to.equal(422);
    expect((body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).sort()).to.deep.equal([
      '/automaticRefundUpTo',
      '/maximumTotal',
      '/surprise',
    ]);
    const second = await put({ automaticRefundUpTo: 600 });
    expect((second.body['errors'] as { pointer: string }[])[0]?.pointer).to.equal('/secondPersonAbove');
  });

  it('name what is no choice, and a currency that has two limits', async () => {
    const limits = [
      { currency: 'JPY', upTo: 8_000 },
      { currency: 'JPY', upTo: 9_000 },
    ];
    for (const [changes, pointer] of [
      [{ checkOnSilence: 'guess' }, '/checkOnSilence'],
      [{ customersCancelUntil: 'ever' }, '/customersCancelUntil'],
      [{ automaticRefundUpToIn: [{ currency: 'XYZ', upTo: 1 }] }, '/automaticRefundUpToIn/0/currency'],
      [{ automaticRefundUpToIn: [{ currency: 'JPY', upTo: -1 }] }, '/automaticRefundUpToIn/0/upTo'],
      [{ automaticRefundUpToIn: limits }, '/automaticRefundUpToIn'],
    ] as const) {
      const { status, body } = await put(changes);
      expect(status, pointer).to.equal(422);
      expect((body['errors'] as { pointer: string }[]).map((error) => error.pointer)).to.deep.equal([pointer]);
    }
  });

  it('hold for the next order, without a restart', async () => {
    await api.request('PUT', '/v1/offers/cake', {
      body: { name: 'Cake', price: { amount: 2500, currency: 'EUR' }, trackStock: false },
    });
    const place = (key: string) =>
      api.request('POST', '/v1/orders', {
        body: { locationId: 'main', mode: 'pickup', lines: [{ sku: 'cake', quantity: 1 }] },
        headers: { 'Idempotency-Key': key },
      });
    expect((await place('before')).status).to.equal(201);
    await put({ maximumTotal: 20 });
    const after = await place('after');
    expect([after.status, (after.body['errors'] as { code: string }[])[0]?.code]).to.deep.equal([422, 'too-expensive']);
  });
});
