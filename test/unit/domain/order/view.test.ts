import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import type { MerchantOrderNo } from '../../../../src/domain/kernel/ids.js';
import {
  openQty,
  order,
  type OrderEvent,
  type OrderStatus,
  type OrderView,
  representOrder,
} from '../../../../src/domain/order/index.js';
import { at, dueAt, eur, idOf, orderLine } from '../../../support/fixtures.js';
import {
  histories,
  link,
  linkAttached,
  linesFulfilled,
  orderPlaced,
  orderRejected,
  paymentApplied,
  progressed,
} from './histories.js';

const shown = (history: readonly OrderEvent[]): OrderView => {
  const view = representOrder(fold(order, order.initial, history), history.length - 1);
  if (!view) throw new Error('there is no order to show');
  return view;
};

describe('an order as clients see it', () => {
  it('is not there before it is placed', () => {
    expect(representOrder(order.initial, -1)).to.equal(undefined);
  });

  it('shows what was ordered, for how much, and how it is paid', () => {
    expect(shown([...histories.awaiting_payment, linkAttached])).to.deep.equal({
      id: idOf('order', 1),
      number: 'ABCD-EFGH-JKMN-7',
      status: 'awaiting_payment',
      revision: 3,
      locationId: 'main',
      mode: 'pickup',
      lines: [1, 2].map((n) => ({
        lineId: idOf('line', n),
        sku: `sku-${n}`,
        name: `Thing ${n}`,
        quantity: 2,
        unitPrice: eur(500),
        net: eur(1000),
      })),
      total: eur(2000),
      payment: { status: 'pending', link: link.url, dueAt },
      fulfilment: { status: 'none' },
      allowed: ['pay', 'cancel'],
      placedAt: at,
    });
  });

  it('carries the merchant number, if it has one', () => {
    const merchantOrderNo = '536365' as MerchantOrderNo;
    expect(shown([orderPlaced({ merchantOrderNo })]).merchantOrderNo).to.equal(merchantOrderNo);
  });

  it('names the reasons of a rejection', () => {
    const reasons = orderRejected.type === 'OrderRejected' ? orderRejected.data.reasons : [];
    expect(shown(histories.rejected).rejection).to.deep.equal({ reasons });
  });

  const expected: Record<OrderStatus, Pick<OrderView, 'allowed'> & { payment: string; fulfilment: string }> = {
    placed: { payment: 'pending', fulfilment: 'none', allowed: ['cancel'] },
    awaiting_payment: { payment: 'pending', fulfilment: 'none', allowed: ['cancel'] },
    confirmed: { payment: 'paid', fulfilment: 'none', allowed: [] },
    in_fulfilment: { payment: 'paid', fulfilment: 'queued', allowed: [] },
    fulfilled: { payment: 'paid', fulfilment: 'fulfilled', allowed: [] },
    completed: { payment: 'paid', fulfilment: 'fulfilled', allowed: [] },
    rejected: { payment: 'not_required', fulfilment: 'none', allowed: [] },
    expired: { payment: 'not_required', fulfilment: 'none', allowed: [] },
    cancelled: { payment: 'not_required', fulfilment: 'none', allowed: [] },
  };
  for (const [status, { payment, fulfilment, allowed }] of Object.entries(expected)) {
    it(`shows an order that is ${status}`, () => {
      const view = shown(histories[status as OrderStatus]);
      expect(view).to.deep.include({ status, allowed, fulfilment: { status: fulfilment } });
      expect(view.payment.status).to.equal(payment);
    });
  }

  it('tells a part, the whole and too much money apart', () => {
    const waiting = histories.awaiting_payment;
    expect(shown([...waiting, paymentApplied(1)]).payment.status).to.equal('partially_paid');
    expect(shown([...waiting, paymentApplied(2000)]).payment.status).to.equal('paid');
    expect(shown([...waiting, paymentApplied(2001)]).payment.status).to.equal('overpaid');
    expect(shown([orderPlaced({ total: eur(0) })]).payment.status).to.equal('not_required');
  });

  it('has open what was neither cancelled nor handed over', () => {
    expect(openQty({ ...orderLine(1, { qty: 5 }), cancelled: 1, fulfilled: 2 })).to.equal(2);
  });

  it('follows the kitchen, and says when a part is handed over', () => {
    const started = histories.in_fulfilment;
    expect(shown([...started, progressed('ready')]).fulfilment.status).to.equal('ready');
    const part = linesFulfilled([{ lineId: orderLine(1).lineId, qty: 1 }]);
    expect(shown([...started, part]).fulfilment.status).to.equal('partially_fulfilled');
  });
});
