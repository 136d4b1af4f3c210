import * as E from 'fp-ts/lib/Either.js';
import { orderStream } from '../../domain/kernel/streams.js';
import type { ViewText } from '../../projections/order/queries.js';
import type { ApiDependencies } from '../dependencies.js';
import { EVENT_STREAM, type StreamedEvent } from '../http/eventStream.js';
import { following, steadyReader } from '../http/following.js';
import { type Route, route } from '../http/route.js';
import { missing, PRIVATE } from '../http/singles.js';
import { shownOf } from '../ports/wakeUp.js';
import { orderId } from '../schema/ids.js';
import { orderAnswer } from '../schema/order.js';
import { currentOrder } from './orderReading.js';

/** Calls that get lost are few; reads of those who follow are joined, a few hundred orders a statement. */
const LOOK_AGAIN_MS = 2_000;

/** One order for somebody who watches it. */
export function orderStreamRoutes(deps: ApiDependencies): readonly Route[] {
  const { orders, wakeUp, log } = deps;
  const steady = steadyReader(log, 'orders');
  return [
    route({
      method: 'get',
      path: '/v1/orders/{id}/stream',
      operationId: 'followOrder',
      tag: 'Orders',
      summary: 'One order, now and whenever it has changed, as server-sent events',
      description:
        'Begins with the order as its view shows it, whatever Last-Event-ID says; an event `order` holds all of it, and its ' +
        'id is the revision. Several changes in a short time may come as one. A comment every 15 seconds says that there is ' +
        'nothing new; who does not read is disconnected.',
      params: { id: orderId },
      query: {},
      headers: ['Last-Event-ID'],
      produces: EVENT_STREAM,
      answers: { 200: { description: 'Events `order`; the data of each', schema: orderAnswer } },
      problems: ['too-many-streams'],
      handle: async ({ params: { id } }) => {
        // placed a moment ago it may be in no view yet: the stream begins, and shows it when the view does
        if (!(await currentOrder(deps, id))) return E.left(missing('order', `order ${id}`));
        const followed = {
          read: () => steady(() => orders.orderTextById(id)),
          wakeUp,
          topic: shownOf(orderStream(id)),
          everyMs: LOOK_AGAIN_MS,
        };
        return E.right({
          status: 200,
          headers: PRIVATE,
          events: (patience) => orderEvents(following(followed, patience)),
        });
      },
    }),
  ];
}

/** Of an order that is looked at again and again, whatever is newer than what was shown last. */
export async function* orderEvents(views: AsyncIterable<ViewText>): AsyncGenerator<StreamedEvent> {
  let shown = -1;
  for await (const { revision, json } of views) {
    if (revision > shown) yield { event: 'order', id: String(revision), json };
    shown = Math.max(shown, revision);
  }
}
