import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import type { Sealed } from '../../../../src/domain/kernel/sealed.js';
import { representShipment, shipment, type ShipmentEvent } from '../../../../src/domain/shipment/index.js';
import { at, createdShipment, idOf, later } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  attemptFailed,
  commands,
  created,
  delivered,
  dispatched,
  elsewhere,
  evenLater,
  histories,
  lost,
  outForDelivery,
  packed,
  returned,
  told,
  update,
} from './histories.js';

const given = specificationOf(shipment);
const carrier = 'carrier/post';
const said = { detail: 'the dog' };
const saying = (event: ReturnType<typeof update>): ShipmentEvent => ({ ...event, data: { ...event.data, ...said } });

describe('creating a shipment', () => {
  it('takes at least one unit', () => {
    given([])
      .when({ type: 'CreateShipment', shipment: createdShipment({ lines: [] }) })
      .thenRejected('EmptyShipment');
  });

  for (const qty of [0, -1, 0.5]) {
    it(`refuses ${qty} units`, () => {
      const [line] = createdShipment().lines;
      given([])
        .when({ type: 'CreateShipment', shipment: createdShipment({ lines: [{ ...line!, qty }] }) })
        .thenRejected('InvalidQuantity', { quantity: qty, sku: line!.sku });
    });
  }
});

describe('a shipment that is dispatched', () => {
  it('need not have been packed, and its courier need no tracking number', () => {
    given([created])
      .when({ type: 'DispatchShipment', carrier: 'own', by: 'ana', at: later })
      .then([{ type: 'ShipmentDispatched', data: { carrier: 'own', dispatchedAt: later, by: 'ana' } }]);
  });

  it('is not dispatched a second time with another number', () => {
    given(histories.in_transit)
      .when({ ...commands.DispatchShipment, trackingNo: 'RR2' })
      .thenRejected('IllegalTransition', { status: 'in_transit' });
  });

  it('was packed, or never is', () => {
    given([created, dispatched]).when(commands.PackShipment).thenRejected('IllegalTransition');
  });

  it('goes where it was last said to go', () => {
    const state = given([created])
      .when(commands.ReaddressShipment)
      .then([{ type: 'ShipmentReaddressed', data: { deliverTo: elsewhere, by: 'ana' } }]);
    expect(state).to.include({ deliverTo: elsewhere });
    given([{ type: 'ShipmentCreated', data: createdShipment({ deliverTo: elsewhere }) }])
      .when(commands.ReaddressShipment)
      .thenNothing();
    given(histories.in_transit)
      .when({ type: 'ReaddressShipment', deliverTo: 'sealed:third' as Sealed, by: 'ana' })
      .thenRejected('AlreadyDispatched', { status: 'in_transit' });
  });
});

describe("a carrier's word", () => {
  it('is heard once', () => {
    given([...histories.in_transit, update('in_transit')])
      .when(told('delivered'))
      .thenNothing();
  });

  it('moves nothing when something later was told before', () => {
    given([...histories.in_transit, update('out_for_delivery', 'e2', evenLater), outForDelivery(carrier)])
      .when(told('delivered', { occurredAt: later }))
      .then([update('delivered', 'e1', later)]);
  });

  it('counts when it is of the same moment', () => {
    given([...histories.in_transit, update('out_for_delivery', 'e2', evenLater), outForDelivery(carrier)])
      .when(told('delivered'))
      .then([update('delivered'), delivered(carrier)]);
  });

  it('never takes it back', () => {
    given([...histories.out_for_delivery, update('out_for_delivery', 'e0', later)])
      .when(told('in_transit'))
      .then([update('in_transit')]);
    given(histories.delivered)
      .when(told('attempt_failed'))
      .then([update('attempt_failed')]);
    given(histories.cancelled)
      .when(told('delivered'))
      .then([update('delivered')]);
    given(histories.lost)
      .when(told('delivered'))
      .then([update('delivered')]);
  });

  it('says that it was dispatched before we did', () => {
    given([created])
      .when(told('in_transit', { trackingNo: 'RR9' }))
      .then([
        update('in_transit'),
        {
          type: 'ShipmentDispatched',
          data: { carrier: 'post', trackingNo: 'RR9', dispatchedAt: evenLater, by: carrier },
        },
      ]);
  });

  it('leads by way of the door to a failed attempt, with its reason', () => {
    given(histories.in_transit)
      .when(told('attempt_failed', said))
      .then([saying(update('attempt_failed')), outForDelivery(carrier), attemptFailed('e1', carrier, 'the dog')]);
  });

  it('ends it: delivered after all, returned, lost', () => {
    given(histories.delivery_failed)
      .when(told('delivered'))
      .then([update('delivered'), outForDelivery(carrier), delivered(carrier)]);
    given(histories.delivery_failed)
      .when(told('returned', said))
      .then([saying(update('returned')), returned(carrier, 'the dog')]);
    given(histories.in_transit)
      .when(told('lost'))
      .then([update('lost'), lost(carrier, 'post says so')]);
  });
});

describe('an attempt to deliver', () => {
  it('is counted once', () => {
    given(histories.delivery_failed)
      .when({ ...commands.FailAttempt, attemptId: 'a0' })
      .thenNothing();
  });
});

describe('a shipment that was given up for lost', () => {
  it('is delivered after all if somebody says why', () => {
    given(histories.lost)
      .when({ ...commands.DeliverShipment, reason: 'a neighbour had it', proof: 'photo/1' })
      .then([
        {
          type: 'ShipmentDelivered',
          data: { at: evenLater, by: 'ana', proof: 'photo/1', reason: 'a neighbour had it' },
        },
      ]);
  });

  it('is not for a reason of blanks', () => {
    given(histories.lost)
      .when({ ...commands.DeliverShipment, reason: '  ' })
      .thenRejected('ReasonRequired');
  });
});

describe('what clients see of a shipment', () => {
  const shown = (history: readonly ShipmentEvent[]) =>
    representShipment(fold(shipment, shipment.initial, history), history.length - 1);

  it('is nothing before it is there', () => {
    expect(shown([])).to.equal(undefined);
    expect(shown(histories.withdrawn)).to.equal(undefined);
  });

  it('is what it holds, where it is and what may follow, but not to whom it goes', () => {
    const sealed = { ...created, data: createdShipment({ deliverTo: elsewhere }) } as ShipmentEvent;
    expect(shown([sealed, packed, dispatched, outForDelivery(), attemptFailed()])).to.deep.equal({
      id: createdShipment().shipmentId,
      orderId: createdShipment().orderId,
      orderNumber: 'ABCD-EFGH-JKMN-7',
      locationId: 'main',
      state: 'delivery_failed',
      revision: 4,
      lines: [1, 2].map((n) => ({ lineId: idOf('line', n), sku: `sku-${n}`, name: `Thing ${n}`, quantity: 2 })),
      carrier: 'post',
      trackingNo: 'RR1',
      dispatchedAt: later,
      attempts: [{ at: evenLater, reason: 'nobody there' }],
      allowed: ['deliver', 'fail_attempt', 'return', 'mark_lost'],
      createdAt: at,
      packedAt: at,
    });
    expect(shown(histories.lost)).to.include({ endedAt: evenLater, reason: 'gone' });
  });
});
