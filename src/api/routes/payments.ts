import * as E from 'fp-ts/lib/Either.js';
import { grantRefund } from '../../commands/order/grantRefund.js';
import type { CurrencyMismatch } from '../../domain/kernel/rejections.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { order, representOrder } from '../../domain/order/index.js';
import { automaticRefundUpTo } from '../../domain/settings/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { found, missing, PRIVATE, viewOrFold } from '../http/singles.js';
import { type Problem, problem } from '../problems/problem.js';
import { invalidField } from '../problems/validation.js';
import { lineQuantities, refundAmount } from '../schema/amounts.js';
import { orderId } from '../schema/ids.js';
import { orderAnswer } from '../schema/order.js';
import { paymentAnswer, paymentId } from '../schema/payment.js';
import { text } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { list, object } from '../schema/structures.js';
import { answer } from './orderDeciding.js';
import { collectingRoutes } from './paymentCollecting.js';
import { mismatchDecidingRoute } from './mismatchDeciding.js';
import { paymentOf } from './paymentShown.js';
import { refundDecidingRoutes } from './refundDeciding.js';

const TAG = 'Payments';
const LONGEST_REASON = 200;
const reason = described(text(LONGEST_REASON), 'Why', 'the soup was cold');

/** Payments and the money that goes back. */
export function paymentRoutes(deps: ApiDependencies): readonly Route[] {
  const { executor, settings } = deps;
  return [
    route({
      method: 'get',
      path: '/v1/orders/{id}/payments',
      operationId: 'listPayments',
      tag: TAG,
      summary: 'The payments of an order, with their refunds',
      params: { id: orderId },
      query: {},
      headers: [],
      answers: {
        200: { description: 'Its payments, the first one first', schema: object({ items: list(paymentAnswer) }) },
      },
      problems: [],
      handle: async ({ params: { id } }) => {
        const known = await viewOrFold(
          deps.log,
          () => deps.orders.orderById(id),
          async () => {
            const { state, revision } = await executor.load(order, orderStream(id), { fresh: true });
            return representOrder(state, revision);
          },
        );
        if (known === undefined) return E.left(missing('order', `order ${id}`));
        return E.right({ status: 200, headers: PRIVATE, body: { items: await deps.payments.paymentsOfOrder(id) } });
      },
    }),
    route({
      method: 'get',
      path: '/v1/payments/{id}',
      operationId: 'getPayment',
      tag: TAG,
      summary: 'One payment, with its refunds',
      params: { id: paymentId },
      query: {},
      headers: ['If-None-Match'],
      answers: {
        200: { description: 'The payment', schema: paymentAnswer, headers: ['ETag'] },
        304: { description: 'Unchanged' },
      },
      problems: [],
      handle: async ({ params: { id } }) => found(await paymentOf(deps, id), 'payment', `payment ${id}`),
    }),
    ...collectingRoutes(deps),
    route({
      method: 'post',
      path: '/v1/orders/{id}/refunds',
      operationId: 'refundOrder',
      tag: TAG,
      summary: 'Give money back as a favour',
      description:
        'Some money, or what some units cost. Up to a limit it goes back at once; above it somebody has to approve the ' +
        "refund, which the order's payments show a moment later.",
      params: { id: orderId },
      query: {},
      headers: ['If-Match', 'Idempotency-Key'],
      needsIdempotencyKey: true,
      body: { schema: object({ reason }, { amount: refundAmount, lines: lineQuantities }) },
      answers: {
        202: { description: 'The order', schema: orderAnswer, headers: ['ETag', 'Comanda-Position', 'Location'] },
      },
      problems: [
        'idempotency-key-missing',
        'idempotency-key-invalid',
        'refund-exceeds-captured',
        'currency-mismatch',
        'quantity-not-available',
        'revision-mismatch',
      ],
      handle: async ({ params: { id }, body, idempotencyKey = '', ifMatch, commandContext }) => {
        const { amount, lines } = body;
        if ((amount === undefined) === (lines === undefined)) {
          return E.left(invalidField('', 'one-of', 'give either an amount or lines'));
        }
        const refund = lines === undefined ? { amount: amount ?? { amount: 0, currency: '' } } : { lines };
        const limits = await settings.now();
        const outcome = await grantRefund(
          executor,
          id,
          {
            refund,
            note: body.reason,
            idempotencyKey,
            automaticUpTo: (currency) => automaticRefundUpTo(limits, currency),
          },
          { ...commandContext(), ...(ifMatch === undefined ? {} : { ifMatch }) },
        );
        if (E.isLeft(outcome) && outcome.left._tag === 'CurrencyMismatch') return E.left(otherCurrency(outcome.left));
        return answer(id, outcome, {
          status: 202,
          headers: { Location: `/v1/orders/${id}/payments` },
          lines,
          named: true,
        });
      },
    }),
    ...refundDecidingRoutes(deps),
    mismatchDecidingRoute(deps),
  ];
}

/** An order is given back what it was paid in. */
function otherCurrency({ currencies: [paid = '', asked = ''] }: CurrencyMismatch): Problem {
  return problem('currency-mismatch', `the order is paid in ${paid}, not in ${asked}`, {
    errors: [{ pointer: '/amount/currency', code: 'other-currency', detail: `it is paid in ${paid}` }],
    extensions: { currencies: [paid, asked] },
  });
}
