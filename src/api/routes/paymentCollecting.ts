import { confirmPayLater } from '../../commands/order/payLater.js';
import { capturePayment, voidPayment } from '../../commands/payment/holdings.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { orderId } from '../schema/ids.js';
import { orderAnswer } from '../schema/order.js';
import { paymentAnswer, paymentId } from '../schema/payment.js';
import { text } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { object } from '../schema/structures.js';
import { answer } from './orderDeciding.js';
import { paymentAskingRoute } from './paymentAsking.js';
import { shownPayment } from './paymentShown.js';
import { paymentReturningRoute } from './paymentReturning.js';
import { paymentSyncingRoute } from './paymentSyncing.js';

const TAG = 'Payments';
const LONGEST_REASON = 200;
const accepted = { 202: { description: 'The payment', schema: paymentAnswer, headers: ['ETag', 'Location'] } };

/** How money comes in: another payment, payment afterwards, and what the provider holds or has to say. */
export function collectingRoutes(deps: ApiDependencies): readonly Route[] {
  const { executor } = deps;
  return [
    paymentAskingRoute(deps),
    route({
      method: 'post',
      path: '/v1/orders/{id}/pay-later',
      operationId: 'payLater',
      tag: TAG,
      summary: 'Let an order that waits for its money go on without it',
      description: 'Where the location lets its customers pay afterwards. The link that was given stays good.',
      params: { id: orderId },
      query: {},
      headers: ['If-Match'],
      answers: {
        200: { description: 'The order, confirmed', schema: orderAnswer, headers: ['ETag', 'Comanda-Position'] },
      },
      problems: ['mode-not-offered', 'illegal-transition', 'revision-mismatch'],
      handle: async ({ params: { id }, ifMatch, commandContext }) =>
        answer(
          id,
          await confirmPayLater(executor, id, {
            ...commandContext(),
            ...(ifMatch === undefined ? {} : { ifMatch }),
          }),
        ),
    }),
    paymentSyncingRoute(deps),
    paymentReturningRoute(deps),
    route({
      method: 'post',
      path: '/v1/payments/{id}/capture',
      operationId: 'capturePayment',
      tag: TAG,
      summary: 'Take the money that the provider holds',
      params: { id: paymentId },
      query: {},
      headers: ['If-Match', 'Idempotency-Key'],
      needsIdempotencyKey: true,
      answers: accepted,
      problems: ['illegal-transition', 'revision-mismatch', 'idempotency-key-missing', 'idempotency-key-invalid'],
      handle: async ({ params: { id }, ifMatch, commandContext }) =>
        shownPayment(
          id,
          await capturePayment(executor, id, { ...commandContext(), ...(ifMatch === undefined ? {} : { ifMatch }) }),
          { status: 202, headers: { Location: `/v1/payments/${id}` } },
        ),
    }),
    route({
      method: 'post',
      path: '/v1/payments/{id}/void',
      operationId: 'voidPayment',
      tag: TAG,
      summary: 'Let the money go that the provider holds',
      params: { id: paymentId },
      query: {},
      headers: ['If-Match', 'Idempotency-Key'],
      needsIdempotencyKey: true,
      body: { schema: object({ reason: described(text(LONGEST_REASON), 'Why', 'nobody came') }) },
      answers: accepted,
      problems: ['illegal-transition', 'revision-mismatch', 'idempotency-key-missing', 'idempotency-key-invalid'],
      handle: async ({ params: { id }, body, ifMatch, commandContext }) =>
        shownPayment(
          id,
          await voidPayment(executor, id, body.reason, {
            ...commandContext(),
            ...(ifMatch === undefined ? {} : { ifMatch }),
          }),
          { status: 202, headers: { Location: `/v1/payments/${id}` } },
        ),
    }),
  ];
}
