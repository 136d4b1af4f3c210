import type { Order } from '../../../src/domain/order/index.js';
import type { Payment } from '../../../src/domain/payment/index.js';

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
