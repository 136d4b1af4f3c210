import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { orderStream } from '../../../../src/domain/kernel/streams.js';
import { order, type OrderEvent } from '../../../../src/domain/order/index.js';
import { payment, type PaymentEvent } from '../../../../src/domain/payment/index.js';
import type { Related } from '../../../../src/processes/engine/related.js';
import type { Finding } from '../../../../src/processes/reconciliation/finding.js';
import { unopenedFindings } from '../../../../src/processes/reconciliation/unopenedPayments.js';
import { anOrder, aPayment, dueAt, eur, idOf } from '../../../support/fixtures.js';
import { histories as orders } from '../../domain/order/histories.js';
import { histories as payments, opened } from '../../domain/payment/histories.js';
import { recorded } from '../support/recorded.js';

/** Events happen at 12:00: see `recorded`. */
const SOON = '2024-05-04T12:03:00.000Z';
const LATER = '2024-05-04T12:03:00.001Z';
const stream = orderStream(anOrder);
const another = idOf('payment', 2);
const requested: OrderEvent = {
  type: 'PaymentRequested',
  data: { paymentId: another, ordinal: 2, amount: eur(300), purpose: 'additional', dueAt },
};
const link = (paymentId: typeof aPayment): OrderEvent => ({
  type: 'PaymentLinkAttached',
  data: { paymentId, url: 'http://127.0.0.1:8081/pay/cs_1', expiresAt: dueAt },
});
const withoutLink = orders.awaiting_payment.filter(({ type }) => type !== 'PaymentLinkAttached');

async function found(
  events: readonly OrderEvent[],
  paymentEvents: readonly PaymentEvent[] = [],
  now = LATER,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const parts = {
    leftovers: { ordersWithoutPage: () => Promise.resolve([anOrder]) },
    related: {
      latest: (_: unknown, name: string) =>
        Promise.resolve(
          name === stream ? fold(order, order.initial, events) : fold(payment, payment.initial, paymentEvents),
        ),
    } as unknown as Related,
    history: () => Promise.resolve(events.map((event, revision) => recorded(stream, event, revision))),
  };
  for await (const finding of unopenedFindings(parts, now)) findings.push(finding);
  return findings;
}

describe('a payment that an order asked for', () => {
  it('and of which nobody heard is asked for again by the event that did so', async () => {
    const [finding, ...more] = await found(withoutLink);
    expect(more).to.deep.equal([]);
    expect(finding?.about).to.deep.equal({ orderId: anOrder, paymentId: aPayment });
    expect(finding?.again?.process).to.equal('payment');
    expect(finding?.again?.recorded.event.type).to.equal('OrderAccepted');
    expect(await finding?.isStill?.()).to.equal(true);
  });

  it('on top of what was paid is found in every status in which the order goes on', async () => {
    for (const status of ['confirmed', 'in_fulfilment', 'fulfilled', 'completed'] as const) {
      const [finding] = await found([...orders[status], requested]);
      expect(finding?.about, status).to.deep.equal({ orderId: anOrder, paymentId: another });
      expect(finding?.again?.recorded.event, status).to.deep.equal(requested);
    }
  });

  it('is young for three minutes', async () => {
    expect(await found(withoutLink, [], SOON)).to.deep.equal([]);
  });

  it('has a page, but its order was not told where, or was opened and got none: it is asked for again', async () => {
    for (const events of [[opened], payments.ready]) expect(await found(withoutLink, events)).to.have.length(1);
  });

  it('is left alone where the order knows where to pay it, or where there is no time left', async () => {
    expect(await found([...withoutLink, link(aPayment)])).to.deep.equal([]);
    expect(await found([...orders.confirmed, requested, link(another)])).to.deep.equal([]);
    expect(await found(withoutLink, [], dueAt)).to.deep.equal([]);
    expect(await found([...orders.confirmed, requested], [], dueAt)).to.deep.equal([]);
  });

  it('is left alone where it is over, paid, or has a task since the provider makes no page', async () => {
    const refused: PaymentEvent = { type: 'CheckoutSessionFailed', data: { code: 'amount_too_small', text: 'no' } };
    for (const events of [payments.captured, payments.closed, payments.processing, [opened, refused]]) {
      expect(await found(withoutLink, events)).to.deep.equal([]);
    }
  });

  it('is nobody’s business where the order has ended', async () => {
    for (const status of ['cancelled', 'expired', 'rejected'] as const) {
      expect(await found(orders[status])).to.deep.equal([]);
    }
  });
});
