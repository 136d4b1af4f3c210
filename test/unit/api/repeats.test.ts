import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { paymentIdOf } from '../../../src/commands/identity.js';
import { DatabaseUnavailable } from '../../../src/subscriptions/ports/database.js';
import { StoreUnavailable } from '../../../src/commands/ports/eventStore.js';
import type { LineId, OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { order } from '../../../src/domain/order/index.js';
import { eur } from '../../support/fixtures.js';
import { type Answer, startTestApi, type TestApi } from '../../support/inMemory/api.js';
import { until } from '../../support/until.js';
import { contextFor } from '../../support/world/shop.js';

const reason = 'it was cold';
const replayed = ({ headers }: Answer): string | null => headers.get('idempotent-replayed');

describe('requests that come again under their Idempotency-Key', () => {
  let api: TestApi;
  let id: OrderId;
  let lineId: LineId;
  afterEach(() => api.close());

  async function start(change: Parameters<typeof startTestApi>[0] = () => ({})): Promise<void> {
    api = await startTestApi(change);
    const soup = { name: 'Soup', price: eur(450), trackStock: false };
    await api.request('PUT', '/v1/offers/soup', { body: soup });
    const { revision: _, locationId: __, ...terms } = (await api.request('GET', '/v1/locations/main')).body;
    await api.request('PUT', '/v1/locations/harbour', { body: { ...terms, reason: 'ships' } });
    for (const place of ['main', 'harbour']) {
      await api.request('PUT', `/v1/stock/tea/${place}`, { body: { onHand: 10 } });
    }
    const placed = await api.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [{ sku: 'soup', quantity: 3 }] },
      headers: { 'idempotency-key': 'k' },
    });
    id = placed.body['id'] as OrderId;
    lineId = (placed.body['lines'] as readonly { readonly lineId: LineId }[])[0]!.lineId;
    const paid = {
      type: 'ApplyPayment',
      paymentId: paymentIdOf(id, 1),
      intentId: 'pi_1',
      amount: eur(1_350),
      method: 'card',
    } as const;
    const stream = orderStream(id);
    expect(E.isRight(await api.executor.execute(order, stream, paid, contextFor(stream, 'pay')))).to.equal(true);
  }
  const post = (path: string, key: string, body?: object, headers: Readonly<Record<string, string>> = {}) =>
    api.request('POST', path, {
      ...(body === undefined ? {} : { body }),
      headers: { 'idempotency-key': key, 'if-match': '*', ...headers },
    });
  const refund = (amount: number, key = 'mine') =>
    post(`/v1/orders/${id}/refunds`, key, { reason, amount: eur(amount) });
  const written = (): number =>
    ['order', 'stock'].flatMap((category) => api.store.names(category)).flatMap((name) => api.store.events(name))
      .length;
  const events = (type: string): number => api.store.events(orderStream(id)).filter((one) => one.type === type).length;

  const ROUTES: readonly (readonly [what: string, path: () => string, body: () => object, other: () => object])[] = [
    [
      'a refund',
      () => `/v1/orders/${id}/refunds`,
      () => ({ reason, amount: eur(100) }),
      () => ({ reason: 'x', amount: eur(100) }),
    ],
    [
      'the calling off of lines',
      () => `/v1/orders/${id}/cancellations`,
      () => ({ reason, lines: [{ lineId, qty: 1 }] }),
      () => ({ reason, lines: [{ lineId, qty: 2 }] }),
    ],
    ['a cancellation', () => `/v1/orders/${id}/cancellations`, () => ({ reason }), () => ({ reason: 'another' })],
    ['a note', () => `/v1/orders/${id}/notes`, () => ({ text: 'ring twice' }), () => ({ text: 'do not ring' })],
    [
      'an amendment',
      () => `/v1/orders/${id}/amendments`,
      () => ({ add: [{ sku: 'soup', quantity: 1 }] }),
      () => ({ add: [{ sku: 'soup', quantity: 2 }] }),
    ],
    ['a receipt', () => '/v1/stock/tea/main/receipts', () => ({ qty: 5, ref: 'a' }), () => ({ qty: 6, ref: 'a' })],
    [
      'a transfer',
      () => '/v1/stock/tea/main/transfers',
      () => ({ to: 'harbour', qty: 1 }),
      () => ({ to: 'harbour', qty: 2 }),
    ],
  ];
  for (const [what, path, body, other] of ROUTES) {
    it(`say so where nothing is done a second time, and keep another body out: ${what}`, async () => {
      await start();
      const first = await post(path(), 'mine', body());
      expect(first.status, first.text).to.be.within(200, 202);
      expect(replayed(first)).to.equal(null);
      const before = written();
      const again = await post(path(), 'mine', body());
      expect([again.status, replayed(again)], again.text).to.deep.equal([first.status, 'true']);
      const reused = await post(path(), 'mine', other());
      expect([reused.status, reused.body['type'], replayed(reused)]).to.deep.equal([
        422,
        '/problems/idempotency-key-reused',
        null,
      ]);
      expect(written()).to.equal(before);
    });
  }

  it('have to have one where something is made or money moves', async () => {
    await start();
    const payment = `/v1/payments/${paymentIdOf(id, 1)}`;
    const body = { reason };
    const before = written();
    for (const [path, wish] of [
      [`/v1/orders/${id}/refunds`, { ...body, amount: eur(100) }],
      [`/v1/orders/${id}/payments`, undefined],
      [`/v1/orders/${id}/amendments`, { add: [{ sku: 'soup', quantity: 1 }] }],
      [`/v1/orders/${id}/amendments?dryRun=true`, { add: [{ sku: 'soup', quantity: 1 }] }],
      [`${payment}/capture`, undefined],
      [`${payment}/void`, body],
      [`/v1/orders/${id}/cancellations`, body],
      [`/v1/orders/${id}/cancellations`, { ...body, lines: [{ lineId, qty: 1 }] }],
      [`/v1/orders/${id}/hold/resolution`, { decision: 'reject' }],
    ] as const) {
      const headers = { 'if-match': '*' };
      const answer = await api.request('POST', path, wish === undefined ? { headers } : { body: wish, headers });
      expect([answer.status, answer.body['type']], path).to.deep.equal([400, '/problems/idempotency-key-missing']);
      expect(answer.body['detail'], path).to.contain('Idempotency-Key');
    }
    expect(written()).to.equal(before);
  });

  it('decide on a held order once, whatever became of it since', async () => {
    await start();
    const hold = () => api.request('POST', `/v1/orders/${id}/hold`, { body: { reason } });
    const decide = (decision: string, key = 'mine') => post(`/v1/orders/${id}/hold/resolution`, key, { decision });
    expect((await hold()).status).to.equal(201);
    expect([(await decide('accept')).status, events('OrderHoldResolved')]).to.deep.equal([200, 1]);
    const again = await decide('accept');
    expect([again.status, replayed(again), again.body['status']]).to.deep.equal([200, 'true', 'confirmed']);
    expect((await decide('reject')).status, 'another body').to.equal(422);
    expect((await decide('accept', 'other')).status, 'it is not held').to.equal(409);
    expect((await hold()).status).to.equal(201);
    const late = await decide('accept');
    expect([late.status, replayed(late), late.body['status']], 'that was about the first hold').to.deep.equal([
      200,
      'true',
      'on_hold',
    ]);
    expect((await decide('reject', 'second')).status).to.equal(200);
    const rejected = await decide('reject', 'second');
    expect([rejected.status, replayed(rejected), rejected.body['status']]).to.deep.equal([200, 'true', 'cancelled']);
    expect([events('OrderHoldResolved'), events('RefundDue')]).to.deep.equal([2, 1]);
  });

  it('say so of one of two that come at once', async () => {
    await start();
    const answers = await Promise.all([refund(100), refund(100)]);
    expect(answers.map(({ status }) => status)).to.deep.equal([202, 202]);
    expect(answers.map(replayed).sort()).to.deep.equal([null, 'true']);
    expect(events('RefundDue')).to.equal(1);
  });

  it('do not say so where somebody else had done the same under another key', async () => {
    await start();
    await post(`/v1/orders/${id}/notes`, 'a', { text: 'ring twice' });
    const cancel = (key: string) => post(`/v1/orders/${id}/cancellations`, key, { reason });
    expect([(await cancel('a')).status, replayed(await cancel('b'))]).to.deep.equal([202, null]);
  });

  it('find the payment that they asked for, however often something was due since', async () => {
    await start();
    const add = (key: string) => post(`/v1/orders/${id}/amendments`, key, { add: [{ sku: 'soup', quantity: 1 }] });
    expect((await add('a')).status).to.equal(201);
    const path = `/v1/orders/${id}/payments`;
    // the amendment has asked for the first difference itself
    const open = await post(path, 'first');
    expect([open.status, replayed(open), open.body['paymentId']]).to.deep.equal([200, null, paymentIdOf(id, 2)]);
    const second = paymentIdOf(id, 2);
    const pay = {
      type: 'ApplyPayment',
      paymentId: second,
      intentId: 'pi_2',
      amount: eur(200),
      method: 'card',
    } as const;
    await api.executor.execute(order, orderStream(id), pay, contextFor(orderStream(id), 'pay a part'));
    const asked = await post(path, 'third');
    expect([asked.status, replayed(asked), asked.body['amount']]).to.deep.equal([201, null, eur(250)]);
    const third = paymentIdOf(id, 3);
    const rest = { ...pay, paymentId: third, intentId: 'pi_3', amount: eur(250) };
    await api.executor.execute(order, orderStream(id), rest, contextFor(orderStream(id), 'pay the rest'));
    expect((await post(path, 'fourth')).body['type']).to.equal('/problems/nothing-due');
    const again = await post(path, 'third');
    expect([again.status, replayed(again), again.body]).to.deep.equal([201, 'true', asked.body]);
    expect(events('PaymentRequested')).to.equal(2);
  });

  describe('after a refusal', () => {
    it('may come corrected under the same key, which then is theirs', async () => {
      await start();
      const tooMuch = await refund(1_351);
      expect([tooMuch.status, tooMuch.body['type']]).to.deep.equal([409, '/problems/refund-exceeds-captured']);
      const bothAndNone = await post(`/v1/orders/${id}/refunds`, 'mine', { reason });
      expect(bothAndNone.status).to.equal(422);
      const stale = await post(`/v1/orders/${id}/refunds`, 'mine', { reason, amount: eur(1) }, { 'if-match': '"r0"' });
      expect(stale.status).to.equal(412);
      const corrected = await refund(1_350);
      expect([corrected.status, replayed(corrected)]).to.deep.equal([202, null]);
      expect((await refund(1_000)).status).to.equal(422);
      const again = await refund(1_350);
      expect([again.status, replayed(again)]).to.deep.equal([202, 'true']);
      expect(events('RefundDue')).to.equal(1);
    });

    it('keep their key where nobody knows whether they were carried out', async () => {
      await start();
      api.store.breakWith(new StoreUnavailable('silent'));
      expect((await refund(100)).status).to.equal(503);
      api.store.heal();
      expect((await refund(200)).body['type']).to.equal('/problems/idempotency-key-reused');
      const again = await refund(100);
      expect([again.status, replayed(again)]).to.deep.equal([202, null]);
    });

    it('keep their key where what they asked for is on record: an amendment that was declined for want of stock', async () => {
      await start();
      const cake = { name: 'Cake', price: eur(300), trackStock: true };
      await api.request('PUT', '/v1/offers/cake', { body: cake });
      await api.request('PUT', '/v1/stock/cake/main', { body: { onHand: 0 } });
      const path = `/v1/orders/${id}/amendments`;
      // it waits for the answer, so that the refusal is the only one that it ever had
      const asked = post(path, 'mine', { add: [{ sku: 'cake', quantity: 1 }] }, { prefer: 'wait=30' });
      await until('it is asked for', () => events('AmendmentRequested') === 1);
      const [amendment] = api.store.events(orderStream(id)).filter(({ type }) => type === 'AmendmentRequested');
      const { amendmentId } = amendment!.data as { amendmentId: never };
      const decline = { type: 'DeclineAmendment', amendmentId, cause: 'no cake', shortages: [] } as const;
      await api.executor.execute(order, orderStream(id), decline, contextFor(orderStream(id), 'decline'));
      expect((await asked).status).to.equal(409);
      const other = await post(path, 'mine', { add: [{ sku: 'soup', quantity: 1 }] });
      expect([other.status, other.body['type']]).to.deep.equal([422, '/problems/idempotency-key-reused']);
    });

    it('are refused for what they are, although the database cannot be told that their key is free', async () => {
      await start(({ claims }) => ({
        claims: { ...claims, release: () => Promise.reject(new DatabaseUnavailable('away')) },
      }));
      const tooMuch = await refund(1_351);
      expect([tooMuch.status, tooMuch.body['type']]).to.deep.equal([409, '/problems/refund-exceeds-captured']);
      expect(api.log.lines.map(({ level }) => level)).to.deep.equal(['warn']);
      expect((await refund(1_000)).body['type']).to.equal('/problems/idempotency-key-reused');
      expect((await refund(1_351)).status, 'nor does it become another answer').to.equal(409);
    });
  });

  it('find done what they did when their If-Match held, and are held to it where they did nothing', async () => {
    await start();
    const path = `/v1/orders/${id}/refunds`;
    const tag = (await api.request('GET', `/v1/orders/${id}`)).headers.get('etag') ?? '';
    const ask = (key: string) => post(path, key, { reason, amount: eur(100) }, { 'if-match': tag });
    const answers = [await ask('a'), await ask('a'), await ask('b'), await ask('b')];
    expect(answers.map((answer) => [answer.status, replayed(answer)])).to.deep.equal([
      [202, null],
      [202, 'true'],
      [412, null],
      [412, null],
    ]);
    const payments = `/v1/orders/${id}/payments`;
    await post(`/v1/orders/${id}/amendments`, 'c', { add: [{ sku: 'soup', quantity: 1 }] });
    expect((await post(payments, 'd', undefined, { 'if-match': tag })).status).to.equal(412);
  });

  it('may name their order otherwise where the number of its merchant was taken', async () => {
    await start();
    const place = (merchantOrderNo: string, key: string) =>
      post('/v1/orders', key, {
        locationId: 'main',
        mode: 'pickup',
        lines: [{ sku: 'soup', quantity: 1 }],
        merchantOrderNo,
      });
    expect((await place('7', 'a')).status).to.equal(201);
    expect((await place('7', 'b')).body['type']).to.equal('/problems/duplicate-merchant-order-number');
    expect((await place('8', 'b')).status).to.equal(201);
    expect((await place('9', 'b')).body['type']).to.equal('/problems/idempotency-key-reused');
  });
});
