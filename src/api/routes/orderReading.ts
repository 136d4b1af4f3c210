import * as E from 'fp-ts/lib/Either.js';
import { orderIdOfMerchantNumber } from '../../commands/identity.js';
import { stateAtRevision, stateAtTime, timeline } from '../../commands/replay/index.js';
import { isId, type OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { order, type OrderView, representOrder } from '../../domain/order/index.js';
import type { OrderListKey } from '../../projections/order/queries.js';
import type { ApiDependencies } from '../dependencies.js';
import { cursors } from '../http/cursor.js';
import { pageAnswer } from '../http/pages.js';
import { type Outcome, type Route, route } from '../http/route.js';
import { found, missing, PRIVATE, resource, viewOrFold } from '../http/singles.js';
import { startWaiting } from '../http/waiting.js';
import type { Principal } from '../principal.js';
import { shownOf } from '../ports/wakeUp.js';
import { problem } from '../problems/problem.js';
import { merchantOrderNo, orderId, orderNumber } from '../schema/ids.js';
import { orderAnswer, orderStatus } from '../schema/order.js';
import { page } from '../schema/page.js';
import { text } from '../schema/primitives.js';
import { decimalText, momentText } from '../schema/query.js';
import { timelineAnswer } from '../schema/timeline.js';

const TAG = 'Orders';
const DEFAULT_LIMIT = 25;
const VIEW_PATIENCE_MS = 2_000;
const LOOK_AGAIN_MS = 100;
/** No order has as many events: a higher revision need not be looked for. */
const HIGHEST_REVISION = 1_000_000;

export function orderReadingRoutes(deps: ApiDependencies, principal: Principal): readonly Route[] {
  const { eventStore, clock } = deps;
  const places = cursors(deps.secret, 'orders', isPlace, () => Date.parse(clock.now()));
  return [
    route({
      method: 'get',
      path: '/v1/orders',
      operationId: 'listOrders',
      tag: TAG,
      summary: 'Orders, newest first',
      params: {},
      query: {
        status: { schema: orderStatus, repeatable: true },
        merchantOrderNo: { schema: merchantOrderNo },
        limit: { schema: decimalText(1, 100) },
        cursor: { schema: text(2000) },
      },
      headers: [],
      answers: { 200: { description: 'A page of orders', schema: page('OrderPage', orderAnswer) } },
      problems: ['invalid-cursor'],
      handle: async ({ query: { limit = DEFAULT_LIMIT, cursor, status, merchantOrderNo: number }, url }) => {
        const filter = { status: status ? [...new Set(status)].sort() : null, number: number ?? null };
        const after = cursor === undefined ? E.right(undefined) : places.read(cursor, filter);
        if (E.isLeft(after)) return after;
        const { items, next, asOf, lagMs } = await deps.orders.ordersPage({
          limit,
          ...(status === undefined ? {} : { status }),
          ...(number === undefined ? {} : { merchantOrderNo: number }),
          ...(after.right === undefined ? {} : { cursor: after.right }),
        });
        return E.right(pageAnswer(url, { items, asOf, lagMs }, next && places.write(next, filter)));
      },
    }),
    route({
      method: 'get',
      path: '/v1/orders/{id}',
      operationId: 'getOrder',
      tag: TAG,
      summary: 'One order: now, or as it was',
      description:
        '`minRevision` waits up to two seconds for the view to have reached a revision; `revision` and `at` fold the ' +
        'history up to there.',
      params: { id: orderId },
      query: {
        minRevision: { schema: decimalText(0) },
        revision: { schema: decimalText(0) },
        at: { schema: momentText },
      },
      headers: ['If-None-Match'],
      answers: {
        200: { description: 'The order', schema: orderAnswer, headers: ['ETag'] },
        304: { description: 'Unchanged' },
      },
      problems: ['not-caught-up'],
      handle: async ({ params: { id }, query: { minRevision, revision, at }, patience }) => {
        if ([minRevision, revision, at].filter((given) => given !== undefined).length > 1) {
          return E.left(problem('malformed-parameter', 'give one of minRevision, revision and at'));
        }
        if (revision !== undefined) {
          const past = await stateAtRevision(eventStore, order, orderStream(id), Math.min(revision, HIGHEST_REVISION));
          return found(past && representOrder(past.state, past.revision), 'revision', `revision ${revision} of ${id}`);
        }
        if (at !== undefined) {
          const past = await stateAtTime(eventStore, order, orderStream(id), Date.parse(at));
          return found(representOrder(past.state, past.revision), 'order', `order ${id} at ${at}`);
        }
        if (minRevision !== undefined) return await atLeast(deps, id, minRevision, patience());
        return found(await current(deps, id), 'order', `order ${id}`);
      },
    }),
    route({
      method: 'get',
      path: '/v1/orders/by-merchant-number/{number}',
      operationId: 'getOrderByMerchantNumber',
      tag: TAG,
      summary: "One order by the merchant's own number",
      params: { number: merchantOrderNo },
      query: {},
      headers: ['If-None-Match'],
      answers: {
        200: { description: 'The order', schema: orderAnswer, headers: ['ETag'] },
        304: { description: 'Unchanged' },
      },
      problems: [],
      handle: async ({ params: { number } }) => {
        // the number names the order, so nothing need be looked for
        const order = await current(deps, orderIdOfMerchantNumber(principal.account, number));
        return found(order, 'order', `order of the merchant's number ${number}`);
      },
    }),
    route({
      method: 'get',
      path: '/v1/orders/by-number/{number}',
      operationId: 'getOrderByNumber',
      tag: TAG,
      summary: 'One order by the number that people call it by',
      description:
        'As somebody reads it out: in capitals or not, with dashes or without, O for 0, I and L for 1. An order that was ' +
        'placed a moment ago may not be found by it yet.',
      params: { number: orderNumber },
      query: {},
      headers: ['If-None-Match'],
      answers: {
        200: { description: 'The order', schema: orderAnswer, headers: ['ETag'] },
        304: { description: 'Unchanged' },
      },
      problems: [],
      handle: async ({ params: { number } }) =>
        found(await deps.orders.orderByNumber(number), 'order', `order ${number}`),
    }),
    route({
      method: 'get',
      path: '/v1/orders/{id}/timeline',
      operationId: 'getOrderTimeline',
      tag: TAG,
      summary: 'Everything that ever happened to an order, from its events',
      params: { id: orderId },
      query: {},
      headers: [],
      answers: { 200: { description: 'The history, oldest first', schema: timelineAnswer } },
      problems: [],
      handle: async ({ params: { id } }) => {
        const items = await timeline(eventStore, orderStream(id));
        return items.length > 0
          ? E.right({ status: 200, body: { items }, headers: PRIVATE })
          : E.left(missing('order', `order ${id}`));
      },
    }),
  ];
}

const current = (deps: ApiDependencies, id: OrderId): Promise<OrderView | undefined> =>
  viewOrFold(
    deps.log,
    () => deps.orders.orderById(id),
    () => folded(deps, id),
  );

async function folded({ executor }: ApiDependencies, id: OrderId): Promise<OrderView | undefined> {
  const { state, revision } = await executor.load(order, orderStream(id), { fresh: true });
  return representOrder(state, revision);
}

/** Waits for the view; one that does not get there in time is not waited for any longer, since the stream has the answer. */
async function atLeast(deps: ApiDependencies, id: OrderId, revision: number, patience: AbortSignal): Promise<Outcome> {
  const reached = (view: OrderView | undefined): OrderView | undefined =>
    view && view.revision >= revision ? view : undefined;
  const waiter = startWaiting(deps.wakeUp, shownOf(orderStream(id)), {
    deadline: performance.now() + VIEW_PATIENCE_MS,
    everyMs: LOOK_AGAIN_MS,
    patience,
  });
  try {
    const shown = reached(await current(deps, id));
    if (shown) return E.right(resource(shown));
    const stored = await folded(deps, id);
    if (!stored) return E.left(missing('order', `order ${id}`));
    if (stored.revision < revision) {
      return E.left(
        problem('not-caught-up', `the order stands at r${stored.revision}`, {
          extensions: { current: `r${stored.revision}` },
          headers: { 'Retry-After': '1' },
        }),
      );
    }
    const caughtUp = await waiter.until(async () => reached(await current(deps, id)));
    return E.right(resource(caughtUp ?? stored));
  } finally {
    waiter.stop();
  }
}

function isPlace(value: unknown): value is OrderListKey {
  if (typeof value !== 'object' || value === null) return false;
  const { placedAt, id } = value as Partial<Record<string, unknown>>;
  return typeof placedAt === 'string' && isId('order', id);
}
