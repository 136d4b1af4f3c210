import { setTimeout as sleep } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { isId } from '../../domain/kernel/ids.js';
import type { OrderFilter, OrderListKey } from '../../projections/order/queries.js';
import type { ApiDependencies } from '../dependencies.js';
import { cursors } from '../http/cursor.js';
import { pageAnswer } from '../http/pages.js';
import { type Route, route } from '../http/route.js';
import { type Problem, problem } from '../problems/problem.js';
import { locationId, merchantOrderNo } from '../schema/ids.js';
import { fulfilmentStatus, orderAnswer, orderChannel, orderMode, orderStatus, paymentStatus } from '../schema/order.js';
import { page } from '../schema/page.js';
import { oneOf, text } from '../schema/primitives.js';
import { decimalText, momentText, positionText } from '../schema/query.js';
import { described } from '../schema/schema.js';

const TAG = 'Orders';
const DEFAULT_LIMIT = 25;
const VIEW_PATIENCE_MS = 2_000;
const LOOK_AGAIN_MS = 100;

/** Many orders, as their view shows them. */
export function orderListingRoute(deps: ApiDependencies): Route {
  const places = cursors(deps.secret, 'orders', isPlace, () => Date.parse(deps.clock.now()));
  return route({
    method: 'get',
    path: '/v1/orders',
    operationId: 'listOrders',
    tag: TAG,
    summary: 'Orders, newest first, or those that a filter leaves',
    description:
      'Everything that is given must hold; of a parameter that comes several times, any value will do. `q` finds the ' +
      "words, or the beginnings of words, of the order's number, of the merchant's and of what was ordered. " +
      '`afterPosition` waits up to two seconds for the view to have come so far.',
    params: {},
    query: {
      status: { schema: orderStatus, repeatable: true },
      payment: { schema: paymentStatus, repeatable: true },
      fulfilment: { schema: fulfilmentStatus, repeatable: true },
      mode: { schema: orderMode, repeatable: true },
      channel: { schema: orderChannel, repeatable: true },
      locationId: { schema: locationId, repeatable: true },
      merchantOrderNo: { schema: merchantOrderNo },
      placedFrom: { schema: described(momentText, 'Placed then or later') },
      placedTo: { schema: described(momentText, 'Placed before') },
      q: { schema: text(100) },
      sort: {
        schema: described(
          oneOf('placedAt', '-placedAt'),
          'By when they were placed; -: the newest first, as without it',
        ),
      },
      limit: { schema: decimalText(1, 100) },
      cursor: { schema: text(2000) },
      afterPosition: {
        schema: described(positionText, 'What was written up to there is in the list: see Comanda-Position'),
      },
    },
    headers: [],
    answers: { 200: { description: 'A page of orders', schema: page('OrderPage', orderAnswer) } },
    problems: ['invalid-cursor', 'not-caught-up'],
    handle: async ({ query: { limit = DEFAULT_LIMIT, cursor, sort, q, afterPosition, ...given }, url, patience }) => {
      const filter = { ...given, ...(q === undefined ? {} : { text: q }), oldestFirst: sort === 'placedAt' };
      const after = cursor === undefined ? E.right(undefined) : places.read(cursor, canonical(filter));
      if (E.isLeft(after)) return after;
      const behind = afterPosition === undefined ? undefined : await whyBehind(deps, afterPosition, patience());
      if (behind) return E.left(behind);
      const { items, next, asOf, lagMs } = await deps.orders.ordersPage({
        ...filter,
        limit,
        ...(after.right === undefined ? {} : { cursor: after.right }),
      });
      return E.right(pageAnswer(url, { items, asOf, lagMs }, next && places.write(next, canonical(filter))));
    },
  });
}

/** Waits until the view shows what the log has up to there; undefined once it does, else why it does not. */
async function whyBehind(
  { orders }: ApiDependencies,
  wanted: bigint,
  patience: AbortSignal,
): Promise<Problem | undefined> {
  const deadline = performance.now() + VIEW_PATIENCE_MS;
  for (;;) {
    const shown = await orders.shownUpTo();
    if (shown >= wanted) return undefined;
    if (patience.aborted || performance.now() >= deadline) {
      return problem('not-caught-up', `the list shows the log up to ${shown}`, {
        extensions: { position: shown.toString() },
        headers: { 'Retry-After': '1' },
      });
    }
    await sleep(LOOK_AGAIN_MS, undefined, { signal: patience }).catch(() => undefined);
  }
}

/** A filter in one form, in whatever order its parameters came. */
const canonical = (filter: OrderFilter & { readonly oldestFirst: boolean }): unknown =>
  Object.entries(filter)
    .map(([name, value]) => [name, Array.isArray(value) ? [...new Set(value)].sort() : value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));

function isPlace(value: unknown): value is OrderListKey {
  if (typeof value !== 'object' || value === null) return false;
  const { placedAt, id } = value as Partial<Record<string, unknown>>;
  return typeof placedAt === 'string' && isId('order', id);
}
