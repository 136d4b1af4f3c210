import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { addedLineIdOf, amendmentIdOf, paymentIdOf } from '../../../src/commands/identity.js';
import type { OrderId, Sku } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { order, type OrderCommand } from '../../../src/domain/order/index.js';
import { eur, idOf } from '../../support/fixtures.js';
import { type Answer, startTestApi, type TestApi } from '../../support/inMemory/api.js';
import { until } from '../../support/until.js';
import { contextFor } from '../../support/world/shop.js';

interface Line {
  readonly lineId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly cancelled: number;
  readonly net: unknown;
}

describe('amending an order over HTTP', () => {
  let api: TestApi;
  let id: OrderId;
  let etag: string;
  let lineId: string;
  beforeEach(async () => {
    api = await startTestApi();
    for (const [sku, amount] of [
      ['soup', 450],
      ['cake', 300],
    ] as const) {
      await api.request('PUT', `/v1/offers/${sku}`, { body: { name: sku, price: eur(amount), trackStock: false } });
    }
    const placed = await api.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [{ sku: 'soup', quantity: 2 }] },
      headers: { 'idempotency-key': 'k' },
    });
    id = placed.body['id'] as OrderId;
    await ask('pay', {
      type: 'ApplyPayment',
      paymentId: paymentIdOf(id, 1),
      intentId: 'pi_1',
      amount: eur(900),
      method: 'card',
    });
    const shown = await api.request('GET', `/v1/orders/${id}`);
    etag = shown.headers.get('etag') ?? '';
    lineId = linesOf(shown)[0]?.lineId ?? '';
  });
  afterEach(() => api.close());

  const ask = (step: string, command: OrderCommand) =>
    api.executor.execute(order, orderStream(id), command, contextFor(orderStream(id), step));
  const amend = (body: object, headers: Readonly<Record<string, string>> = { 'if-match': etag }, query = '') =>
    api.request('POST', `/v1/orders/${id}/amendments${query}`, {
      body,
      headers: { 'idempotency-key': randomUUID(), ...headers },
    });
  const linesOf = ({ body }: Answer): readonly Line[] => body['lines'] as readonly Line[];
  const pointers = ({ body }: Answer) =>
    (body['errors'] as readonly { pointer: string; code: string }[]).map(({ pointer, code }) => [pointer, code]);
  const stored = (type: string) =>
    api.store
      .events(orderStream(id))
      .filter((event) => event.type === type)
      .map(({ data }) => data as Readonly<Record<string, unknown>>);

  it('adds what it costs now, and asks for the difference', async () => {
    await api.request('PUT', '/v1/offers/cake', {
      body: { name: 'cake', price: eur(350), trackStock: false },
      headers: { 'if-match': '*' },
    });
    const answer = await amend({ add: [{ sku: 'cake', quantity: 2 }] });
    expect(answer.status, answer.text).to.equal(201);
    expect(answer.body).to.deep.include({ due: eur(1600), total: eur(1600) });
    expect(answer.body['payment']).to.include({ status: 'partially_paid' });
    expect(linesOf(answer).map(({ sku, quantity, net }) => [sku, quantity, net])).to.deep.equal([
      ['soup', 2, eur(900)],
      ['cake', 2, eur(700)],
    ]);
    expect(stored('PaymentRequested')[0]).to.include({ paymentId: paymentIdOf(id, 2), ordinal: 2 });
    expect(stored('PaymentRequested')[0]?.['amount']).to.deep.equal(eur(700));
    expect(answer.headers.get('etag')).to.equal(`"r${answer.body['revision'] as number}"`);
    expect(linesOf(await api.request('GET', `/v1/orders/${id}`))).to.deep.equal(linesOf(answer));
  });

  it('drops units, and gives back what they cost where that is wished', async () => {
    const kept = await amend({ drop: [{ lineId, qty: 1 }] });
    expect([kept.status, kept.body['due']]).to.deep.equal([201, eur(450)]);
    expect(linesOf(kept)[0]).to.include({ quantity: 2, cancelled: 1 });
    expect((kept.body['refunds'] as { due: unknown }).due).to.deep.equal(eur(0));
    const now = kept.headers.get('etag') ?? '';
    const swapped = await amend(
      { add: [{ sku: 'cake', quantity: 1 }], drop: [{ lineId, qty: 1 }], settlement: 'refund' },
      { 'if-match': now },
    );
    expect(swapped.body['due']).to.deep.equal(eur(300));
    expect((swapped.body['refunds'] as { due: unknown }).due).to.deep.equal(eur(150));
    expect(stored('RefundDue')[0]).to.include({ reason: 'amendment', approval: 'auto' });
  });

  it('shows what would become of it, and does nothing', async () => {
    const shown = await amend({ add: [{ sku: 'cake', quantity: 1 }] }, { 'if-match': etag }, '?dryRun=true');
    expect([shown.status, shown.body['due'], linesOf(shown)]).to.deep.equal([200, eur(1200), linesOf(shown)]);
    expect(linesOf(shown)).to.have.length(2);
    expect(shown.headers.get('etag')).to.equal(null);
    expect(stored('OrderAmended')).to.deep.equal([]);
    const refused = await amend({ drop: [{ lineId, qty: 9 }] }, { 'if-match': etag }, '?dryRun=true');
    expect(refused.status).to.equal(409);
  });

  it('takes If-Match, and the order where it says', async () => {
    const body = { add: [{ sku: 'cake', quantity: 1 }] };
    const without = await amend(body, {});
    expect([without.status, without.body['type']]).to.deep.equal([428, '/problems/precondition-required']);
    for (const query of ['', '?dryRun=true']) {
      const stale = await amend(body, { 'if-match': '"r0"' }, query);
      expect([stale.status, stale.body['type']]).to.deep.equal([412, '/problems/revision-mismatch']);
    }
    expect(stored('OrderAmended')).to.deep.equal([]);
    expect((await amend(body, { 'if-match': '*' })).status).to.equal(201);
  });

  it('is done once under one key, although the order has gone on since', async () => {
    const body = { add: [{ sku: 'cake', quantity: 1 }] };
    const headers = { 'if-match': etag, 'idempotency-key': 'once' };
    const [first, second] = [await amend(body, headers), await amend(body, headers)];
    expect([first.status, second.status]).to.deep.equal([201, 201]);
    expect(second.body).to.deep.equal(first.body);
    expect(stored('OrderAmended')).to.have.length(1);
  });

  it('names the line of which there is no more, and the article that is not on sale', async () => {
    const unknown = idOf('line', 99);
    const tooMuch = await amend({
      drop: [
        { lineId, qty: 1 },
        { lineId: unknown, qty: 1 },
      ],
    });
    expect([tooMuch.status, tooMuch.body['type']]).to.deep.equal([409, '/problems/quantity-not-available']);
    expect(pointers(tooMuch)).to.deep.equal([['/drop/1/qty', 'not-available']]);
    const strange = await amend({
      add: [
        { sku: 'cake', quantity: 1 },
        { sku: 'tea', quantity: 1 },
      ],
    });
    expect([strange.status, strange.body['type']]).to.deep.equal([409, '/problems/offer-unavailable']);
    expect(pointers(strange)).to.deep.equal([['/add/1/sku', 'unknown-sku']]);
    const nothing = await amend({});
    expect([nothing.status, pointers(nothing)]).to.deep.equal([422, [['/add', 'missing']]]);
    const all = await amend({ drop: [{ lineId, qty: 2 }] });
    expect([all.status, pointers(all)]).to.deep.equal([422, [['/add', 'out-of-range']]]);
    const many = await amend({ add: [500, 500].map((quantity) => ({ sku: 'cake', quantity })) });
    expect([many.status, pointers(many)]).to.deep.equal([422, [['/add/1/quantity', 'out-of-range']]]);
  });

  it('says of what has gone its way that it has', async () => {
    await ask('give', {
      type: 'RecordLinesFulfilled',
      by: 'tkt_1',
      lines: [{ lineId: lineId as never, qty: 1 }],
      how: 'handed_over',
      at: '2024-05-04T12:00:00.000Z',
    });
    const late = await amend({ drop: [{ lineId, qty: 2 }] }, { 'if-match': '*' });
    expect([late.status, late.body['type']]).to.deep.equal([409, '/problems/line-already-started']);
    expect(late.body['lines']).to.deep.equal([{ lineId, wanted: 2, available: 1 }]);
    expect(pointers(late)).to.deep.equal([['/drop/0/qty', 'not-available']]);
  });

  it('knows no order that is not there', async () => {
    const body = { add: [{ sku: 'cake', quantity: 1 }] };
    const answer = await api.request('POST', `/v1/orders/${idOf('order', 77)}/amendments`, {
      body,
      headers: { 'if-match': '*', 'idempotency-key': 'k' },
    });
    expect(answer.status).to.equal(404);
  });

  describe('by what has to be in stock', () => {
    const body = { add: [{ sku: 'tea', quantity: 2 }] };
    const keyed = { 'idempotency-key': 'tea' };
    beforeEach(async () => {
      await api.request('PUT', '/v1/offers/tea', { body: { name: 'Tea', price: eur(200), trackStock: true } });
    });
    const amendmentId = () => amendmentIdOf(id, 'tea');
    const teaLine = () => addedLineIdOf(amendmentId(), 0);
    const settle = () =>
      ask('settle', {
        type: 'SettleAmendment',
        amendmentId: amendmentId(),
        reserved: [teaLine()],
        payments: [{ paymentId: paymentIdOf(id, 2), ordinal: 2, dueAt: '2024-05-05T12:00:00.000Z' }],
      });
    const decline = () =>
      ask('decline', {
        type: 'DeclineAmendment',
        amendmentId: amendmentId(),
        cause: 'Tea: 2 wanted, 1 available',
        shortages: [{ lineId: teaLine(), sku: 'tea' as Sku, name: 'Tea', wanted: 2, available: 1 }],
      });

    it('answers 202 while that is asked, and 201 to whoever asks again afterwards', async () => {
      const asked = await amend(body, { 'if-match': etag, ...keyed });
      expect([asked.status, asked.body['amendment'], linesOf(asked).length, asked.body['due']]).to.deep.equal([
        202,
        { id: amendmentId(), state: 'pending' },
        1,
        eur(900),
      ]);
      expect(asked.headers.get('location')).to.equal(`/v1/orders/${id}`);
      expect(asked.headers.get('retry-after')).to.equal('1');
      expect(stored('PaymentRequested')).to.deep.equal([]);
      const again = await amend(body, { 'if-match': '*', ...keyed });
      expect(again.status).to.equal(202);
      const other = await amend({ add: [{ sku: 'cake', quantity: 1 }] }, { 'if-match': '*' });
      expect([other.status, other.body['type']]).to.deep.equal([409, '/problems/illegal-transition']);
      await settle();
      const done = await amend(body, { 'if-match': '*', ...keyed });
      expect([done.status, done.body['due']]).to.deep.equal([201, eur(1300)]);
      expect(stored('AmendmentRequested')).to.have.length(1);
    });

    it('says what is short, also to whoever asks again', async () => {
      await amend(body, { 'if-match': etag, ...keyed });
      await decline();
      const refused = await amend(body, { 'if-match': '*', ...keyed });
      expect([refused.status, refused.body['type'], refused.body['items']]).to.deep.equal([
        409,
        '/problems/insufficient-stock',
        [{ sku: 'tea', name: 'Tea', wanted: 2, available: 1 }],
      ]);
      const now = await api.request('GET', `/v1/orders/${id}`);
      expect([now.body['due'], linesOf(now).length]).to.deep.equal([eur(900), 1]);
    });

    for (const [settled, settling, status] of [
      ['is there', settle, 201],
      ['is not there', decline, 409],
    ] as const) {
      it(`waits, where that is preferred, until it is known that it ${settled}`, async () => {
        const waited = amend(body, { 'if-match': etag, prefer: 'wait=20', ...keyed });
        await until('it is asked for', () => stored('AmendmentRequested').length === 1);
        await settling();
        expect((await waited).status).to.equal(status);
      });
    }

    it('waits no longer than that', async () => {
      const waited = await amend(body, { 'if-match': etag, prefer: 'wait=1', ...keyed });
      expect([waited.status, waited.headers.get('preference-applied')]).to.deep.equal([202, 'wait=1']);
    });

    it('shows the order as it would be with all of it', async () => {
      const preview = await amend(body, { 'if-match': etag, prefer: 'wait=20' }, '?dryRun=true');
      expect([preview.status, preview.body['due'], linesOf(preview).length]).to.deep.equal([200, eur(1300), 2]);
      expect(stored('AmendmentRequested')).to.deep.equal([]);
    });
  });
});
