import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import {
  isTooFarAhead,
  representShipment,
  shipment,
  type ShipmentCommand,
  type ShipmentEvent,
} from '../../../../src/domain/shipment/index.js';
import { at, later } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import { cancelled, commands, evenLater, told, update } from './histories.js';
import {
  buyLabel,
  courierAssigned,
  dispatchedBy,
  labelBought,
  labelHistories,
  labelRefused,
  labelRequested,
  labelVoided,
  soldLabel,
  voidLapsed,
  voidRefused,
  voidRequested,
} from './labels.js';

const given = specificationOf(shipment);
const shown = (history: readonly ShipmentEvent[]) =>
  representShipment(fold(shipment, shipment.initial, history), history.length - 1);
const refusal: ShipmentCommand = { ...soldLabel, answer: { status: 'refused', reason: 'too heavy' } };

describe('a label', () => {
  it('is asked for once under one name, whatever has become of it', () => {
    for (const state of ['requested', 'bought', 'refused', 'lapsed', 'under way with its label'] as const) {
      given(labelHistories[state])
        .when({ ...buyLabel, bookingId: 'b1' })
        .thenNothing();
    }
  });

  it('is for at least one parcel, and each of them has a weight', () => {
    given(labelHistories['no label'])
      .when({ ...buyLabel, parcels: [] })
      .thenRejected('EmptyShipment');
    for (const weight of [0, -1, 0.5]) {
      given(labelHistories['no label'])
        .when({ ...buyLabel, parcels: [{ weight: 1 }, { weight }] })
        .thenRejected('InvalidQuantity', { quantity: weight, minimum: 1 });
    }
  });

  it('is shown with its tracking number once it is bought, and the parcel is handed to whose label it carries', () => {
    expect(shown(labelHistories.requested)).to.deep.include({
      label: { state: 'requested', carrier: 'post', service: 'express', requestedAt: at },
      allowed: ['pack', 'dispatch', 'cancel'],
    });
    expect(shown(labelHistories.bought)?.label).to.include({ state: 'bought', trackingNo: 'RR1' });
    given(labelHistories.bought)
      .when({ type: 'DispatchShipment', by: 'ana', at: later })
      .then([
        {
          type: 'ShipmentDispatched',
          data: { carrier: 'post', trackingNo: 'RR1', service: 'express', dispatchedAt: later, by: 'ana' },
        },
      ]);
  });

  it('counts for nothing where somebody else takes the parcel', () => {
    given(labelHistories.bought)
      .when({ type: 'DispatchShipment', carrier: 'pigeons', by: 'ana', at: later })
      .then([
        { type: 'ShipmentDispatched', data: { carrier: 'pigeons', dispatchedAt: later, by: 'ana' } },
        voidRequested(),
      ]);
  });

  it("gives its number to a parcel whose dispatch only the carrier's word tells of", () => {
    given(labelHistories.bought)
      .when(told('in_transit'))
      .then([
        update('in_transit'),
        {
          type: 'ShipmentDispatched',
          data: { carrier: 'post', trackingNo: 'RR1', service: 'express', dispatchedAt: evenLater, by: 'carrier/post' },
        },
      ]);
  });

  it('is answered once for each event of the carrier', () => {
    given(labelHistories.bought)
      .when({ ...soldLabel, carrierEventId: 'l1' })
      .thenNothing();
  });

  it('can be asked for again when it was refused, with the reason to be seen until then', () => {
    const state = given(labelHistories.requested)
      .when(refusal)
      .then([labelRefused('l9')]);
    expect(representShipment(state, 2)).to.deep.include({
      label: { state: 'refused', carrier: 'post', service: 'express', requestedAt: at, reason: 'too heavy' },
      allowed: ['pack', 'dispatch', 'cancel', 'buy_label', 'assign_courier'],
    });
    const again = given([...labelHistories.refused])
      .when(buyLabel)
      .then([labelRequested('b2')]);
    expect(representShipment(again, 3)?.label).not.to.have.property('reason');
  });

  it('that is sold after it was not waited for any more is a label all the same', () => {
    const state = given(labelHistories.lapsed)
      .when(soldLabel)
      .then([labelBought('l9')]);
    expect(representShipment(state, 3)?.label).to.include({ state: 'bought', trackingNo: 'RR1' });
  });

  it('that is refused late leaves a later wish as it is', () => {
    const state = given([...labelHistories.lapsed, labelRequested('b2')])
      .when(refusal)
      .then([labelRefused('l9')]);
    expect(representShipment(state, 4)?.label).to.include({ state: 'requested' });
  });

  it('is void when the parcel goes elsewhere, even if it is sold after that', () => {
    expect(shown(labelHistories['bought, then void'])?.label).to.include({ state: 'void' });
    const state = given(labelHistories.void)
      .when(soldLabel)
      .then([labelBought('l9'), voidRequested()]);
    expect(representShipment(state, 4)?.label).to.include({ state: 'void' });
  });

  it('moves nothing in time: a word of the carrier from before it was sold still counts', () => {
    given(labelHistories.bought)
      .when(told('in_transit', { occurredAt: at }))
      .then([
        update('in_transit', 'e1', at),
        {
          type: 'ShipmentDispatched',
          data: { carrier: 'post', trackingNo: 'RR1', service: 'express', dispatchedAt: at, by: 'carrier/post' },
        },
      ]);
  });
});

describe('a label that was bought and is not used', () => {
  it('is to be taken back by the same decision that leaves it without a use, once', () => {
    const state = given(labelHistories.bought).when(commands.CancelShipment).then([cancelled, voidRequested()]);
    expect(representShipment(state, 4)).to.deep.nested.include({
      'label.state': 'void',
      unusedLabels: [{ carrier: 'post', trackingNo: 'RR1', state: 'requested' }],
    });
    given(labelHistories['to be taken back'])
      .when({ ...soldLabel, carrierEventId: 'l9' })
      .then([labelBought('l9')]);
  });

  it('is to be taken back when it comes while another one is there, or asked for', () => {
    const again = [...labelHistories.lapsed, labelRequested('b2')];
    given(again)
      .when(soldLabel)
      .then([labelBought('l9'), voidRequested()]);
    const both = [...again, labelBought('l2', 'b2')];
    given(both)
      .when(soldLabel)
      .then([labelBought('l9'), voidRequested()]);
    given(both)
      .when({ type: 'DispatchShipment', by: 'ana', at: later })
      .then([
        {
          type: 'ShipmentDispatched',
          data: { carrier: 'post', trackingNo: 'RR1', service: 'express', dispatchedAt: later, by: 'ana' },
        },
      ]);
  });

  it('is to be taken back when the parcel left with somebody else before it was sold', () => {
    given([...labelHistories.requested, dispatchedBy('pigeons')])
      .when(soldLabel)
      .then([labelBought('l9'), voidRequested()]);
    given(labelHistories.bought)
      .when(told('in_transit', { carrier: 'pigeons' }))
      .then([
        { ...update('in_transit'), data: { ...update('in_transit').data, carrier: 'pigeons' } },
        { type: 'ShipmentDispatched', data: { carrier: 'pigeons', dispatchedAt: evenLater, by: 'carrier/pigeons' } },
        voidRequested(),
      ]);
  });

  it('is answered once for each event of the carrier, also late, and one that is taken back stays so', () => {
    const refused: ShipmentCommand = {
      ...commands.RecordLabelVoid,
      answer: { status: 'refused', reason: 'it was scanned' },
    };
    const state = given(labelHistories['to be taken back']).when(refused).then([voidRefused()]);
    expect(representShipment(state, 5)?.unusedLabels).to.deep.equal([
      { carrier: 'post', trackingNo: 'RR1', state: 'refused', reason: 'it was scanned' },
    ]);
    given(labelHistories['not taken back']).when(refused).thenNothing();
    const late = given([...labelHistories['to be taken back'], voidLapsed])
      .when(commands.RecordLabelVoid)
      .then([labelVoided()]);
    expect(representShipment(late, 6)?.unusedLabels?.[0]).to.include({ state: 'voided' });
    const after = given(labelHistories['taken back'])
      .when({ ...refused, carrierEventId: 'v2' })
      .then([voidRefused('v2')]);
    expect(representShipment(after, 6)?.unusedLabels?.[0]).to.include({ state: 'voided' });
  });
});

describe('a courier of ours', () => {
  it('is assigned once, and another one after that', () => {
    given(labelHistories['a courier']).when({ type: 'AssignCourier', courier: 'staff/7', by: 'ana', at }).thenNothing();
    expect(shown([...labelHistories['a courier'], courierAssigned('staff/9')])).to.include({ courier: 'staff/9' });
  });

  it('takes the parcel without a number', () => {
    given(labelHistories['a courier'])
      .when({ type: 'DispatchShipment', by: 'ana', at: later })
      .then([dispatchedBy('courier')]);
  });

  it('is let go when a carrier is asked for a label', () => {
    const state = given(labelHistories['a courier'])
      .when(buyLabel)
      .then([labelRequested('b2')]);
    expect(representShipment(state, 2)).not.to.have.property('courier');
  });
});

describe("a carrier's clock", () => {
  it('may be five minutes ahead of ours', () => {
    expect(isTooFarAhead('2024-05-04T12:05:00.000Z', at)).to.equal(false);
    expect(isTooFarAhead('2024-05-04T12:05:00.001Z', at)).to.equal(true);
  });
});
