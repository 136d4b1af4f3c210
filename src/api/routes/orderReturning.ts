import { recordReturn } from '../../commands/order/recordReturn.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { returnedUnits } from '../schema/amounts.js';
import { orderId } from '../schema/ids.js';
import { orderAnswer } from '../schema/order.js';
import { text } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { object } from '../schema/structures.js';
import { answer } from './orderDeciding.js';

/** What comes back of an order that was handed over. Until there are accounts everybody is of the staff. */
export const orderReturningRoutes = ({ executor }: ApiDependencies): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/orders/{id}/returned-goods',
    operationId: 'recordReturn',
    tag: 'Orders',
    summary: 'Units that were handed over are back',
    description:
      'Never more than were handed over and are not back yet. What is `sellable` goes onto the shelf again, what is `damaged` ' +
      'is written off, as far as stock is kept of it. The money is another matter: see the refunds of the order.',
    params: { id: orderId },
    query: {},
    headers: ['If-Match', 'Idempotency-Key'],
    needsIdempotencyKey: true,
    body: {
      schema: object({ lines: returnedUnits }, { reason: described(text(200), 'Why it came back', 'too large') }),
    },
    answers: { 201: { description: 'The order', schema: orderAnswer, headers: ['ETag', 'Comanda-Position'] } },
    problems: [
      'illegal-transition',
      'quantity-not-available',
      'revision-mismatch',
      'idempotency-key-missing',
      'idempotency-key-invalid',
    ],
    handle: async ({ params: { id }, body: { lines, reason }, idempotencyKey = '', ifMatch, commandContext }) =>
      answer(
        id,
        await recordReturn(
          executor,
          id,
          { lines, by: 'staff', idempotencyKey, ...(reason === undefined ? {} : { reason }) },
          { ...commandContext(), ...(ifMatch === undefined ? {} : { ifMatch }) },
        ),
        { status: 201, lines, named: true },
      ),
  }),
];
