import { ticketIdOf } from '../../commands/identity.js';
import { orderStream, shipmentStream, ticketStream } from '../../domain/kernel/streams.js';
import { type ExistingOrder, isDead, order } from '../../domain/order/index.js';
import { shipment } from '../../domain/shipment/index.js';
import { isOpened, ticket } from '../../domain/ticket/index.js';
import type { Related } from '../engine/related.js';
import type { History } from '../ports/history.js';
import type { Leftovers } from '../ports/leftovers.js';
import { addMilliseconds } from '../time.js';
import type { Finding } from './finding.js';
import { gap, isOld, lastOf, PATIENCE_MS, stuck } from './look.js';
import { ofEachOrder } from './ofEachOrder.js';

export interface DeadOrderParts {
  readonly leftovers: Pick<Leftovers, 'deadOrdersAtWork'>;
  readonly related: Related;
  readonly history: History;
}

/**
 * Orders that are over for good, and that a kitchen makes or somebody packs all the same: the word that called them off was
 * discarded before whoever works for them had it. The process hears it again; what it cannot stop is somebody's task. What is
 * only set aside for such an order is found at the shelf.
 * @param all also by their parcels, of which there may be very many
 */
export async function* deadOrderFindings(
  { leftovers, related, history }: DeadOrderParts,
  now: string,
  all: boolean,
): AsyncIterable<Finding> {
  const before = addMilliseconds(now, -PATIENCE_MS);
  const ids = await leftovers.deadOrdersAtWork({ before, all });
  yield* ofEachOrder(ids, async function* (orderId) {
    const stream = orderStream(orderId);
    const its = await related.latest(order, stream);
    if (its.status === 'none' || !isDead(its)) return;
    const look = { its, history: await history(stream), timers: [], before, late: before };
    const over = lastOf(look.history, 'OrderCancelled', 'OrderRejected', 'OrderExpired');
    if (over === undefined || !isOld(look, over)) return;
    const work = await workFor(its, related);
    if (work.length === 0) return;
    const text = work.join(', ');
    yield over.event.type === 'OrderCancelled'
      ? {
          ...gap(look, over, text, 'cancellation'),
          isStill: async () => (await workFor(its, related)).length > 0,
        }
      : stuck(look, over, text);
  });
}

/** Who still works for an order, in words; what was handed over or has left cannot be stopped any more. */
async function workFor(its: ExistingOrder, related: Related): Promise<readonly string[]> {
  const { orderId, locationId } = its.details;
  const made = await related.latest(ticket, ticketStream(ticketIdOf(orderId, locationId)));
  const isMade = isOpened(made) && made.status !== 'handed_over' && made.status !== 'cancelled';
  const parcels: string[] = [];
  for (const { shipmentId } of its.shipments) {
    const { status } = await related.latest(shipment, shipmentStream(shipmentId));
    if (status === 'pending' || status === 'packed') parcels.push(`${shipmentId} is ${status}`);
  }
  return [...(isMade ? [`its ticket is ${made.status}`] : []), ...parcels];
}
