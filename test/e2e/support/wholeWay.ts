import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Shop } from './shop.js';

/** The ways of an order over HTTP; run alike on the embedded default and on real components. */
export function wholeWay(shop: () => Shop): void {
  const sku = (name: string) => `${name}-${randomUUID().slice(0, 8)}`;

  it('takes an order from the counter to the customer, and remembers every step', async () => {
    const pizza = sku('pizza');
    await shop().sell(pizza, 10);
    const placed = await shop().order([{ sku: pizza, quantity: 2 }]);
    expect(placed.status).to.equal(201);
    expect(placed.body.status).to.equal('awaiting_payment');
    expect(placed.headers.get('location')).to.equal(`/v1/orders/${placed.body.id}`);
    expect(placed.headers.get('etag')).to.equal(`"r${placed.body.revision}"`);
    await shop().stockOnce(pizza, { onHand: 10, reserved: 2, available: 8 });

    expect(await shop().press(placed.body, 'succeed')).to.equal(200);
    const ticket = await shop().ticketOf(placed.body.id);
    const [item] = ticket.items;
    await shop().kitchen(ticket, `items/${item?.itemId}/start`);
    expect((await shop().kitchen(ticket, `items/${item?.itemId}/done`)).state).to.equal('ready');
    expect((await shop().kitchen(ticket, 'hand-over')).state).to.equal('handed_over');

    const fulfilled = await shop().orderOnce(placed.body.id, 'fulfilled');
    expect(fulfilled.payment.status).to.equal('paid');
    await shop().stockOnce(pizza, { onHand: 8, reserved: 0, available: 8 });
    expect((await shop().timeline(placed.body.id)).map(({ type }) => type)).to.deep.equal([
      'OrderPlaced',
      'StockSecured',
      'OrderAccepted',
      'PaymentLinkAttached',
      'PaymentApplied',
      'OrderConfirmed',
      'FulfilmentStarted',
      'FulfilmentProgressed',
      'FulfilmentProgressed',
      'LinesFulfilled',
      'OrderFulfilled',
    ]);
    const { body: first } = await shop().ask<{ status: string; revision: number }>(
      'GET',
      `/v1/orders/${placed.body.id}?revision=0`,
    );
    expect(first).to.include({ status: 'placed', revision: 0 });
  });

  it('rejects an order that asks for more than there is, naming each item, and reserves nothing', async () => {
    const [enough, scarce, gone] = [sku('a'), sku('b'), sku('c')];
    await shop().sell(enough, 5);
    await shop().sell(scarce, 1);
    await shop().sell(gone, 0);
    const { body: order } = await shop().order([
      { sku: enough, quantity: 1 },
      { sku: scarce, quantity: 2 },
      { sku: gone, quantity: 1 },
    ]);
    expect(order.status).to.equal('rejected');
    expect(order.rejection?.reasons.map((reason) => [reason.type, reason.sku])).to.deep.equal([
      ['insufficient-stock', scarce],
      ['insufficient-stock', gone],
    ]);
    await shop().stockOnce(enough, { reserved: 0, available: 5 });
  });

  it('lets a customer try again after a declined card', async () => {
    const cake = sku('cake');
    await shop().sell(cake, 1);
    const { body: order } = await shop().order([{ sku: cake, quantity: 1 }]);
    await shop().press(order, 'decline');
    expect((await shop().orderNow(order.id)).status).to.equal('awaiting_payment');
    await shop().press(order, 'succeed');
    await shop().ticketOf(order.id);
    expect((await shop().orderNow(order.id)).payment.status).to.equal('paid');
  });

  it('gives the stock back and closes the payment page when an order is cancelled before it is paid', async () => {
    const tea = sku('tea');
    await shop().sell(tea, 3);
    const { body: order } = await shop().order([{ sku: tea, quantity: 3 }]);
    const cancelled = await shop().ask<{ status: string }>('POST', `/v1/orders/${order.id}/cancellations`, {
      body: { reason: 'changed my mind' },
      headers: { 'idempotency-key': 'cancel' },
    });
    expect(cancelled.status).to.equal(200);
    expect(cancelled.body.status).to.equal('cancelled');
    await shop().stockOnce(tea, { onHand: 3, reserved: 0, available: 3 });
    const again = await shop().ask<{ status: string }>('POST', `/v1/orders/${order.id}/cancellations`, {
      body: { reason: 'really' },
      headers: { 'idempotency-key': 'again' },
    });
    expect(again.body.status).to.equal('cancelled');
    const { body: next } = await shop().order([{ sku: tea, quantity: 3 }]);
    expect(next.status).to.equal('awaiting_payment');
    const afterwards = await (await fetch(order.payment.link ?? '')).text();
    expect(afterwards).to.match(/expired|closed|no longer/i);
  });

  it('answers a repeated request with the same order, and tells a key that was used for something else', async () => {
    const [soup, bread] = [sku('soup'), sku('bread')];
    await shop().sell(soup, 9);
    await shop().sell(bread, 9);
    const key = randomUUID();
    const first = await shop().order([{ sku: soup, quantity: 1 }], { key });
    const repeated = await shop().order([{ sku: soup, quantity: 1 }], { key });
    expect(repeated.status).to.equal(201);
    expect(repeated.body.id).to.equal(first.body.id);
    expect(repeated.headers.get('idempotent-replayed')).to.equal('true');
    const other = await shop().order([{ sku: bread, quantity: 1 }], { key });
    expect(other.status).to.equal(422);
    expect(other.body).to.include({ type: '/problems/idempotency-key-reused' });
    await shop().stockOnce(soup, { reserved: 1 });
    await shop().stockOnce(bread, { reserved: 0 });
  });

  it('keeps one order under one merchant order number', async () => {
    const rice = sku('rice');
    await shop().sell(rice, 9);
    const merchantOrderNo = `M-${randomUUID()}`;
    const first = await shop().order([{ sku: rice, quantity: 1 }], { merchantOrderNo });
    const second = await shop().order([{ sku: rice, quantity: 1 }], { merchantOrderNo });
    expect(second.status).to.equal(409);
    expect(JSON.stringify(second.body)).to.contain(first.body.id);
    const { items } = await shop().get<{ items: readonly { id: string }[] }>(
      `/v1/orders?merchantOrderNo=${merchantOrderNo}`,
    );
    expect(items.map(({ id }) => id)).to.deep.equal([first.body.id]);
  });

  it('accepts exactly as many of 200 orders at once as there are units, and never reserves more', async function () {
    this.timeout(600_000);
    const ticket = sku('ticket');
    await shop().sell(ticket, 50);
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => shop().order([{ sku: ticket, quantity: 1 }], { wait: 30 })),
    );
    const statuses = answers.map(({ body }) => body.status);
    expect(statuses.filter((status) => status === 'awaiting_payment')).to.have.length(50);
    expect(statuses.filter((status) => status === 'rejected')).to.have.length(150);
    const reasons = answers.flatMap(({ body }) => body.rejection?.reasons ?? []);
    expect(new Set(reasons.map((reason) => `${reason.type} ${reason.sku}`))).to.deep.equal(
      new Set([`insufficient-stock ${ticket}`]),
    );
    await shop().stockOnce(ticket, { onHand: 50, reserved: 50, available: 0 });
  });

  it('answers bad input with what is wrong with it, and writes nothing', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const bad: readonly [unknown, number][] = [
      [{ locationId: 'main', mode: 'pickup', lines: [{ sku: 'nobody-sells-this', quantity: 1 }] }, 409],
      [{ locationId: 'main', mode: 'pickup', lines: [] }, 422],
      [{ locationId: 'main', mode: 'teleport', lines: [{ sku: 'x', quantity: 0 }], price: 1 }, 422],
    ];
    for (const [body, status] of bad) {
      const answer = await shop().ask<{ status: number }>('POST', '/v1/orders', { headers, body });
      expect(answer.status, JSON.stringify(answer.body)).to.equal(status);
      expect(answer.headers.get('content-type')).to.contain('application/problem+json');
    }
    expect((await shop().ask('GET', '/v1/orders/ord_unknown')).status).to.equal(404);
  });
}
