import { type ExistingOrder, isDead, order } from '../../domain/order/index.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { type Reservation, reservationsOf, stock } from '../../domain/stock/index.js';
import type { CommandStep } from '../engine/step.js';
import type { Related } from '../engine/related.js';
import type { Leftovers } from '../ports/leftovers.js';
import { addMilliseconds } from '../time.js';
import type { Finding } from './finding.js';

const WEBHOOK_PATIENCE_MS = 5 * 60_000;

/** Webhooks that wait. */
export async function* webhookFindings(leftovers: Leftovers, now: string): AsyncIterable<Finding> {
  const before = addMilliseconds(now, -WEBHOOK_PATIENCE_MS);
  const waiting = await leftovers.webhooksWaiting(before);
  if (waiting > 0) {
    yield {
      key: `webhooks ${now.slice(0, 10)}`,
      about: {},
      text: `${waiting} webhooks that came before ${before} wait to be worked`,
    };
  }
}

/** Units that are set aside for an order which will never want them: they are given back. */
export async function* reservationFindings(leftovers: Leftovers, related: Related): AsyncIterable<Finding> {
  for (const stream of await leftovers.stockItems()) {
    const state = await related.latest(stock, stream);
    if (state.status === 'none') continue;
    const { sku, locationId } = state;
    for (const [reservationId, reservation] of reservationsOf(state)) {
      const { orderId, status, qty } = reservation;
      if (status !== 'held' && status !== 'confirmed') continue;
      const its = await related.latest(order, orderStream(orderId));
      if (its.status !== 'none' && !isOver(its)) continue;
      const mend: CommandStep = {
        kind: 'stock',
        name: `release ${reservationId}`,
        stream,
        command: { type: 'ReleaseReservation', reservationId, orderId, why: whyOf(its.status, reservation) },
      };
      yield {
        key: `reservation ${reservationId}`,
        about: { orderId, sku, locationId },
        text: `${qty} of ${sku} are set aside for an order that is ${its.status === 'none' ? 'not there' : its.status}`,
        ...(its.status === 'none' ? {} : { mend }),
      };
    }
  }
}

const isOver = (its: ExistingOrder): boolean => isDead(its) || its.status === 'fulfilled' || its.status === 'completed';

const whyOf = (status: string, _reservation: Reservation): 'rejected' | 'expired' | 'cancelled' =>
  status === 'rejected' || status === 'expired' ? status : 'cancelled';
