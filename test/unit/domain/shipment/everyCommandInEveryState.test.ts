import { shipment } from '../../../../src/domain/shipment/index.js';
import { decisionTable, everywhere } from '../../../support/decisionTable.js';
import { commands, histories } from './histories.js';
import { labelCommands, labelHistories } from './labels.js';

const inEvery = everywhere(histories);
const illegal = '!IllegalTransition';
const gone = '!AlreadyDispatched';
const none = { none: '!NotFound' } as const;
const recorded = 'CarrierUpdateRecorded';

describe('a shipment, every command in every state', () => {
  decisionTable(shipment, histories, commands, {
    CreateShipment: inEvery('nothing', { none: 'ShipmentCreated', withdrawn: illegal }),
    ReaddressShipment: inEvery(gone, {
      ...none,
      withdrawn: illegal,
      cancelled: illegal,
      pending: 'ShipmentReaddressed',
      packed: 'ShipmentReaddressed',
    }),
    PackShipment: inEvery('nothing', { ...none, withdrawn: illegal, cancelled: illegal, pending: 'ShipmentPacked' }),
    BuyLabel: inEvery(gone, {
      ...none,
      withdrawn: illegal,
      cancelled: illegal,
      pending: '!NoDestination',
      packed: '!NoDestination',
    }),
    RecordLabel: inEvery('!NotFound', { withdrawn: illegal }),
    LapseLabel: inEvery('nothing', { ...none, withdrawn: illegal }),
    RecordLabelVoid: inEvery('!NotFound', { withdrawn: illegal }),
    LapseLabelVoid: inEvery('nothing', { ...none, withdrawn: illegal }),
    AssignCourier: inEvery(illegal, { ...none, pending: 'CourierAssigned', packed: 'CourierAssigned' }),
    DispatchShipment: inEvery('nothing', {
      ...none,
      withdrawn: illegal,
      cancelled: illegal,
      pending: 'ShipmentDispatched',
      packed: 'ShipmentDispatched',
    }),
    RecordCarrierUpdate: inEvery(recorded, {
      ...none,
      withdrawn: illegal,
      pending: `${recorded} + ShipmentDispatched + OutForDelivery`,
      packed: `${recorded} + ShipmentDispatched + OutForDelivery`,
      in_transit: `${recorded} + OutForDelivery`,
      delivery_failed: `${recorded} + OutForDelivery`,
    }),
    FailAttempt: inEvery(illegal, {
      ...none,
      in_transit: 'OutForDelivery + DeliveryAttemptFailed',
      out_for_delivery: 'DeliveryAttemptFailed',
      delivery_failed: 'OutForDelivery + DeliveryAttemptFailed',
    }),
    DeliverShipment: inEvery(illegal, {
      ...none,
      in_transit: 'ShipmentDelivered',
      out_for_delivery: 'ShipmentDelivered',
      delivery_failed: 'OutForDelivery + ShipmentDelivered',
      delivered: 'nothing',
      lost: '!ReasonRequired',
    }),
    ReturnToSender: inEvery(illegal, {
      ...none,
      in_transit: 'ReturnedToSender',
      out_for_delivery: 'ReturnedToSender',
      delivery_failed: 'ReturnedToSender',
      returned: 'nothing',
    }),
    MarkLost: inEvery(illegal, {
      ...none,
      in_transit: 'ShipmentLost',
      out_for_delivery: 'ShipmentLost',
      delivery_failed: 'ShipmentLost',
      lost: 'nothing',
    }),
    CancelShipment: inEvery(gone, {
      none: 'ShipmentCancelled',
      withdrawn: 'nothing',
      pending: 'ShipmentCancelled',
      packed: 'ShipmentCancelled',
      cancelled: 'nothing',
    }),
  });
});

describe('the label of a shipment, and its courier: every command that concerns them in every state', () => {
  const withLabel = everywhere(labelHistories);
  const unsaid = '!CarrierRequired';
  const noWish = {
    'no label': '!NotFound',
    'a courier': '!NotFound',
    'under way with a courier': '!NotFound',
  } as const;
  const over = {
    'asked for, then cancelled': illegal,
    'to be taken back': illegal,
    'taken back': illegal,
    'not taken back': illegal,
    'not taken back in time': illegal,
  } as const;
  const back = 'LabelVoidRequested';
  const left = { 'under way with a courier': gone, 'under way with its label': gone } as const;

  decisionTable(shipment, labelHistories, labelCommands, {
    BuyLabel: withLabel('LabelRequested', {
      ...left,
      requested: illegal,
      bought: illegal,
      ...over,
    }),
    RecordLabel: withLabel('LabelBought', {
      ...noWish,
      void: `LabelBought + ${back}`,
      'bought, then void': `LabelBought + ${back}`,
      'asked for, then cancelled': `LabelBought + ${back}`,
    }),
    LapseLabel: withLabel('nothing', { requested: 'LabelLapsed', 'asked for, then cancelled': 'LabelLapsed' }),
    AssignCourier: withLabel('CourierAssigned', {
      requested: illegal,
      bought: illegal,
      'under way with its label': illegal,
      ...over,
    }),
    DispatchShipment: withLabel(unsaid, {
      bought: 'ShipmentDispatched',
      'a courier': 'ShipmentDispatched',
      'under way with a courier': 'nothing',
      'under way with its label': 'nothing',
      ...over,
    }),
    ReaddressShipment: withLabel('ShipmentReaddressed', {
      ...left,
      ...over,
      bought: `ShipmentReaddressed + ${back}`,
    }),
    CancelShipment: withLabel('ShipmentCancelled', {
      ...left,
      bought: `ShipmentCancelled + ${back}`,
      'asked for, then cancelled': 'nothing',
      'to be taken back': 'nothing',
      'taken back': 'nothing',
      'not taken back': 'nothing',
      'not taken back in time': 'nothing',
    }),
    RecordLabelVoid: withLabel('!NotFound', {
      'to be taken back': 'LabelVoided',
      'taken back': 'LabelVoided',
      'not taken back': 'LabelVoided',
      'not taken back in time': 'LabelVoided',
    }),
    LapseLabelVoid: withLabel('nothing', { 'to be taken back': 'LabelVoidLapsed' }),
  });
});
