import * as E from 'fp-ts/lib/Either.js';
import { orderIdOfMerchantNumber } from '../../commands/identity.js';
import { stateAtRevision, stateAtTime, timeline, type TimelineItem } from '../../commands/replay/index.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import type { Sealed } from '../../domain/kernel/sealed.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { order, type OrderView, representOrder } from '../../domain/order/index.js';
import type { ViewText } from '../../projections/order/queries.js';
import type { ApiDependencies } from '../dependencies.js';
import { revisionTag } from '../http/preconditions.js';
import { type Outcome, type Route, route } from '../http/route.js';
import { found, missing, PRIVATE, resource, viewOrFold } from '../http/singles.js';
import { JSON_TYPE } from '../http/send.js';
import { startWaiting } from '../http/waiting.js';
import type { Principal } from '../principal.js';
import { shownOf } from '../ports/wakeUp.js';
import { problem } from '../problems/problem.js';
import { merchantOrderNo, orderId, orderNumber } from '../schema/ids.js';
import { orderAnswer } from '../schema/order.js';
import { decimalText, momentText } from '../schema/query.js';
import { timelineAnswer } from '../schema/timeline.js';
import { noteOpener } from './noteShown.js';
import { orderListingRoute } from './orderListing.js';

const TAG = 'Orders';
const VIEW_PATIENCE_MS = 2_000;
const LOOK_AGAIN_MS = 100;
/** No order has as many events: a higher revision need not be looked for. */
const HIGHEST_REVISION = 1_000_000;

export function orderReadingRoutes(deps: ApiDependencies, principal: Principal): readonly Route[] {
  const { eventStore } = deps;
  const shownItem = timelineShowing(deps);
  return [
    orderListingRoute(deps),
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
        return handedOn(await currentText(deps, id), `order ${id}`);
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
        const order = await currentText(deps, orderIdOfMerchantNumber(principal.account, number));
        return handedOn(order, `order of the merchant's number ${number}`);
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
      description: 'As it was written, but that notes are to be read; whose key was erased has `text: null`.',
      params: { id: orderId },
      query: {},
      headers: [],
      answers: { 200: { description: 'The history, oldest first', schema: timelineAnswer } },
      problems: [],
      handle: async ({ params: { id } }) => {
        const items = await Promise.all((await timeline(eventStore, orderStream(id))).map((item) => shownItem(item)));
        return items.length > 0
          ? E.right({ status: 200, body: { items }, headers: PRIVATE })
          : E.left(missing('order', `order ${id}`));
      },
    }),
  ];
}

/** The history as the staff reads it: of all that is sealed in it, notes alone are in no other answer. */
function timelineShowing(deps: ApiDependencies): (item: TimelineItem) => Promise<TimelineItem> {
  const open = noteOpener(deps);
  return async (item) => {
    const { sealed, ...data } = item.data as { readonly sealed?: unknown };
    if (item.type !== 'NoteAdded' || typeof sealed !== 'string') return item;
    return { ...item, data: { ...data, text: await open(sealed as Sealed) } };
  };
}

/** The order as its view shows it, else as its stream has it. */
export const currentOrder = (deps: ApiDependencies, id: OrderId): Promise<OrderView | undefined> =>
  viewOrFold(
    deps.log,
    () => deps.orders.orderById(id),
    () => folded(deps, id),
  );

const currentText = (deps: ApiDependencies, id: OrderId): Promise<ViewText | undefined> =>
  viewOrFold(
    deps.log,
    () => deps.orders.orderTextById(id),
    async () => {
      const view = await folded(deps, id);
      return view && { revision: view.revision, json: JSON.stringify(view) };
    },
  );

/** The most asked of all answers: the row's text as it is. */
const handedOn = (order: ViewText | undefined, name: string): Outcome =>
  order
    ? E.right({
        status: 200,
        text: { type: JSON_TYPE, content: order.json },
        etag: revisionTag(order.revision),
        headers: PRIVATE,
      })
    : E.left(missing('order', name));

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
    const shown = reached(await currentOrder(deps, id));
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
    const caughtUp = await waiter.until(async () => reached(await currentOrder(deps, id)));
    return E.right(resource(caughtUp ?? stored));
  } finally {
    waiter.stop();
  }
}
