import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import type { Sealed } from '../../../../src/domain/kernel/sealed.js';
import { type ExistingOrder, order, type OrderEvent, representOrder } from '../../../../src/domain/order/index.js';
import { aShipment, at, idOf } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  allLines,
  aCancellation,
  cancellationDeclined,
  cancellationRequested,
  commands,
  fulfilmentStarted,
  histories,
  linesAllotted,
  linesCancelled,
  linesDispatched,
  linesReleased,
  orderFulfilled,
  orderHeld,
  orderPlaced,
  progressed,
  shipped,
  unitsOf,
} from './histories.js';

const given = specificationOf(order);
const another = idOf('shipment', 2);
const third = idOf('shipment', 3);
const allot = (units: Readonly<Record<number, number>>, shipmentId = another) =>
  ({ type: 'AllotLines', shipmentId, lines: unitsOf(units) }) as const;
const seen = (history: readonly OrderEvent[]) =>
  representOrder(fold(order, order.initial, history) as ExistingOrder, history.length - 1);
const arrived = (units: Readonly<Record<number, number>>, by = aShipment): OrderEvent => ({
  type: 'LinesFulfilled',
  data: { by, lines: unitsOf(units), how: 'delivered' },
});
const dispatch = (shipmentId = another) => ({ type: 'RecordDispatch', shipmentId, carrier: 'post' }) as const;

describe('units that are set aside for shipments', () => {
  it('are in one shipment only', () => {
    given([...shipped.to_ship, linesAllotted({ 1: 2, 2: 1 })])
      .when(allot({ 1: 1, 2: 2 }))
      .thenRejected('QuantityNotAvailable', {
        lines: [
          { lineId: idOf('line', 1), wanted: 1, available: 0 },
          { lineId: idOf('line', 2), wanted: 2, available: 1 },
        ],
      });
    given([...shipped.to_ship, linesAllotted({ 1: 2, 2: 1 })])
      .when(allot({ 2: 1 }))
      .then([linesAllotted({ 2: 1 }, another)]);
  });

  it('are set aside once, however often it is asked, and not otherwise under the same name', () => {
    given([...shipped.to_ship, linesAllotted({ 1: 1 })])
      .when(allot({ 1: 1 }, aShipment))
      .thenNothing();
    given([...shipped.to_ship, linesAllotted({ 1: 1 })])
      .when(allot({ 1: 2 }, aShipment))
      .thenRejected('AlreadyExists', { what: 'shipment', id: aShipment });
  });

  it('are those that nobody has called off, of what a kitchen has given to the courier', () => {
    const fewer = [...shipped.to_ship, linesCancelled({ 1: 1 })];
    given(fewer)
      .when({ ...allot({ 1: 2, 2: 2 }), openOnly: true })
      .then([linesAllotted({ 1: 1, 2: 2 }, another)]);
    given([...fewer, linesAllotted({ 1: 1, 2: 2 }, another)])
      .when({ ...allot({ 1: 2, 2: 2 }), openOnly: true })
      .thenNothing();
  });

  it('are some units', () => {
    given(shipped.to_ship).when({ type: 'AllotLines', shipmentId: another, lines: [] }).thenRejected('NoLines');
    given(shipped.to_ship)
      .when(allot({ 1: 0 }))
      .thenRejected('InvalidQuantity', { quantity: 0 });
  });

  it('are free again when their shipment is taken back, lost or sent back', () => {
    given(shipped.released)
      .when(allot({ 1: 2, 2: 2 }))
      .then([linesAllotted({ 1: 2, 2: 2 }, another)]);
    given([...shipped.dispatched, linesReleased('lost')])
      .when(allot({ 1: 2 }))
      .then([linesAllotted({ 1: 2 }, another)]);
  });

  it('are none of an order that is fetched, or held, or that somebody wants to cancel before the courier has it', () => {
    given(histories.in_fulfilment)
      .when(allot({ 1: 1 }))
      .thenRejected('QuantityNotAvailable');
    given([...shipped.to_ship, cancellationRequested])
      .when(allot({ 1: 1 }))
      .thenRejected('IllegalTransition');
    given([orderPlaced({ mode: 'delivery' }), ...shipped.to_ship.slice(1), cancellationRequested])
      .when(allot({ 1: 1 }))
      .then([linesAllotted({ 1: 1 }, another)]);
    const [placed, ...rest] = histories.confirmed;
    expect(placed?.type).to.equal('OrderPlaced');
    given([orderPlaced({ mode: 'shipping' }), ...rest, orderHeld({ resumeTo: 'confirmed' })])
      .when(allot({ 1: 1 }))
      .thenRejected('IllegalTransition');
  });
});

describe('an order that is held while its kitchen makes it', () => {
  const held = [
    orderPlaced({ mode: 'delivery' }),
    ...histories.confirmed.slice(1),
    orderHeld({ kind: 'shortage', resumeTo: 'confirmed' }),
    fulfilmentStarted,
    progressed('ready'),
  ];
  const given1 = (...more: readonly OrderEvent[]) => given([...held, ...more]);

  it('leaves with the courier all the same, and is held no more', () => {
    given1()
      .when({ ...allot({ 1: 2, 2: 2 }), openOnly: true })
      .then([linesAllotted({ 1: 2, 2: 2 }, another)]);
    const state = given1(linesAllotted({ 1: 2, 2: 2 }, another))
      .when(dispatch())
      .then([
        { type: 'LinesDispatched', data: { shipmentId: another, lines: unitsOf({ 1: 2, 2: 2 }), carrier: 'post' } },
        progressed('in_transit'),
        { type: 'OrderHoldResolved', data: { decision: 'accept', by: 'system' } },
      ]);
    expect(representOrder(state, 9)).to.deep.include({ status: 'in_fulfilment', display: 'on the way' });
  });

  it('is put into no parcel by hand', () => {
    given1()
      .when(allot({ 1: 2, 2: 2 }))
      .thenRejected('IllegalTransition', { status: 'on_hold' });
  });
});

describe('an order of which something has left', () => {
  const half = [
    ...shipped.to_ship,
    linesAllotted({ 1: 2 }),
    linesAllotted({ 2: 2 }, another),
    linesDispatched({ 1: 2 }),
  ];

  it('is on its way when all of it is', () => {
    expect(seen(half).fulfilment.status).to.equal('queued');
    given(half)
      .when(dispatch())
      .then([
        { type: 'LinesDispatched', data: { shipmentId: another, lines: unitsOf({ 2: 2 }), carrier: 'post' } },
        progressed('in_transit'),
      ]);
  });

  it('is on its way when the rest was called off', () => {
    const history = [...shipped.to_ship, linesCancelled({ 2: 2 }), linesAllotted({ 1: 2 }, another)];
    expect(seen([...history, linesDispatched({ 1: 2 }, another), progressed('in_transit')]).display).to.equal(
      'on the way',
    );
    given(history)
      .when(dispatch())
      .then([
        { type: 'LinesDispatched', data: { shipmentId: another, lines: unitsOf({ 1: 2 }), carrier: 'post' } },
        progressed('in_transit'),
      ]);
  });

  it('is to be packed anew when it comes back', () => {
    const back = seen([...shipped.dispatched, linesReleased('returned')]);
    expect(back.fulfilment.status).to.equal('queued');
    expect(back.display).to.equal('paid');
    expect(back.allowed).to.include('ship');
  });

  it('is partly delivered with the first shipment, and fulfilled with the last', () => {
    expect(seen([...half, arrived({ 1: 2 })]).display).to.equal('partly delivered');
    given([...half, arrived({ 1: 2 }), linesDispatched({ 2: 2 }, another)])
      .when({ ...commands.RecordLinesFulfilled, by: another, lines: unitsOf({ 2: 2 }), how: 'delivered' })
      .then([arrived({ 2: 2 }, another), orderFulfilled]);
  });

  it('stays as it is when the same is told again, and knows none of other shipments', () => {
    given(half).when(dispatch(aShipment)).thenNothing();
    given(half).when(dispatch(third)).thenRejected('NotFound', { what: 'shipment', id: third });
    given(half)
      .when({ type: 'RecordRelease', shipmentId: third, why: 'lost' })
      .thenRejected('NotFound', { what: 'shipment', id: third });
  });

  it('is cancelled as far as it has not left', () => {
    given([...half, cancellationRequested])
      .when({ ...commands.SettleCancellation, stopped: allLines, cause: 'it has left' })
      .then([
        linesCancelled({ 2: 2 }, { reason: 'changed my mind', by: 'customer', cancellationId: aCancellation }),
        {
          type: 'RefundDue',
          data: {
            refundKey: `lines:${aCancellation}`,
            amount: { amount: 1000, currency: 'EUR' },
            reason: 'lines_cancelled',
            lines: unitsOf({ 2: 2 }),
            approval: 'auto',
          },
        },
        cancellationDeclined('it has left'),
      ]);
  });

  it('is declined a cancellation when all of it has left', () => {
    given([...shipped.allotted, cancellationRequested, linesDispatched()])
      .when({ ...commands.SettleCancellation, stopped: allLines, cause: 'it has left' })
      .then([cancellationDeclined('it has left')]);
  });

  it('lets its customer ask for no cancellation any more', () => {
    given(half).when(commands.RequestCancellation).thenRejected('CancellationWindowClosed');
    given(half)
      .when({ ...commands.RequestCancellation, by: 'staff' })
      .then([{ type: 'CancellationRequested', data: { ...cancellationRequestedBy('staff') } }]);
  });

  it('goes where it was going', () => {
    given(half).when(commands.ChangeDelivery).thenRejected('AlreadyDispatched', { status: 'in_fulfilment' });
  });
});

const cancellationRequestedBy = (by: 'staff') => ({ cancellationId: aCancellation, reason: 'changed my mind', by });

describe('where an order is brought', () => {
  const address = 'sealed:here' as Sealed;
  const contact = 'sealed:ana' as Sealed;

  it('changes in what is named, once', () => {
    const history = [orderPlaced({ mode: 'shipping', address, contact })];
    const state = given(history)
      .when({ type: 'ChangeDelivery', address: 'sealed:there' as Sealed, contact, promisedAt: at, by: 'staff' })
      .then([{ type: 'DeliveryChanged', data: { by: 'staff', address: 'sealed:there' as Sealed, promisedAt: at } }]);
    expect(state).to.deep.include({ address: 'sealed:there', contact, promisedAt: at });
    expect(representOrder(state, 1)?.promisedAt).to.equal(at);
    given(history).when({ type: 'ChangeDelivery', address, by: 'staff' }).thenNothing();
  });

  it('is nothing that an order which is fetched can change', () => {
    given(histories.placed).when(commands.ChangeDelivery).thenRejected('IllegalTransition', { status: 'placed' });
  });
});

describe('what may be done with an order that is shipped', () => {
  it('is to ship what is loose, and to send it elsewhere until something has left', () => {
    expect(seen(shipped.to_ship).allowed).to.include.members(['ship', 'change_delivery']);
    expect(seen(shipped.allotted).allowed).to.include('change_delivery').and.not.include('ship');
    expect(seen(shipped.dispatched).allowed).not.to.include.members(['ship', 'change_delivery']);
    expect(seen([...shipped.to_ship, cancellationRequested]).allowed).not.to.include('ship');
    expect(seen(shipped.delivered).allowed).to.deep.equal(['complete', 'take_back', 'refund']);
  });
});
