import * as E from 'fp-ts/lib/Either.js';
import { changePromise } from '../../commands/order/changePromise.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { problem } from '../problems/problem.js';
import { invalidField } from '../problems/validation.js';
import { orderId } from '../schema/ids.js';
import { orderAnswer } from '../schema/order.js';
import { object } from '../schema/structures.js';
import { answer } from './orderDeciding.js';
import { promisedAt as wantedAt } from './orderWish.js';

/** Another time for an order that is fetched, or eaten there. */
export const orderPromisingRoute = ({ executor, catalogue, clock }: ApiDependencies): Route =>
  route({
    method: 'put',
    path: '/v1/orders/{id}/promise',
    operationId: 'changePromise',
    tag: 'Orders',
    summary: 'Want an order at another time',
    description:
      'For orders that are fetched or eaten there (what is brought somewhere: `PUT …/delivery`), until somebody has begun to make ' +
      'it. Asked for as that of a new order: somebody is there then, orders are taken, and the kitchen has room (`kitchen-full` ' +
      'says when it has). The ticket is told.',
    params: { id: orderId },
    query: {},
    headers: ['If-Match'],
    body: { schema: object({ promisedAt: wantedAt }) },
    answers: { 200: { description: 'The order', schema: orderAnswer, headers: ['ETag', 'Comanda-Position'] } },
    problems: [
      'illegal-transition',
      'already-started',
      'line-already-started',
      'location-closed',
      'ordering-paused',
      'kitchen-full',
      'revision-mismatch',
      'precondition-required',
    ],
    handle: async ({ params: { id }, body: { promisedAt }, ifMatch, commandContext }) => {
      if (ifMatch === undefined) {
        return E.left(problem('precondition-required', "send If-Match with the order's ETag, or *"));
      }
      if (Date.parse(promisedAt) <= Date.parse(clock.now())) {
        return E.left(invalidField('/promisedAt', 'in-the-past', 'that time is over'));
      }
      const wish = { promisedAt: new Date(promisedAt).toISOString(), by: 'staff' } as const;
      return answer(id, await changePromise({ executor, catalogue }, id, wish, { ...commandContext(), ifMatch }));
    },
  });
