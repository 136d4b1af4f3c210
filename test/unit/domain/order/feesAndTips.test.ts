import { order, type OrderEvent } from '../../../../src/domain/order/index.js';
import { eur, idOf, orderLine, placedOrder } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  acceptance,
  cancellationRequested,
  commands,
  fulfilmentStarted,
  linesCancelled,
  linesFulfilled,
  nextPayments,
  orderAccepted,
  orderCancelled,
  orderConfirmed,
  orderFulfilled,
  orderPlaced,
  paymentApplied,
  refundDue,
  stockSecured,
  unitsOf,
} from './histories.js';

const given = specificationOf(order);
/** Two lines of 10.00, brought for 3.00, with 2.00 on top. */
const brought = { mode: 'delivery', deliveryFee: eur(300), tip: eur(200), total: eur(2500) } as const;
const accepted: OrderEvent = { ...orderAccepted, data: { amountDue: eur(2500), ...acceptance } } as OrderEvent;
const confirmed = [orderPlaced(brought), stockSecured, accepted, paymentApplied(2500), orderConfirmed];
const { cancellationId } = commands.CancelLines;
const another = idOf('cancellation', 3);
const linesRefund = (amount: number, key: string, units: Readonly<Record<number, number>>): OrderEvent => ({
  type: 'RefundDue',
  data: {
    refundKey: `lines:${key}`,
    amount: eur(amount),
    reason: 'lines_cancelled',
    approval: 'auto',
    lines: unitsOf(units),
  },
});

describe('what bringing an order costs, and what was given on top', () => {
  it('is to be paid with it', () => {
    given([orderPlaced(brought)])
      .when(commands.RecordStockSecured)
      .then([stockSecured, accepted]);
    given([orderPlaced(brought), stockSecured, accepted])
      .when({ ...commands.ApplyPayment, amount: eur(2500) })
      .then([paymentApplied(2500), orderConfirmed]);
  });

  it('goes back where nothing is brought', () => {
    given([...confirmed, fulfilmentStarted, cancellationRequested])
      .when({ ...commands.SettleCancellation, stopped: unitsOf({ 1: 2, 2: 2 }) })
      .then([orderCancelled, refundDue(2500, 'cancelled', 'order:cancelled')]);
  });

  it('stays paid where a part is brought', () => {
    given(confirmed)
      .when({ ...commands.CancelLines, lines: unitsOf({ 1: 1 }) })
      .then([linesCancelled({ 1: 1 }, { cancellationId }), linesRefund(500, cancellationId, { 1: 1 })]);
  });

  it('goes back with the last line, where the lines are called off one after the other', () => {
    const first = [linesCancelled({ 1: 2 }, { cancellationId: another }), linesRefund(1000, another, { 1: 2 })];
    const { reason, by } = commands.CancelLines;
    given([...confirmed, ...first])
      .when({ ...commands.CancelLines, lines: unitsOf({ 2: 2 }) })
      .then([
        linesCancelled({ 2: 2 }, { cancellationId }),
        { type: 'OrderCancelled', data: { reason, by, cancellationId } },
        refundDue(1500, 'cancelled', 'order:cancelled'),
      ]);
  });

  it('stays paid where the rest is called off after a part was handed over', () => {
    given([...confirmed, fulfilmentStarted, linesFulfilled(unitsOf({ 1: 2 }))])
      .when({ ...commands.CancelLines, lines: unitsOf({ 2: 2 }) })
      .then([
        linesCancelled({ 2: 2 }, { cancellationId }),
        linesRefund(1000, cancellationId, { 2: 2 }),
        orderFulfilled,
      ]);
  });

  it('can be given back like everything that was paid, and no more', () => {
    const wish = { ...commands.GrantRefund, automaticUpTo: 10_000 };
    given(confirmed)
      .when({ ...wish, refund: { amount: eur(2501) } })
      .thenRejected('RefundExceedsCaptured', { refundable: eur(2500) });
    const { refundKey, reason } = wish;
    const refund = { lines: unitsOf({ 1: 2, 2: 2 }) };
    const lines: OrderEvent = {
      type: 'RefundDue',
      data: { refundKey, amount: eur(2000), reason, approval: 'auto', ...refund },
    };
    given(confirmed)
      .when({ ...wish, refund })
      .then([lines]);
    given([...confirmed, lines])
      .when({ ...wish, refundKey: 'wish:2', refund: { amount: eur(501) } })
      .thenRejected('RefundExceedsCaptured', { refundable: eur(500) });
  });

  it('is what it was when lines come on top', () => {
    const line = orderLine(3, { qty: 1, track: false });
    given(confirmed)
      .when({ ...commands.AmendOrder, add: [line], drop: [] })
      .then([
        {
          type: 'OrderAmended',
          data: {
            amendmentId: commands.AmendOrder.amendmentId,
            changes: [{ op: 'add', lineId: line.lineId, after: line }],
            totalBefore: eur(2500),
            totalAfter: eur(3000),
            settlement: 'payment',
            by: 'staff',
          },
        },
        { type: 'PaymentRequested', data: { ...nextPayments[0]!, amount: eur(500), purpose: 'additional' } },
      ]);
  });

  it('is never less than nothing, and in the currency of the order', () => {
    const place = (change: Parameters<typeof placedOrder>[0]) =>
      given([]).when({ ...commands.PlaceOrder, order: placedOrder(change) });
    place({ tip: eur(-1) }).thenRejected('InvalidAmount');
    place({ deliveryFee: eur(-1) }).thenRejected('InvalidAmount');
    place({ tip: { amount: 1, currency: 'USD' } }).thenRejected('CurrencyMismatch');
  });
});
