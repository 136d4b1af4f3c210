import { expect } from 'chai';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';

describe('Stock that comes, goes and is counted, over HTTP', () => {
  let api: TestApi;
  const post = (what: string, body: object, headers: Record<string, string> = {}, at = 'tea/main') =>
    api.request('POST', `/v1/stock/${at}/${what}`, { body, headers });
  const key = (value: string) => ({ 'Idempotency-Key': value });

  beforeEach(async () => {
    api = await startTestApi();
    await api.request('PUT', '/v1/stock/tea/main', { body: { onHand: 10 } });
  });
  afterEach(() => api.close());

  it('counts a receipt once under one key, also when it comes twice at once', async () => {
    const receipt = { qty: 5, ref: 'note 1' };
    const answers = await Promise.all([post('receipts', receipt, key('a')), post('receipts', receipt, key('a'))]);
    expect(answers.map(({ status, body }) => [status, body.onHand])).to.deep.equal([
      [201, 15],
      [201, 15],
    ]);
    expect((await post('receipts', receipt, key('b'))).body.onHand).to.equal(20);
  });

  it('takes no other receipt under the same key', async () => {
    expect((await post('receipts', { qty: 5, ref: 'note 1' }, key('a'))).status).to.equal(201);
    for (const other of [
      { qty: 6, ref: 'note 1' },
      { qty: 5, ref: 'note 2' },
    ]) {
      const { status, body } = await post('receipts', other, key('a'));
      expect([status, body.type]).to.deep.equal([422, '/problems/idempotency-key-reused']);
    }
    expect((await api.request('GET', '/v1/stock/tea/main')).body.onHand).to.equal(15);
    expect((await post('receipts', { qty: 6, ref: 'note 2' }, key('b'))).body.onHand).to.equal(21);
  });

  it('takes a count only from whoever knows the revision, with a reason', async () => {
    const count = { counted: 7, reason: 'a bottle broke' };
    expect((await post('adjustments', count)).status).to.equal(428);
    expect((await post('adjustments', count, { 'If-Match': '"r9"' })).status).to.equal(412);
    const { status, body, headers } = await post('adjustments', count, { 'If-Match': '"r0"' });
    expect([status, body.onHand, headers.get('etag')]).to.deep.equal([201, 7, '"r1"']);
    const without = await post('adjustments', { counted: 7 }, { 'If-Match': '*' });
    expect((without.body.errors as { pointer: string }[])[0]?.pointer).to.equal('/reason');
  });

  it('takes a difference, below nothing only as far as there is something', async () => {
    const errors = ({ status, body }: Awaited<ReturnType<typeof post>>) => [
      status,
      ...((body['errors'] ?? []) as { pointer: string; code: string }[]).map((one) => [one.pointer, one.code]),
    ];
    const broken = { delta: -2, reason: 'two broke' };
    const { status, body } = await post('adjustments', broken, { 'If-Match': '"r0"' });
    expect([status, body.onHand]).to.deep.equal([201, 8]);
    expect(errors(await post('adjustments', broken, { 'If-Match': '"r0"' }))).to.deep.equal([412]);
    expect(errors(await post('adjustments', { ...broken, delta: -9 }, { 'If-Match': '"r1"' }))).to.deep.equal([
      422,
      ['/delta', 'out-of-range'],
    ]);
    expect(errors(await post('adjustments', { ...broken, counted: 3 }, { 'If-Match': '"r1"' }))).to.deep.equal([
      422,
      ['/delta', 'twice'],
    ]);
    expect(errors(await post('adjustments', { reason: 'x' }, { 'If-Match': '"r1"' }))).to.deep.equal([
      422,
      ['/counted', 'missing'],
    ]);
    // against whatever stands there it needs a name, so that it is counted once
    expect((await post('adjustments', broken, { 'If-Match': '*' })).body.type).to.match(/idempotency-key-missing/);
    const named = { 'If-Match': '*', ...key('broken-1') };
    const answers = [await post('adjustments', broken, named), await post('adjustments', broken, named)];
    expect(answers.map((answer) => [answer.status, answer.body.onHand])).to.deep.equal([
      [201, 6],
      [201, 6],
    ]);
    expect((await api.request('GET', '/v1/stock/tea/main/movements')).body.items).to.have.length(3);
  });

  it('begins with what is promised of it and what a unit is, which a count does not change', async () => {
    const begun = { onHand: 12, threshold: 4, safety: 2, backorderLimit: 1, unit: 'kg' };
    const put = (body: object, headers = {}) => api.request('PUT', '/v1/stock/flour/main', { body, headers });
    const { status, body } = await put(begun);
    expect([status, body.unit, body.available]).to.deep.equal([201, 'kg', 10]);
    const { body: policy } = await api.request('GET', '/v1/stock/flour/main/policy');
    expect(policy).to.deep.include({ threshold: 4, safety: 2, backorderLimit: 1 });
    const refused = await put(begun, { 'If-Match': '*' });
    expect([refused.status, (refused.body.errors as { pointer: string }[])[0]?.pointer]).to.deep.equal([
      422,
      '/threshold',
    ]);
    expect((await put({ onHand: 5 }, { 'If-Match': '*' })).body).to.deep.include({ onHand: 5, unit: 'kg' });
    expect((await put({ onHand: 5, unit: 'a unit of a name that is far too long' })).status).to.equal(422);
  });

  it('refuses to send what is not there, to where it is, and to where no stock of it is kept', async () => {
    const elsewhere = await post('transfers', { to: 'harbour', qty: 1 }, key('a'));
    expect([elsewhere.status, elsewhere.body.detail]).to.deep.equal([404, 'there is no stock tea at harbour']);
    expect((await post('transfers', { to: 'main', qty: 1 }, key('a'))).status).to.equal(422);
    expect((await post('transfers', { to: 'harbour', qty: 0 }, key('a'))).status).to.equal(422);
    expect((await post('receipts', { qty: 1, ref: 'x' }, key('a'), 'coffee/main')).status).to.equal(404);
  });

  it('lists what moved, newest first, page by page, and leaves out what moved nothing', async () => {
    const cost = { amount: 990, currency: 'EUR' };
    await post('receipts', { qty: 5, ref: 'note 1', cost }, key('a'));
    await post('adjustments', { counted: 12, reason: 'broken' }, { 'If-Match': '*' });
    const path = '/v1/stock/tea/main/movements?limit=2';
    const first = await api.request('GET', path);
    expect((first.body.items as object[]).map((item) => ({ ...item, at: '' }))).to.deep.equal([
      { revision: 2, kind: 'adjusted', quantity: -3, reason: 'broken', by: 'admin/local', at: '' },
      { revision: 1, kind: 'received', quantity: 5, ref: 'note 1', cost, by: 'admin/local', at: '' },
    ]);
    const second = await api.request('GET', `${path}&cursor=${encodeURIComponent(first.body.next as string)}`);
    expect((second.body.items as { kind: string }[]).map(({ kind }) => kind)).to.deep.equal(['registered']);
    expect(second.body.next).to.equal(null);
    expect((await api.request('GET', '/v1/stock/coffee/main/movements')).status).to.equal(404);
  });
});
