import { shipment } from '../../../../src/domain/shipment/index.js';
import { decisionTable, everywhere } from '../../../support/decisionTable.js';
import { commands, histories } from './histories.js';

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
