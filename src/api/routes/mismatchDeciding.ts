import { decideMismatch } from '../../commands/payment/decideMismatch.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { paymentAnswer, paymentId } from '../schema/payment.js';
import { oneOf, text } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { object } from '../schema/structures.js';
import { shownPayment } from './paymentShown.js';

/** What became of another amount than was asked for, where its order is not held for it. */
export function mismatchDecidingRoute(deps: ApiDependencies): Route {
  return route({
    method: 'post',
    path: '/v1/payments/{id}/mismatch/resolution',
    operationId: 'resolveMismatch',
    tag: 'Payments',
    summary: 'Decide on another amount than was asked for',
    description:
      'For an order that goes on without that money: it is paid later, owes a difference, or was handed over. One that waits for its ' +
      'payment is held instead, and decided on by its hold. `accept` lets what came count: a rest is asked for by another payment, ' +
      'what is more goes back. In another currency it cannot count (`paid-in-another-currency`). `reject` gives it back, or lets it ' +
      'go where it is only held. Nothing is asked for anew by that: what is still due is shown by the order, and is asked for by ' +
      '`POST /v1/orders/{id}/payments` once it is agreed on. What did not go back, since its refund failed, is given back once more, by ' +
      'a decision under another key.',
    params: { id: paymentId },
    query: {},
    headers: ['If-Match', 'Idempotency-Key'],
    needsIdempotencyKey: true,
    body: {
      schema: object(
        { decision: oneOf('accept', 'reject') },
        { reason: described(text(200), 'Why', 'agreed by phone') },
      ),
    },
    answers: { 200: { description: 'The payment', schema: paymentAnswer, headers: ['ETag'] } },
    problems: [
      'illegal-transition',
      'paid-in-another-currency',
      'refund-exceeds-captured',
      'revision-mismatch',
      'idempotency-key-missing',
      'idempotency-key-invalid',
    ],
    handle: async ({ params: { id }, body: { decision, reason }, idempotencyKey = '', ifMatch, commandContext }) =>
      shownPayment(
        id,
        await decideMismatch(
          deps.executor,
          id,
          { decision, idempotencyKey, ...(reason === undefined ? {} : { reason }) },
          { ...commandContext(), ...(ifMatch === undefined ? {} : { ifMatch }) },
        ),
      ),
  });
}
