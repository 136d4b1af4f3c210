import * as E from 'fp-ts/lib/Either.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { problem } from '../problems/problem.js';
import { boolean } from '../schema/primitives.js';
import { object } from '../schema/structures.js';

export function webhookRoutes({ webhooks: { verification, inbox } }: ApiDependencies): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/webhooks/stripe',
      operationId: 'receiveStripeWebhook',
      tag: 'Webhooks',
      summary: 'For the payment provider',
      description:
        'The signature is checked on the bytes as they came; the event is stored and answered, then worked on.',
      params: {},
      query: {},
      headers: ['Stripe-Signature'],
      body: 'raw',
      answers: { 200: { description: 'Stored', schema: object({ received: boolean }) } },
      problems: ['bad-signature'],
      handle: async ({ rawBody, header }) => {
        const verified = verification.verify(rawBody, header('stripe-signature') ?? '');
        if (E.isLeft(verified)) {
          return E.left(
            problem('bad-signature', 'the Stripe-Signature header does not fit these bytes, or is too old'),
          );
        }
        await inbox.store(verified.right);
        return E.right({ status: 200, body: { received: true } });
      },
    }),
  ];
}
