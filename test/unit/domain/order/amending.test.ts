import { expect } from 'chai';
import {
  type ExistingOrder,
  order,
  type OrderEvent,
  owedFor,
  paymentFacet,
} from '../../../../src/domain/order/index.js';
import { eur, idOf, orderLine, placedOrder } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import { added, amend, amended, another, dropped, requested, stateAfter } from './amendments.js';
import {
  anAmendment,
  cancellationRequested,
  commands,
  histories,
  linesCancelled,
  linesFulfilled,
  nextPayments,
  progressed,
  refundDue,
  shipped,
  unitsOf,
} from './histories.js';

const given = specificationOf(order);

describe('amending an order', () => {
  it('asks for what comes on top, by a payment of its own', () => {
    given(histories.confirmed)
      .when(amend({ add: [another] }))
      .then([amended({ changes: [added], totalAfter: eur(2500), settlement: 'payment' }), requested(500)]);
  });

  it('notes where the difference is paid, until it is paid or the order is over', () => {
    const { paymentId } = nextPayments[0]!;
    const link = { ...commands.AttachPaymentLink, paymentId, url: 'http://pay.example/2' };
    const { type: _, ...data } = link;
    const asked = [
      ...histories.confirmed,
      amended({ changes: [added], totalAfter: eur(2500), settlement: 'payment' }),
      requested(500),
    ];
    given(asked)
      .when(link)
      .then([{ type: 'PaymentLinkAttached', data }]);
    const paid: OrderEvent = {
      type: 'PaymentApplied',
      data: { paymentId, intentId: 'pi_2', amount: eur(500), capturedTotal: eur(2500), method: 'card' },
    };
    given([...asked, paid])
      .when(link)
      .thenRejected('IllegalTransition');
    given([...asked, { type: 'OrderCancelled', data: { reason: 'no', by: 'staff' } }])
      .when(link)
      .thenRejected('IllegalTransition');
  });

  it('lets it join what was to be paid anyhow', () => {
    const payLater: OrderEvent[] = [
      ...histories.awaiting_payment,
      { type: 'OrderConfirmed', data: { basis: 'pay_later' } },
    ];
    given(payLater)
      .when(amend({ add: [another] }))
      .then([amended({ changes: [added], totalAfter: eur(2500) })]);
  });

  it('asks for no more than what is missing where too much was paid before', () => {
    const less = amended({ changes: [dropped(1, 1)], totalAfter: eur(1500) });
    const second = idOf('amendment', 2);
    given([...histories.confirmed, less])
      .when(amend({ amendmentId: second, add: [orderLine(4, { qty: 2, track: false })] }))
      .then([
        amended({
          amendmentId: second,
          changes: [{ op: 'add', lineId: idOf('line', 4), after: orderLine(4, { qty: 2, track: false }) }],
          totalBefore: eur(1500),
          totalAfter: eur(2500),
          settlement: 'payment',
        }),
        requested(500),
      ]);
  });

  it('asks for all of what comes on top where what was paid before has gone back', () => {
    const calledOff = [
      ...histories.in_fulfilment,
      linesCancelled({ 1: 2 }),
      refundDue(1000, 'lines_cancelled', 'lines:2.0'),
    ];
    const two = orderLine(4, { qty: 2, track: false });
    const state = given(calledOff)
      .when(amend({ add: [two] }))
      .then([
        amended({
          changes: [{ op: 'add', lineId: two.lineId, after: two }],
          totalBefore: eur(1000),
          totalAfter: eur(2000),
          settlement: 'payment',
        }),
        requested(1000),
      ]);
    expect(paymentFacet(state as ExistingOrder)).to.equal('partially_paid');
  });

  it('gives back what is dropped only where that is wished', () => {
    const changes = [dropped(1, 1)];
    given(histories.confirmed)
      .when(amend({ drop: unitsOf({ 1: 1 }), settlement: 'none' }))
      .then([amended({ changes, totalAfter: eur(1500) })]);
    const refund = refundDue(500, 'amendment', `amendment:${anAmendment}`);
    given(histories.confirmed)
      .when(amend({ drop: unitsOf({ 1: 1 }), settlement: 'refund' }))
      .then([
        amended({ changes, totalAfter: eur(1500), settlement: 'refund' }),
        { ...refund, data: { ...refund.data, lines: unitsOf({ 1: 1 }) } } as OrderEvent,
      ]);
  });

  it('settles the difference alone where one thing takes the place of another', () => {
    given(histories.confirmed)
      .when(amend({ drop: unitsOf({ 1: 1 }), add: [another], settlement: 'refund' }))
      .then([amended({ changes: [dropped(1, 1), added] })]);
  });

  it('leaves an order that is what it says: lines, tax, total and what it owes', () => {
    const taxed = orderLine(3, { qty: 1, tax: eur(80), taxRateBp: 1900, track: false });
    const change = { op: 'add', lineId: taxed.lineId, after: taxed } as const;
    const state = stateAfter(
      ...histories.confirmed,
      amended({ changes: [dropped(1, 1), change], totalAfter: eur(2000) }),
    );
    expect(state.lines.map(({ qty, cancelled }) => [qty, cancelled])).to.deep.equal([
      [2, 1],
      [2, 0],
      [1, 0],
    ]);
    expect(state.details.total).to.deep.equal(eur(2500));
    expect(owedFor(state)).to.deep.equal(eur(2000));
    expect(state.details.tax).to.deep.equal([{ rateBp: 1900, base: eur(420), amount: eur(80) }]);
    expect(state.details.lines).to.have.length(3);
  });

  it('puts the tax on top where prices are without it', () => {
    const first = { ...histories.confirmed[0]!, data: placedOrder({ taxInclusive: false }) } as OrderEvent;
    const taxed = orderLine(3, { qty: 1, tax: eur(95), taxRateBp: 1900, track: false });
    given([first, ...histories.confirmed.slice(1)])
      .when(amend({ add: [taxed] }))
      .then([
        amended({
          changes: [{ op: 'add', lineId: taxed.lineId, after: taxed }],
          totalAfter: eur(2595),
          settlement: 'payment',
        }),
        requested(595),
      ]);
  });

  it('hears of each amendment once', () => {
    given([...histories.confirmed, amended({ changes: [added] })])
      .when(amend({ add: [orderLine(4)] }))
      .thenNothing();
  });

  it('does not take out what has gone its way, and says of which line', () => {
    const lines = [{ lineId: idOf('line', 1), wanted: 2, available: 1 }];
    given([...histories.in_fulfilment, linesFulfilled(unitsOf({ 1: 1 }))])
      .when(amend({ drop: unitsOf({ 1: 2 }) }))
      .thenRejected('LineAlreadyStarted', { lines });
    given(shipped.allotted)
      .when(amend({ drop: unitsOf({ 1: 2 }) }))
      .thenRejected('LineAlreadyStarted', { lines: [{ ...lines[0]!, available: 0 }] });
  });

  it('does not take out what was never there', () => {
    given(histories.confirmed)
      .when(amend({ drop: unitsOf({ 1: 3 }) }))
      .thenRejected('QuantityNotAvailable', { lines: [{ lineId: idOf('line', 1), wanted: 3, available: 2 }] });
    given(histories.confirmed)
      .when(amend({ drop: unitsOf({ 9: 1 }) }))
      .thenRejected('QuantityNotAvailable', { lines: [{ lineId: idOf('line', 9), wanted: 1, available: 0 }] });
  });

  it('takes nothing out for a customer once somebody has begun, and for the staff it does', () => {
    const begun = [...histories.in_fulfilment, progressed('preparing')];
    given(begun)
      .when(amend({ drop: unitsOf({ 1: 1 }), by: 'customer' }))
      .thenRejected('LineAlreadyStarted', { lines: [{ lineId: idOf('line', 1), wanted: 1, available: 0 }] });
    given(begun)
      .when(amend({ drop: unitsOf({ 1: 1 }), settlement: 'none' }))
      .then([amended({ changes: [dropped(1, 1)], totalAfter: eur(1500) })]);
  });

  it('leaves nobody with an empty order, nor with more than one may have', () => {
    given(histories.confirmed)
      .when(amend({ drop: unitsOf({ 1: 2, 2: 2 }) }))
      .thenRejected('LineCountOutOfRange', { count: 0, minimum: 1, maximum: 100 });
    const many = Array.from({ length: 99 }, (_, n) => orderLine(10 + n, { qty: 1, unitPrice: eur(1) }));
    given(histories.confirmed)
      .when(amend({ add: many }))
      .thenRejected('LineCountOutOfRange', { count: 101, minimum: 1, maximum: 100 });
    given(histories.confirmed)
      .when(amend({ add: [another], maximum: eur(2499) }))
      .thenRejected('TotalTooLarge', { maximum: eur(2499) });
    given(histories.confirmed).when(amend({})).thenRejected('NoLines');
  });

  it('stays in one currency', () => {
    given(histories.confirmed)
      .when(amend({ add: [orderLine(3, { unitPrice: { amount: 1, currency: 'JPY' } })] }))
      .thenRejected('CurrencyMismatch', { currencies: ['EUR', 'JPY'] });
  });

  it('waits for a cancellation, and adds nothing to what has left', () => {
    given([...histories.in_fulfilment, cancellationRequested])
      .when(amend({ add: [another] }))
      .thenRejected('IllegalTransition', { status: 'in_fulfilment' });
    given(shipped.dispatched)
      .when(amend({ add: [another] }))
      .thenRejected('IllegalTransition', { status: 'in_fulfilment' });
  });
});
