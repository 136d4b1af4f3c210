import type { Order } from '../../../src/domain/order/index.js';
import type { Payment } from '../../../src/domain/payment/index.js';
import type { Shipment } from '../../../src/domain/shipment/index.js';

/** The arrows of the lifecycle, those of several events at once included. */
export const orderArrows: Readonly<Record<Order['status'], readonly Order['status'][]>> = {
  none: ['placed', 'awaiting_payment', 'confirmed'],
  placed: ['on_hold', 'awaiting_payment', 'confirmed', 'rejected', 'cancelled'],
  on_hold: ['placed', 'awaiting_payment', 'confirmed', 'in_fulfilment', 'fulfilled', 'rejected', 'cancelled'],
  awaiting_payment: ['on_hold', 'confirmed', 'expired', 'cancelled'],
  confirmed: ['on_hold', 'in_fulfilment', 'fulfilled', 'cancelled'],
  in_fulfilment: ['fulfilled', 'cancelled'],
  fulfilled: ['completed'],
  completed: [],
  rejected: [],
  expired: [],
  cancelled: [],
};

/** The same of a payment. */
export const paymentArrows: Readonly<Record<Payment['status'], readonly Payment['status'][]>> = {
  none: ['opened', 'closed'],
  opened: ['ready', 'processing', 'authorized', 'captured', 'failed', 'closed'],
  ready: ['processing', 'authorized', 'captured', 'failed', 'closed'],
  processing: ['opened', 'ready', 'authorized', 'captured', 'failed'],
  authorized: ['captured', 'voided'],
  captured: [],
  failed: ['authorized', 'captured'],
  voided: ['captured'],
  closed: ['authorized', 'captured'],
};

const UNDER_WAY: readonly Shipment['status'][] = [
  'out_for_delivery',
  'delivery_failed',
  'delivered',
  'returned',
  'lost',
];
const LEFT: readonly Shipment['status'][] = ['in_transit', ...UNDER_WAY];
/** The same of a shipment. */
export const shipmentArrows: Readonly<Record<Shipment['status'], readonly Shipment['status'][]>> = {
  none: ['pending', 'withdrawn'],
  withdrawn: [],
  pending: ['packed', 'cancelled', ...LEFT],
  packed: ['cancelled', ...LEFT],
  in_transit: UNDER_WAY,
  out_for_delivery: ['delivery_failed', 'delivered', 'returned', 'lost'],
  delivery_failed: ['out_for_delivery', 'delivered', 'returned', 'lost'],
  delivered: [],
  returned: [],
  lost: ['delivered'],
  cancelled: [],
};
