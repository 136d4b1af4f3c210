import type { OrderCommand } from '../../../src/domain/order/index.js';
import { aPayment, dueAt, eur, orderLine, placedOrder } from '../../support/fixtures.js';

/** Places an order of one line that waits for nothing but its shipment. */
export const placeToShip = (qty: number): OrderCommand => ({
  type: 'PlaceOrder',
  order: placedOrder({
    mode: 'shipping',
    lines: [orderLine(1, { qty, track: false })],
    total: eur(0),
    paymentMode: 'free',
    gates: { check: 'skipped', stock: 'skipped', discounts: 'skipped' },
  }),
  acceptance: { paymentId: aPayment, paymentDueAt: dueAt },
  allowedModes: ['shipping'],
});
