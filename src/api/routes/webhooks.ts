import * as E from 'fp-ts/lib/Either.js';
import { isTooFarAhead } from '../../domain/shipment/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { missing } from '../http/singles.js';
import { problem } from '../problems/problem.js';
import { invalidField } from '../problems/validation.js';
import { decodeJson } from '../http/body.js';
import { shipmentId } from '../schema/ids.js';
import { boolean, dateTime, matching, oneOf, text } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { object } from '../schema/structures.js';

const carrierWord = object(
  {
    eventId: described(matching(/^[!-~]{1,255}$/, '1 to 255 visible ASCII characters'), 'The same on every redelivery'),
    shipmentId,
    status: oneOf('in_transit', 'out_for_delivery', 'attempt_failed', 'delivered', 'returned', 'lost'),
    occurredAt: dateTime,
  },
  { trackingNo: text(60), detail: text(500) },
);

export function webhookRoutes({
  webhooks: { verification, carriers, inbox },
  clock,
}: ApiDependencies): readonly Route[] {
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
    route({
      method: 'post',
      path: '/v1/webhooks/carriers/{name}',
      operationId: 'receiveCarrierWebhook',
      tag: 'Webhooks',
      summary: 'For carriers: how far a shipment is',
      description:
        'A JSON body with eventId, shipmentId, status (in_transit, out_for_delivery, attempt_failed, delivered, returned, ' +
        'lost), occurredAt and, if they are known, trackingNo and detail. The signature is checked on the bytes as they ' +
        'came; the word is stored and answered, then worked on. It may come in any order and any number of times.',
      params: { name: matching(/^[a-z0-9][a-z0-9-]{0,39}$/, 'the name of a carrier') },
      query: {},
      headers: ['Carrier-Signature'],
      body: 'raw',
      answers: { 202: { description: 'Stored', schema: object({ received: boolean }) } },
      problems: ['bad-signature', 'malformed-json', 'validation-failed'],
      handle: async ({ params: { name }, rawBody, header }) => {
        const signed = carriers.check(name, rawBody, header('carrier-signature') ?? '');
        if (signed === 'unknown-carrier') return E.left(missing('carrier', `carrier ${name}`));
        if (signed === 'bad') {
          return E.left(
            problem('bad-signature', 'the Carrier-Signature header does not fit these bytes, or is too old'),
          );
        }
        const word = decodeJson(rawBody, carrierWord);
        if (E.isLeft(word)) return word;
        const { eventId, occurredAt, ...said } = word.right;
        if (isTooFarAhead(occurredAt, clock.now())) {
          return E.left(invalidField('/occurredAt', 'in-the-future', 'that has not happened yet'));
        }
        await inbox.store({
          provider: `carrier/${name}`,
          eventId,
          eventType: said.status,
          body: JSON.stringify({ ...said, occurredAt: new Date(occurredAt).toISOString() }),
        });
        return E.right({ status: 202, body: { received: true } });
      },
    }),
  ];
}
