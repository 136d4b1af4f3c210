import * as E from 'fp-ts/lib/Either.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { missing, PRIVATE } from '../http/singles.js';
import { paymentId } from '../schema/payment.js';
import { askProvider, within } from './askingProvider.js';
import { paymentNow } from './paymentShown.js';

/** How long a browser is kept for the provider's answer. */
const PATIENCE_MS = 5_000;

/**
 * Where the payment page sends the payer's browser. That it comes proves nothing: the provider is asked, as if a webhook had come,
 * and whoever is too soon after somebody else, or finds the provider away, is sent on to the order all the same.
 */
export function paymentReturningRoute(deps: ApiDependencies): Route {
  return route({
    method: 'get',
    path: '/v1/payments/{id}/return',
    operationId: 'returnFromPayment',
    tag: 'Payments',
    summary: 'Come back from the payment page',
    description:
      'For browsers: the payment provider is asked how the payment stands, as by `POST /v1/payments/{id}/sync` and no oftener, ' +
      'what it says is recorded, and the answer leads on to the order. It says nothing of the payment by itself.',
    params: { id: paymentId },
    query: {},
    headers: [],
    answers: { 303: { description: 'On to the order', headers: ['Location'] } },
    problems: [],
    handle: async ({ params: { id }, patience }) => {
      const known = await paymentNow(deps, id);
      if (known === undefined) return E.left(missing('payment', `payment ${id}`));
      const waitMs = await deps.syncLimit.take(id);
      if (waitMs === 0) await within(PATIENCE_MS, patience(), askProvider(deps, id));
      return E.right({ status: 303, headers: { ...PRIVATE, Location: `/v1/orders/${known.orderId}` } });
    },
  });
}
