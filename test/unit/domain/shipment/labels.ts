import type { Sealed } from '../../../../src/domain/kernel/sealed.js';
import type { Sender, ShipmentCommand, ShipmentEvent } from '../../../../src/domain/shipment/index.js';
import { at, createdShipment, later, main } from '../../../support/fixtures.js';
import { cancelled, commands } from './histories.js';

const home = 'sealed:home' as Sealed;
const from: Sender = { locationId: main, name: 'Main' };

const addressed: ShipmentEvent = { type: 'ShipmentCreated', data: createdShipment({ deliverTo: home }) };
export const labelRequested = (bookingId = 'b1'): ShipmentEvent => ({
  type: 'LabelRequested',
  data: { bookingId, carrier: 'post', service: 'express', parcels: [{ weight: 1200 }], from, at, by: 'ana' },
});
export const labelBought = (carrierEventId = 'l1', bookingId = 'b1'): ShipmentEvent => ({
  type: 'LabelBought',
  data: { bookingId, carrier: 'post', carrierEventId, trackingNo: 'RR1', at: later, by: 'carrier/post' },
});
export const labelRefused = (carrierEventId = 'l1', bookingId = 'b1'): ShipmentEvent => ({
  type: 'LabelRefused',
  data: { bookingId, carrier: 'post', carrierEventId, reason: 'too heavy', at: later, by: 'carrier/post' },
});
const labelLapsed: ShipmentEvent = { type: 'LabelLapsed', data: { bookingId: 'b1', at: later, by: 'labels' } };
export const voidRequested = (bookingId = 'b1'): ShipmentEvent => ({
  type: 'LabelVoidRequested',
  data: { bookingId, carrier: 'post', trackingNo: 'RR1' },
});
export const labelVoided = (carrierEventId = 'v1'): ShipmentEvent => ({
  type: 'LabelVoided',
  data: { bookingId: 'b1', carrier: 'post', carrierEventId, at: later, by: 'carrier/post' },
});
export const voidRefused = (carrierEventId = 'v1'): ShipmentEvent => ({
  type: 'LabelVoidRefused',
  data: { bookingId: 'b1', carrier: 'post', carrierEventId, reason: 'it was scanned', at: later, by: 'carrier/post' },
});
export const voidLapsed: ShipmentEvent = {
  type: 'LabelVoidLapsed',
  data: { bookingId: 'b1', at: later, by: 'labels' },
};
const readdressed: ShipmentEvent = {
  type: 'ShipmentReaddressed',
  data: { deliverTo: 'sealed:moved' as Sealed, by: 'ana' },
};
export const courierAssigned = (courier = 'staff/7'): ShipmentEvent => ({
  type: 'CourierAssigned',
  data: { courier, at, by: 'ana' },
});
export const dispatchedBy = (carrier: string): ShipmentEvent => ({
  type: 'ShipmentDispatched',
  data: { carrier, dispatchedAt: later, by: 'ana', ...(carrier === 'post' ? { trackingNo: 'RR1' } : {}) },
});

const asked = [addressed, labelRequested()];
const sold = [...asked, labelBought()];
/** How a shipment comes to each state of its label, and to a courier. */
export const labelHistories = {
  'no label': [addressed],
  requested: asked,
  bought: sold,
  refused: [...asked, labelRefused()],
  lapsed: [...asked, labelLapsed],
  void: [...asked, readdressed],
  'bought, then void': [...sold, readdressed],
  'a courier': [addressed, courierAssigned()],
  'under way with a courier': [addressed, courierAssigned(), dispatchedBy('courier')],
  'under way with its label': [...sold, dispatchedBy('post')],
  'asked for, then cancelled': [...asked, cancelled],
  'to be taken back': [...sold, cancelled, voidRequested()],
  'taken back': [...sold, cancelled, voidRequested(), labelVoided()],
  'not taken back': [...sold, cancelled, voidRequested(), voidRefused()],
  'not taken back in time': [...sold, cancelled, voidRequested(), voidLapsed],
} as const satisfies Readonly<Record<string, readonly ShipmentEvent[]>>;

type Command<Type extends ShipmentCommand['type']> = Extract<ShipmentCommand, { type: Type }>;
export const buyLabel: Command<'BuyLabel'> = { ...commands.BuyLabel, bookingId: 'b2' };
export const soldLabel: Command<'RecordLabel'> = { ...commands.RecordLabel, carrierEventId: 'l9' };
/** What concerns a label or a courier, and what follows from them. */
export const labelCommands = {
  BuyLabel: buyLabel,
  RecordLabel: soldLabel,
  LapseLabel: commands.LapseLabel,
  AssignCourier: { ...commands.AssignCourier, courier: 'staff/9' },
  DispatchShipment: { type: 'DispatchShipment', by: 'ana', at: later },
  ReaddressShipment: commands.ReaddressShipment,
  CancelShipment: commands.CancelShipment,
  RecordLabelVoid: { ...commands.RecordLabelVoid, carrierEventId: 'v9' },
  LapseLabelVoid: commands.LapseLabelVoid,
} as const satisfies Readonly<Record<string, ShipmentCommand>>;
