import { expect } from 'chai';
import { isRight } from 'fp-ts/lib/Either.js';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import type { MerchantOrderNo } from '../../../../src/domain/kernel/ids.js';
import {
  allowedToCustomer,
  openQty,
  order,
  type OrderEvent,
  type OrderStatus,
  type OrderView,
  representOrder,
} from '../../../../src/domain/order/index.js';
import type { CancellationEnd } from '../../../../src/domain/settings/index.js';
import { at, aTicket, dueAt, eur, idOf, later, orderLine } from '../../../support/fixtures.js';
import {
  aCancellation,
  cancellationDeclined,
  cancellationRequested,
  histories,
  link,
  linkAttached,
  linesCancelled,
  linesFulfilled,
  orderFulfilled,
  orderHeld,
  orderPlaced,
  orderRejected,
  paymentApplied,
  progressed,
  refundDue,
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
      display: 'waiting for payment',
      revision: 3,
      locationId: 'main',
      mode: 'pickup',
      channel: 'api',
      lines: [1, 2].map((n) => ({
        lineId: idOf('line', n),
        sku: `sku-${n}`,
        name: `Thing ${n}`,
        quantity: 2,
        cancelled: 0,
        fulfilled: 0,
        unitPrice: eur(500),
        net: eur(1000),
      })),
      total: eur(2000),
      due: eur(2000),
      payment: { status: 'pending', captured: eur(0), link: link.url, dueAt },
      refunds: { status: 'none', due: eur(0), refunded: eur(0) },
      fulfilment: { status: 'none' },
      returns: { status: 'none' },
      allowed: ['pay', 'cancel', 'hold', 'confirm_pay_later', 'change_promise'],
      placedAt: at,
    });
  });

  it('shows what was chosen with a line, and what that adds to its price', () => {
    const options = [{ name: 'Size', choice: 'Large', price: eur(100) }];
    const [chosen, plain] = shown([orderPlaced({ lines: [orderLine(1, { options }), orderLine(2)] })]).lines;
    expect(chosen?.options).to.deep.equal(options);
    expect(plain).not.to.have.property('options');
  });

  it('carries the merchant number, if it has one', () => {
    const merchantOrderNo = '536365' as MerchantOrderNo;
    expect(shown([orderPlaced({ merchantOrderNo })]).merchantOrderNo).to.equal(merchantOrderNo);
  });

  it('has the number that it is called out by as soon as the kitchen has its ticket, and for good', () => {
    const started: OrderEvent = {
      type: 'FulfilmentStarted',
      data: { tickets: [{ ticketId: aTicket, pickupNo: 17 }], shipLines: [] },
    };
    expect(shown(histories.confirmed)).not.to.have.property('pickupNo');
    expect(shown(histories.in_fulfilment), 'from before there were numbers').not.to.have.property('pickupNo');
    const history = [...histories.confirmed, started];
    expect(shown(history).pickupNo).to.equal(17);
    expect(shown([...history, progressed('ready'), linesFulfilled(), orderFulfilled]).pickupNo).to.equal(17);
    const moved: OrderEvent = { type: 'PickupNumberChanged', data: { ticketId: aTicket, pickupNo: 3 } };
    expect(shown([...history, moved, progressed('ready')]).pickupNo, 'it was moved to another day').to.equal(3);
  });

  it('names the reasons of a rejection', () => {
    const reasons = orderRejected.type === 'OrderRejected' ? orderRejected.data.reasons : [];
    expect(shown(histories.rejected).rejection).to.deep.equal({ reasons });
  });

  const expected: Record<
    OrderStatus,
    Pick<OrderView, 'allowed' | 'display'> & Record<'payment' | 'fulfilment', string>
  > = {
    placed: {
      payment: 'pending',
      fulfilment: 'none',
      display: 'placed',
      allowed: ['cancel', 'hold', 'change_promise'],
    },
    on_hold: {
      payment: 'pending',
      fulfilment: 'none',
      display: 'needs attention',
      allowed: ['cancel', 'resolve_hold', 'change_promise'],
    },
    awaiting_payment: {
      payment: 'pending',
      fulfilment: 'none',
      display: 'waiting for payment',
      allowed: ['cancel', 'hold', 'confirm_pay_later', 'change_promise'],
    },
    confirmed: {
      payment: 'paid',
      fulfilment: 'none',
      display: 'paid',
      allowed: ['cancel', 'cancel_lines', 'amend', 'hold', 'change_promise', 'refund'],
    },
    in_fulfilment: {
      payment: 'paid',
      fulfilment: 'queued',
      display: 'in the kitchen',
      allowed: ['cancel', 'cancel_lines', 'amend', 'change_promise', 'refund'],
    },
    fulfilled: {
      payment: 'paid',
      fulfilment: 'fulfilled',
      display: 'delivered',
      allowed: ['complete', 'take_back', 'refund'],
    },
    completed: { payment: 'paid', fulfilment: 'fulfilled', display: 'completed', allowed: ['take_back', 'refund'] },
    rejected: { payment: 'not_required', fulfilment: 'none', display: 'declined', allowed: [] },
    expired: { payment: 'not_required', fulfilment: 'none', display: 'payment time ran out', allowed: [] },
    cancelled: { payment: 'not_required', fulfilment: 'none', display: 'cancelled', allowed: [] },
  };
  for (const [status, { payment, fulfilment, allowed, display }] of Object.entries(expected)) {
    it(`shows an order that is ${status}`, () => {
      const view = shown(histories[status as OrderStatus]);
      expect(view).to.deep.include({ status, allowed, display, fulfilment: { status: fulfilment } });
      expect(view.payment.status).to.equal(payment);
    });
  }

  it('offers the customer less than the staff, and nothing of what the kitchen has begun', () => {
    const actions = (history: readonly OrderEvent[], until?: CancellationEnd) => {
      const state = fold(order, order.initial, history);
      return state.status === 'none' ? [] : allowedToCustomer(state, until);
    };
    expect(actions(histories.placed)).to.deep.equal(['cancel', 'change_promise']);
    expect(actions(histories.in_fulfilment)).to.deep.equal(['cancel', 'cancel_lines', 'amend', 'change_promise']);
    expect(actions([...histories.in_fulfilment, progressed('preparing')])).to.deep.equal([]);
    expect(actions(histories.in_fulfilment, 'confirmation')).to.deep.equal(['amend', 'change_promise']);
    expect(actions(histories.placed, 'confirmation')).to.deep.equal(['cancel', 'change_promise']);
    const short = [...histories.placed, orderHeld({ kind: 'shortage' })];
    expect(actions(short)).to.deep.equal(['cancel', 'resolve_hold', 'change_promise']);
    expect(actions(histories.on_hold)).to.deep.equal(['cancel', 'change_promise']);
  });

  it('offers another time where the order would take one, and nowhere else', () => {
    const wish = { type: 'ChangePromise', promisedAt: '2030-01-01T12:00:00.000Z', by: 'staff' } as const;
    const cooked = [...histories.in_fulfilment, progressed('preparing')];
    for (const history of [...Object.values(histories), cooked]) {
      for (const mode of ['pickup', 'dine_in', 'delivery', 'shipping'] as const) {
        const [placed, ...others] = history;
        if (placed?.type !== 'OrderPlaced') continue;
        const events = [{ ...placed, data: { ...placed.data, mode } }, ...others];
        const takesIt = isRight(order.decide(wish, fold(order, order.initial, events)));
        const { allowed, status } = shown(events);
        expect(allowed.includes('change_promise'), `${status}, ${mode}`).to.equal(takesIt);
      }
    }
  });

  it('shows why it is held, and what came of a cancellation', () => {
    expect(shown(histories.on_hold).hold).to.deep.include({ kind: 'manual', decideBy: later });
    const asked = [...histories.in_fulfilment, cancellationRequested];
    expect(shown(asked).cancellation).to.deep.equal({ id: aCancellation, state: 'pending', reason: 'changed my mind' });
    expect(shown([...asked, cancellationDeclined('too late')]).cancellation).to.deep.include({
      state: 'declined',
      cause: 'too late',
    });
  });

  it('owes nothing for lines that were cancelled', () => {
    const part = [...histories.in_fulfilment, linesCancelled({ 1: 1 })];
    expect(shown(part)).to.deep.include({ total: eur(2000), due: eur(1500) });
    expect(shown(part).lines[0]).to.include({ quantity: 2, cancelled: 1 });
    expect(
      shown([...histories.awaiting_payment, linesCancelled({ 1: 1 }), paymentApplied(1500)]).payment.status,
    ).to.equal('paid');
  });

  it('follows the money that goes back', () => {
    const due = [...histories.in_fulfilment, refundDue(500, 'goodwill', 'wish:1')];
    const gone = (amount: number, refundId = 'rfd_1'): OrderEvent => ({
      type: 'RefundApplied',
      data: { paymentId: idOf('payment', 1), refundId, amount: eur(amount) },
    });
    expect(shown(due).refunds).to.deep.equal({ status: 'pending', due: eur(500), refunded: eur(0) });
    expect(shown([...due, gone(500)]).refunds.status).to.equal('partial');
    const all = [...due, gone(500), refundDue(1500, 'goodwill', 'wish:2'), gone(1500, 'rfd_2')];
    expect(shown(all)).to.deep.include({ display: 'refunded' });
    expect(shown(all).refunds.status).to.equal('full');
    expect(shown([...histories.cancelled, paymentApplied(2000)]).refunds.status).to.equal('pending');
  });

  it('says that the money is held for it when it is authorised', () => {
    const authorized: OrderEvent = { type: 'OrderConfirmed', data: { basis: 'authorized', authorized: eur(2000) } };
    expect(shown([...histories.awaiting_payment, authorized]).payment.status).to.equal('authorized');
  });

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
