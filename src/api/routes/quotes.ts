import * as E from 'fp-ts/lib/Either.js';
import { quote } from '../../commands/order/quote.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { PRIVATE } from '../http/singles.js';
import { problemOf } from '../problemDetails.js';
import { money, quantity } from '../schema/amounts.js';
import { locationId, sku } from '../schema/ids.js';
import { orderMode } from '../schema/order.js';
import { boolean, dateTime, text } from '../schema/primitives.js';
import { described, named } from '../schema/schema.js';
import { list, object } from '../schema/structures.js';
import { orderLines, priceHash, promisedAt, quoteToken } from './orderWish.js';

const quoteAnswer = named(
  'Quote',
  object({
    lines: list(
      named('QuoteLine', object({ sku, name: text(100), quantity, unitPrice: money, net: money, tax: money })),
    ),
    total: money,
    taxInclusive: described(boolean, "Whether the lines' prices contain their tax"),
    priceHash,
    validUntil: described(dateTime, 'Until then it can be ordered at these prices'),
    token: quoteToken,
  }),
);

/** What an order would come to. */
export function quoteRoutes(deps: ApiDependencies): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/quotes',
      operationId: 'quoteOrder',
      tag: 'Orders',
      summary: 'What an order comes to if it is placed within ten minutes',
      description:
        'Nothing is kept of it, and no stock is asked for. For ten minutes the same can be ordered at these prices by the ' +
        '`token`, whatever it costs by then; afterwards, and always with the `priceHash` alone, an order is refused once it ' +
        'would come to something else, with a new quote.',
      params: {},
      query: {},
      headers: [],
      body: { schema: object({ locationId, mode: orderMode, lines: orderLines }, { promisedAt }) },
      answers: { 200: { description: 'The quote', schema: quoteAnswer } },
      problems: ['offer-unavailable', 'location-closed', 'ordering-paused', 'mode-not-offered', 'currency-mismatch'],
      handle: async ({ body }) => {
        const priced = await quote(deps, body, deps.clock.now());
        return E.isLeft(priced)
          ? E.left(problemOf(priced.left))
          : E.right({ status: 200, headers: PRIVATE, body: priced.right });
      },
    }),
  ];
}
