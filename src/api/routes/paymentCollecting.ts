import * as E from 'fp-ts/lib/Either.js';
import { confirmPayLater } from '../../commands/order/payLater.js';
import { requestPayment } from '../../commands/order/requestPayment.js';
import { capturePayment, voidPayment } from '../../commands/payment/holdings.js';
import { openRequest } from '../../domain/order/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { PRIVATE } from '../http/singles.js';
import { problemOfCommand } from '../problemDetails.js';
import { money } from '../schema/amounts.js';
import { orderId } from '../schema/ids.js';
import { orderAnswer } from '../schema/order.js';
import { paymentAnswer, paymentId } from '../schema/payment.js';
import { dateTime, text } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { object } from '../schema/structures.js';
import { answer } from './orderDeciding.js';
import { shownPayment } from './paymentShown.js';
import { paymentSyncingRoute } from './paymentSyncing.js';

const TAG = 'Payments';
const LONGEST_REASON = 200;
const accepted = { 202: { description: 'The payment', schema: paymentAnswer, headers: ['ETag', 'Location'] } };
const paymentWish = object(
  { paymentId, orderId },
  { amount: described(money, 'What is asked for'), dueAt: described(dateTime, 'The end of the time to pay') },
);

/** How money comes in: another payment, payment afterwards, and what the provider holds or has to say. */
export function collectingRoutes(deps: ApiDependencies): readonly Route[] {
  const { executor } = deps;
  return [
    route({
      method: 'post',
      path: '/v1/orders/{id}/payments',
      operationId: 'requestPayment',
      tag: TAG,
      summary: 'Ask for what is still due by a payment of its own',
      description: 'While a payment of the order can still be paid it is the answer, and no other is opened.',
      params: { id: orderId },
      query: {},
      headers: ['If-Match', 'Idempotency-Key'],
      answers: {
        200: { description: 'The payment that is open', schema: paymentWish },
        201: { description: 'Asked for; the payment page follows', schema: paymentWish, headers: ['Location'] },
      },
      problems: ['nothing-due', 'illegal-transition', 'revision-mismatch', 'idempotency-key-invalid'],
      handle: async ({ params: { id }, ifMatch, commandContext }) => {
        const context = commandContext();
        const asked = await requestPayment(executor, id, {
          ...context,
          ...(ifMatch === undefined ? {} : { ifMatch }),
        });
        if (E.isLeft(asked)) return E.left(problemOfCommand(asked.left, { what: 'order', id }));
        const { state, events } = asked.right;
        if (state.status === 'none') throw new Error(`${id} asks for a payment and is not there`);
        const wish = openRequest(state, context.at) ?? state.awaited;
        if (!wish) throw new Error(`${id} asked for a payment and shows none`);
        const body = {
          paymentId: wish.paymentId,
          orderId: id,
          dueAt: wish.dueAt,
          ...('amount' in wish ? { amount: wish.amount } : {}),
        };
        return E.right(
          events.length > 0
            ? { status: 201, headers: { ...PRIVATE, Location: `/v1/payments/${wish.paymentId}` }, body }
            : { status: 200, headers: PRIVATE, body },
        );
      },
    }),
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
      answers: { 200: { description: 'The order, confirmed', schema: orderAnswer, headers: ['ETag'] } },
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
    route({
      method: 'post',
      path: '/v1/payments/{id}/capture',
      operationId: 'capturePayment',
      tag: TAG,
      summary: 'Take the money that the provider holds',
      params: { id: paymentId },
      query: {},
      headers: ['If-Match'],
      answers: accepted,
      problems: ['illegal-transition', 'revision-mismatch'],
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
      headers: ['If-Match'],
      body: { schema: object({ reason: described(text(LONGEST_REASON), 'Why', 'nobody came') }) },
      answers: accepted,
      problems: ['illegal-transition', 'revision-mismatch'],
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
