import * as E from 'fp-ts/lib/Either.js';
import { quote } from '../../commands/order/quote.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { PRIVATE } from '../http/singles.js';
import { problemOf } from '../problemDetails.js';
import type { Problem } from '../problems/problem.js';
import { money, quantity } from '../schema/amounts.js';
import { locationId, sku } from '../schema/ids.js';
import { orderMode } from '../schema/order.js';
import { boolean, dateTime, integer, text } from '../schema/primitives.js';
import { described, named } from '../schema/schema.js';
import { consistent, list, object } from '../schema/structures.js';
import { destination, oneTip, orderLines, priceHash, promisedAt, quoteToken, tips } from './orderWish.js';
import { tooManyUnits } from './tooManyUnits.js';

const quoteAnswer = named(
  'Quote',
  object({
    lines: list(
      named('QuoteLine', object({ sku, name: text(100), quantity, unitPrice: money, net: money, tax: money })),
    ),
    deliveryFee: described(money, 'What bringing it there costs, taxed like a line'),
    tip: money,
    tax: described(
      list(object({ rateBp: integer(0, 10_000), base: money, amount: money })),
      'The tax of each rate, of lines and delivery together, and what it is taken of',
    ),
    total: money,
    taxInclusive: described(boolean, 'Whether the prices of lines and delivery contain their tax'),
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
        'would come to something else, with a new quote. What bringing it costs is promised for the zone of the `destination`; a ' +
        'tip may be another one when it is ordered.',
      params: {},
      query: {},
      headers: [],
      body: {
        schema: consistent(
          object({ locationId, mode: orderMode, lines: orderLines }, { promisedAt, destination, ...tips }),
          oneTip,
        ),
      },
      answers: { 200: { description: 'The quote', schema: quoteAnswer } },
      problems: [
        'offer-unavailable',
        'location-closed',
        'ordering-paused',
        'mode-not-offered',
        'address-not-served',
        'minimum-not-met',
        'currency-mismatch',
      ],
      handle: async ({ body }) => {
        const tooMany = tooManyUnits(body.lines);
        if (tooMany) return E.left(tooMany);
        const priced = await quote(deps, body, deps.clock.now());
        return E.isLeft(priced)
          ? E.left(ofQuote(problemOf(priced.left)))
          : E.right({ status: 200, headers: PRIVATE, body: priced.right });
      },
    }),
  ];
}

/** A quote has no address: what is wrong with where it goes is wrong with its destination. */
const ofQuote = (refused: Problem): Problem =>
  refused.errors === undefined
    ? refused
    : {
        ...refused,
        errors: refused.errors.map((error) =>
          error.pointer === '/address/postalCode' ? { ...error, pointer: '/destination/postalPrefix' } : error,
        ),
      };
