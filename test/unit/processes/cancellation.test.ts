import { expect } from 'chai';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { type ExistingOrder, order, type OrderEvent, type OrderFacts } from '../../../src/domain/order/index.js';
import { payment, type PaymentEvent } from '../../../src/domain/payment/index.js';
import { cancellation } from '../../../src/processes/cancellation.js';
import { anOrder, aPayment, dueAt, eur, idOf, orderLine, placedOrder } from '../../support/fixtures.js';
import { commandsOf, names, paid, playEvent, refusedWith, type World } from './support/play.js';
import { captured, opened, session } from './support/payments.js';
import { recorded } from './support/recorded.js';

const cancelled: OrderEvent = { type: 'OrderCancelled', data: { reason: 'changed my mind', by: 'customer' } };
const accepted: OrderEvent = {
  type: 'OrderAccepted',
  data: { amountDue: eur(2000), paymentId: aPayment, paymentDueAt: dueAt },
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
    order: fold(order, order.initial, history) as ExistingOrder,
    payments:
      options.accepted === false
        ? []
        : [{ id: aPayment, state: fold(payment, payment.initial, options.payments ?? []) }],
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

  it('closes every payment that was asked for, each for itself', () => {
    const second = idOf('payment', 2);
    const history: readonly OrderEvent[] = [
      { type: 'OrderPlaced', data: placedOrder({ lines: [orderLine(1, { track: false })] }) },
      accepted,
      cancelled,
    ];
    const its = fold(order, order.initial, history) as ExistingOrder;
    const ofSecond: readonly PaymentEvent[] = [
      { type: 'PaymentOpened', data: { ...opened.data, paymentId: second, purpose: 'additional', ordinal: 2 } },
      { ...session, data: { ...session.data, sessionId: 'cs_2' } },
    ];
    const state = {
      order: its,
      payments: [
        { id: aPayment, state: fold(payment, payment.initial, [opened, session]) },
        { id: second, state: fold(payment, payment.initial, ofSecond) },
      ],
    };
    const event = recorded(`order-${anOrder}`, cancelled, 2);
    expect(names(playEvent(cancellation, event, state))).to.deep.equal([
      ['close cs_1', 'close cs_2'],
      ['ClosePayment', 'ClosePayment'],
    ]);
    const silent: World = (step) =>
      step.kind === 'session' && step.sessionId === 'cs_2' ? { result: 'silent', error: 'down' } : undefined;
    expect(names(playEvent(cancellation, event, state, silent))).to.deep.equal([
      ['close cs_1', 'close cs_2'],
      ['ClosePayment'],
      ['later'],
    ]);
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

describe('cancellation of an order that the kitchen has', () => {
  const confirmed: readonly OrderEvent[] = [
    { type: 'OrderPlaced', data: placedOrder() },
    accepted,
    {
      type: 'PaymentApplied',
      data: { paymentId: aPayment, intentId: 'pi_1', amount: eur(2000), capturedTotal: eur(2000), method: 'card' },
    },
    { type: 'OrderConfirmed', data: { basis: 'captured' } },
  ];
  const play = (event: OrderEvent, world?: World, before: readonly OrderEvent[] = confirmed) =>
    playEvent(
      cancellation,
      recorded(`order-${anOrder}`, event, before.length),
      {
        order: fold(order, order.initial, [...before, event]) as ExistingOrder,
        payments: [{ id: aPayment, state: fold(payment, payment.initial, [opened, session, captured]) }],
      },
      world,
    );
  const asked = (force = false): OrderEvent => ({
    type: 'CancellationRequested',
    data: {
      cancellationId: idOf('cancellation', 1),
      reason: 'changed my mind',
      by: 'staff',
      ...(force ? { force } : {}),
    },
  });
  const linesCancelled = (qty: number): OrderEvent => ({
    type: 'LinesCancelled',
    data: { lines: [{ lineId: idOf('line', 1), qty, amount: eur(500 * qty) }], reason: 'no tuna', by: 'staff' },
  });

  it('asks the kitchen first, and tells the order that all of it was stopped', () => {
    const rounds = play(asked());
    expect(names(rounds)).to.deep.equal([['CancelTicket'], ['SettleCancellation']]);
    expect(commandsOf(rounds, 'CancelTicket')[0]?.force).to.equal(false);
    expect(commandsOf(rounds, 'SettleCancellation')[0]?.stopped.map(({ qty }) => qty)).to.deep.equal([2, 2]);
  });

  it('tells the order that nothing was, where the kitchen has begun', () => {
    const rounds = play(asked(), (step) =>
      step.kind === 'ticket' ? refusedWith({ _tag: 'AlreadyStarted' }) : undefined,
    );
    expect(commandsOf(rounds, 'SettleCancellation')[0]).to.deep.include({
      stopped: [],
      cause: 'the kitchen has begun',
    });
  });

  it('stops nothing of an order with a parcel either while the kitchen makes it, but what it has handed over', () => {
    const withParcel: readonly OrderEvent[] = [
      { type: 'OrderPlaced', data: placedOrder({ mode: 'delivery' }) },
      ...confirmed.slice(1),
      { type: 'FulfilmentStarted', data: { tickets: [{ ticketId: idOf('ticket', 1) }], shipLines: [] } },
      {
        type: 'LinesAllotted',
        data: { shipmentId: idOf('shipment', 1), lines: [{ lineId: idOf('line', 1), qty: 2 }] },
      },
    ];
    const refusing = (rejection: { readonly _tag: string }) =>
      play(asked(), (step) => (step.kind === 'ticket' ? refusedWith(rejection) : undefined), withParcel);
    const begun = refusing({ _tag: 'AlreadyStarted' });
    expect(names(begun)).to.deep.equal([['CancelTicket'], ['SettleCancellation']]);
    expect(commandsOf(begun, 'SettleCancellation')[0]).to.deep.include({ stopped: [], cause: 'the kitchen has begun' });
    const handedOver = refusing({ _tag: 'IllegalTransition', ...{ status: 'handed_over' } });
    expect(names(handedOver)).to.deep.equal([['CancelTicket'], ['CancelShipment'], ['SettleCancellation']]);
  });

  it('stops the kitchen all the same where the staff insist', () => {
    expect(commandsOf(play(asked(true)), 'CancelTicket')[0]?.force).to.equal(true);
  });

  it('takes the ticket away and gives the stock back when the order is cancelled', () => {
    expect(names(play(cancelled))).to.deep.equal([['CancelTicket', ...RELEASES]]);
    expect(commandsOf(play(cancelled), 'CancelTicket')[0]?.force).to.equal(true);
  });

  it('takes single units off the ticket, and gives back the stock for them', () => {
    expect(names(play(linesCancelled(1)))).to.deep.equal([['VoidItem', 'ReduceReservation sku-1']]);
    expect(names(play(linesCancelled(2)))).to.deep.equal([['VoidItem', 'ReleaseReservation sku-1']]);
  });

  it('waits for a ticket that is not open yet', () => {
    const rounds = play(linesCancelled(1), (step) =>
      step.kind === 'ticket' ? refusedWith({ _tag: 'NotFound', ...{ what: 'ticket' } }) : undefined,
    );
    expect(names(rounds).at(-1)).to.deep.equal(['later']);
  });

  const HANDED_OVER = refusedWith({ _tag: 'IllegalTransition', ...{ status: 'handed_over' } });
  const tasksOf = (rounds: ReturnType<typeof play>) => commandsOf(rounds, 'OpenTask').map(({ task }) => task);

  it('has somebody see to goods that were handed over in the same moment', () => {
    for (const event of [cancelled, linesCancelled(1)]) {
      const world: World = (step) => (step.kind === 'ticket' ? HANDED_OVER : undefined);
      const [task, ...more] = tasksOf(play(event, world));
      expect(more).to.deep.equal([]);
      expect(task).to.include({ kind: 'gone_all_the_same' });
      expect(task?.about).to.deep.equal({ orderId: anOrder });
      expect(task?.text).to.include('handed over');
    }
  });

  it('opens no task where the kitchen could be stopped', () => {
    for (const event of [cancelled, linesCancelled(1)]) expect(tasksOf(play(event))).to.deep.equal([]);
  });

  it('asks no kitchen about an order that was never confirmed', () => {
    expect(names(play(linesCancelled(1), undefined, confirmed.slice(0, 1)))).to.deep.equal([
      ['ReduceReservation sku-1'],
    ]);
  });
});
