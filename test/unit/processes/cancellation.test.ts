import { expect } from 'chai';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { order, type OrderEvent, type OrderFacts } from '../../../src/domain/order/index.js';
import { payment, type PaymentEvent } from '../../../src/domain/payment/index.js';
import { cancellation } from '../../../src/processes/cancellation.js';
import { anOrder, aPayment, dueAt, eur, orderLine, placedOrder } from '../../support/fixtures.js';
import { commandsOf, names, paid, playEvent, type World } from './support/play.js';
import { recorded } from './support/recorded.js';

const cancelled: OrderEvent = { type: 'OrderCancelled', data: { reason: 'changed my mind', by: 'customer' } };
const accepted: OrderEvent = {
  type: 'OrderAccepted',
  data: { amountDue: eur(2000), paymentId: aPayment, paymentDueAt: dueAt },
};
const opened: PaymentEvent = {
  type: 'PaymentOpened',
  data: {
    paymentId: aPayment,
    orderId: anOrder,
    amount: eur(2000),
    purpose: 'initial',
    captureMode: 'automatic',
    dueAt,
  },
};
const session: PaymentEvent = {
  type: 'CheckoutSessionCreated',
  data: { sessionId: 'cs_1', url: 'http://localhost/pay', providerExpiresAt: dueAt },
};
const RELEASES = ['ReleaseReservation sku-1', 'ReleaseReservation sku-2'];

function about(options: {
  readonly placed?: Partial<OrderFacts['details']>;
  readonly accepted?: boolean;
  readonly payments?: readonly PaymentEvent[];
  readonly world?: World;
}) {
  const history: OrderEvent[] = [
    { type: 'OrderPlaced', data: placedOrder(options.placed) },
    ...(options.accepted === false ? [] : [accepted]),
    cancelled,
  ];
  const state = {
    order: fold(order, order.initial, history) as OrderFacts,
    payment: options.accepted === false ? undefined : fold(payment, payment.initial, options.payments ?? []),
  };
  return playEvent(cancellation, recorded(`order-${anOrder}`, cancelled, 2), state, options.world);
}

describe('cancellation before payment', () => {
  it('frees the stock first, then closes the session at the provider, then the payment', () => {
    const rounds = about({ payments: [opened, session] });
    expect(names(rounds)).to.deep.equal([RELEASES, ['close cs_1'], ['ClosePayment']]);
    expect(commandsOf(rounds, 'ClosePayment')[0]?.why).to.equal('cancelled');
  });

  it('closes a payment that was never opened, so that its opening is refused', () => {
    expect(names(about({}))).to.deep.equal([RELEASES, ['ClosePayment'], ['session of the payment']]);
  });

  it('only frees the stock when the order was cancelled before it was accepted', () => {
    expect(names(about({ accepted: false }))).to.deep.equal([RELEASES]);
  });

  it('closes the payment of an order without tracked stock', () => {
    const rounds = about({ placed: { lines: [orderLine(1, { track: false })] }, payments: [opened, session] });
    expect(names(rounds)).to.deep.equal([['close cs_1'], ['ClosePayment']]);
  });

  it('records the money of a payer who was faster', () => {
    const world: World = (step) => (step.kind === 'session' ? { result: 'seen', observation: paid } : undefined);
    expect(names(about({ payments: [opened, session], world }))).to.deep.equal([
      RELEASES,
      ['close cs_1'],
      ['RecordProviderState'],
    ]);
  });

  it('comes again while the provider is silent, the stock being free already', () => {
    const world: World = (step) => (step.kind === 'session' ? { result: 'silent', error: 'down' } : undefined);
    expect(names(about({ payments: [opened, session], world }))).to.deep.equal([RELEASES, ['close cs_1'], ['later']]);
  });
});
