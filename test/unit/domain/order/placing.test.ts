import { order, type OrderMode } from '../../../../src/domain/order/index.js';
import { eur, idOf, orderLine, placedOrder, sku } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  acceptance,
  commands,
  orderAccepted,
  orderCancelled,
  orderPlaced,
  orderRejected,
  paymentApplied,
  refundDue,
  reservations,
  stockSecured,
  stockShort,
} from './histories.js';

const given = specificationOf(order);
const place = (change: Parameters<typeof placedOrder>[0] = {}, allowedModes: readonly OrderMode[] = ['pickup']) =>
  ({ type: 'PlaceOrder', order: placedOrder(change), acceptance, allowedModes }) as const;
const noGates = { check: 'skipped', stock: 'skipped', discounts: 'skipped' } as const;

describe('placing an order', () => {
  it('records what was ordered, and waits for its stock', () => {
    given([]).when(place()).then([orderPlaced()]);
  });

  it('accepts at once what has no gate to wait for', () => {
    given([])
      .when(place({ gates: noGates }))
      .then([orderPlaced({ gates: noGates }), orderAccepted]);
  });

  it('confirms at once what costs nothing, and asks for no payment', () => {
    const free = { gates: noGates, total: eur(0) };
    given([])
      .when(place(free))
      .then([
        orderPlaced(free),
        { type: 'OrderAccepted', data: { amountDue: eur(0) } },
        { type: 'OrderConfirmed', data: { basis: 'zero_total' } },
      ]);
  });

  it('confirms at once what is paid later', () => {
    const onAccount = { gates: noGates, paymentMode: 'pay_later' } as const;
    given([])
      .when(place(onAccount))
      .then([
        orderPlaced(onAccount),
        { type: 'OrderAccepted', data: { amountDue: eur(2000) } },
        { type: 'OrderConfirmed', data: { basis: 'pay_later' } },
      ]);
  });

  it('refuses a mode that the location does not offer, and says which it does', () => {
    given([])
      .when(place({ mode: 'delivery' }, ['pickup', 'dine_in']))
      .thenRejected('ModeNotOffered', { mode: 'delivery', offered: ['pickup', 'dine_in'] });
  });

  it('refuses an order without lines', () => {
    given([])
      .when(place({ lines: [] }))
      .thenRejected('LineCountOutOfRange', { count: 0, minimum: 1, maximum: 100 });
  });

  it('takes 100 lines, and refuses 101', () => {
    const lines = Array.from({ length: 101 }, (_, n) => orderLine(n + 1));
    const most = { lines: lines.slice(0, 100) };
    given([])
      .when(place(most))
      .then([orderPlaced(most)]);
    given([]).when(place({ lines })).thenRejected('LineCountOutOfRange', { count: 101 });
  });

  for (const qty of [1, 999]) {
    it(`takes a single line of ${qty}`, () => {
      const single = { lines: [orderLine(1, { qty })] };
      given([])
        .when(place(single))
        .then([orderPlaced(single)]);
    });
  }

  for (const quantity of [0, -1, 1.5, Number.NaN, 1000]) {
    it(`refuses a quantity of ${quantity}, and names the item`, () => {
      given([])
        .when(place({ lines: [orderLine(1), orderLine(7, { qty: quantity })], total: eur(1000) }))
        .thenRejected('InvalidQuantity', { quantity, sku: sku('sku-7'), minimum: 1, maximum: 999 });
    });
  }

  it('refuses two currencies', () => {
    const dollars = { amount: 100, currency: 'USD' };
    given([])
      .when(place({ lines: [orderLine(1), orderLine(2, { unitPrice: dollars })] }))
      .thenRejected('CurrencyMismatch', { currencies: ['EUR', 'USD'] });
  });

  it('refuses a total below zero', () => {
    given([])
      .when(place({ total: eur(-1) }))
      .thenRejected('InvalidAmount', { amount: -1, currency: 'EUR' });
  });
});

describe('the stock of an order', () => {
  it('closes the last gate: the order is accepted', () => {
    given([orderPlaced()]).when(commands.RecordStockSecured).then([stockSecured, orderAccepted]);
  });

  it('is not enough while another gate is open', () => {
    const screened = orderPlaced({ gates: { check: 'required', stock: 'required', discounts: 'skipped' } });
    given([screened]).when(commands.RecordStockSecured).then([stockSecured]);
  });

  it('confirms an order that was paid before', () => {
    given([orderPlaced(), paymentApplied()])
      .when(commands.RecordStockSecured)
      .then([
        stockSecured,
        { type: 'OrderAccepted', data: { amountDue: eur(0) } },
        { type: 'OrderConfirmed', data: { basis: 'captured' } },
      ]);
  });

  it('must be reserved for each line that stock is kept for, and for no other', () => {
    const mixed = orderPlaced({ lines: [orderLine(1), orderLine(2), orderLine(3, { track: false })] });
    given([mixed])
      .when({ type: 'RecordStockSecured', reservations: reservations.slice(0, 1), acceptance })
      .thenRejected('LinesNotReserved', { lineIds: [idOf('line', 2)] });
  });

  it('that is short rejects the order and names the item', () => {
    given([orderPlaced()]).when(commands.RecordStockShort).then([stockShort, orderRejected]);
  });

  it('that is short gives back what a rejected order was paid', () => {
    given([orderPlaced(), paymentApplied()])
      .when(commands.RecordStockShort)
      .then([stockShort, orderRejected, refundDue(2000, 'cancelled', 'order:rejected')]);
  });

  it('cannot be short once it is secured', () => {
    given([orderPlaced(), stockSecured, orderAccepted])
      .when(commands.RecordStockShort)
      .thenRejected('IllegalTransition', { status: 'awaiting_payment' });
  });

  it('comes too late for an order that was cancelled meanwhile', () => {
    given([orderPlaced(), orderCancelled])
      .when(commands.RecordStockSecured)
      .thenRejected('IllegalTransition', { status: 'cancelled', allowed: [] });
  });
});
