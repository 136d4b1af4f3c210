import * as E from 'fp-ts/lib/Either.js';
import { amendOrder } from '../../commands/order/amendOrder.js';
import { representOrder } from '../../domain/order/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { PRIVATE, resource } from '../http/singles.js';
import { problemOfCommand } from '../problemDetails.js';
import { atPlaces } from '../problems/places.js';
import { type Problem, problem } from '../problems/problem.js';
import { lineQuantities } from '../schema/amounts.js';
import { orderId } from '../schema/ids.js';
import { orderAnswer } from '../schema/order.js';
import { oneOf } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { object } from '../schema/structures.js';
import { orderLines } from './orderWish.js';

/** What comes and goes after an order was confirmed. Until there are accounts everybody is of the staff. */
export function orderAmendingRoutes({
  executor,
  catalogue,
  settings,
  personalData,
}: ApiDependencies): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/orders/{id}/amendments',
      operationId: 'amendOrder',
      tag: 'Orders',
      summary: 'Add lines to a confirmed order, and take units out of it',
      description:
        'What is added (`add`: articles and quantities, never a price) costs what it costs now. If the order costs more ' +
        'afterwards, and nothing was left to pay before, the difference is asked for by a payment of its own; if it costs ' +
        'less, what was paid beyond that goes back with `settlement: refund`, and else stays with the order. What turns out ' +
        'not to be in stock, or comes when the kitchen has handed over the rest, is called off again and costs nothing. ' +
        'With `dryRun=true` nothing happens, and the answer is the order as it would be.',
      params: { id: orderId },
      query: { dryRun: { schema: described(oneOf('true', 'false'), 'Only say what would become of it') } },
      headers: ['If-Match', 'Idempotency-Key'],
      body: {
        schema: object(
          {},
          {
            add: orderLines,
            drop: lineQuantities,
            settlement: described(oneOf('refund', 'none'), 'What becomes of what was paid too much; absent: none'),
          },
        ),
      },
      answers: {
        200: { description: 'The order as it would be', schema: orderAnswer },
        201: { description: 'The order, amended', schema: orderAnswer, headers: ['ETag'] },
      },
      problems: [
        'illegal-transition',
        'line-already-started',
        'quantity-not-available',
        'offer-unavailable',
        'location-closed',
        'ordering-paused',
        'currency-mismatch',
        'revision-mismatch',
        'precondition-required',
        'idempotency-key-invalid',
      ],
      handle: async ({ params: { id }, query, body, ifMatch, idempotencyKey, commandContext }) => {
        if (ifMatch === undefined) {
          return E.left(problem('precondition-required', "send If-Match with the order's ETag, or *"));
        }
        const { add = [], drop = [], settlement = 'none' } = body;
        const dryRun = query.dryRun === 'true';
        const outcome = await amendOrder(
          { executor, catalogue, settings, personalData },
          id,
          {
            add,
            drop,
            settlement,
            by: 'staff',
            dryRun,
            ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
          },
          { ...commandContext(), ifMatch },
        );
        if (E.isLeft(outcome)) {
          const refusal = outcome.left;
          const refused = problemOfCommand(refusal, { what: 'order', id });
          const named = refusal._tag === 'QuantityNotAvailable' || refusal._tag === 'LineAlreadyStarted';
          return E.left(named ? moved(atPlaces(refused, refusal, drop), '/drop') : moved(refused, '/add'));
        }
        const { state, revision } = outcome.right;
        const view = representOrder(state, revision);
        return E.right(dryRun ? { status: 200, headers: PRIVATE, body: view } : resource(view, { status: 201 }));
      },
    }),
  ];
}

/** The problem, with what it says of `lines` said of the member of this body. */
const moved = (told: Problem, to: string): Problem => ({
  ...told,
  ...(told.errors === undefined
    ? {}
    : { errors: told.errors.map((error) => ({ ...error, pointer: error.pointer.replace(/^\/lines(?=\/|$)/, to) })) }),
});
