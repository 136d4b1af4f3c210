import * as E from 'fp-ts/lib/Either.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { found, missing, resource } from '../http/singles.js';
import { type Problem, problem } from '../problems/problem.js';
import { paymentAnswer, paymentId } from '../schema/payment.js';
import { askProvider, within } from './askingProvider.js';
import { paymentNow } from './paymentShown.js';

/** Whoever comes back from the payment page wants to know what came of it, now. */
export function paymentSyncingRoute(deps: ApiDependencies): Route {
  return route({
    method: 'post',
    path: '/v1/payments/{id}/sync',
    operationId: 'syncPayment',
    tag: 'Payments',
    summary: 'Ask the payment provider how a payment stands',
    description:
      'For whoever comes back from the payment page. The answer is 202 with the payment as it is known, and what the provider ' +
      'says is recorded as soon as it has said it. With `Prefer: wait=N` that is waited for, for N seconds, and shown by 200. ' +
      'It is asked once in two seconds for each payment; in between it is 429.',
    params: { id: paymentId },
    query: {},
    headers: ['Prefer'],
    answers: {
      200: {
        description: 'The payment, as the provider says: it was waited for',
        schema: paymentAnswer,
        headers: ['ETag', 'Preference-Applied'],
      },
      202: {
        description: 'The payment as it is known: the provider has not answered yet',
        schema: paymentAnswer,
        headers: ['ETag', 'Location', 'Preference-Applied', 'Retry-After'],
      },
    },
    problems: ['rate-limited'],
    handle: async ({ params: { id }, prefer, patience }) => {
      const known = await paymentNow(deps, id);
      // who asks about what is not there takes nobody's turn
      if (known === undefined) return E.left(missing('payment', `payment ${id}`));
      const waitMs = await deps.syncLimit.take(id);
      if (waitMs > 0) return E.left(tooOften(waitMs));
      const asking = askProvider(deps, id);
      const answered = prefer.wait !== undefined && (await within(prefer.wait * 1_000, patience(), asking));
      // a fault of our own is in the log: nobody waits to be told of it
      if (prefer.wait === undefined) asking.catch(() => undefined);
      const applied: Record<string, string> =
        prefer.wait === undefined ? {} : { 'Preference-Applied': `wait=${prefer.wait}` };
      if (answered) return found(await paymentNow(deps, id), 'payment', `payment ${id}`, applied);
      const headers = { Location: `/v1/payments/${id}`, 'Retry-After': '2', ...applied };
      return E.right(resource(known, { status: 202, headers }));
    },
  });
}

function tooOften(waitMs: number): Problem {
  const retryAfter = Math.ceil(waitMs / 1_000);
  return problem('rate-limited', `the provider was asked about this payment just now: ask again in ${retryAfter} s`, {
    headers: { 'Retry-After': String(retryAfter) },
    extensions: { retryAfter },
  });
}
