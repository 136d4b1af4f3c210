import * as E from 'fp-ts/lib/Either.js';
import { dropPrice, priceOffer } from '../../commands/offer/priceOffer.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { withoutBody } from '../http/singles.js';
import { type Problem, problem } from '../problems/problem.js';
import { price } from '../schema/amounts.js';
import { locationId, sku } from '../schema/ids.js';
import { offerAnswer } from '../schema/offer.js';
import { described } from '../schema/schema.js';
import { object } from '../schema/structures.js';
import { shownOffer } from './offerSuspension.js';

const PATH = '/v1/offers/{sku}/price';
const TAG = 'Offers';
const CONDITIONAL = ['revision-mismatch', 'precondition-required'] as const;

/** What an article costs, everywhere or at one location. */
export const priceRoutes = (deps: ApiDependencies): readonly Route[] => [
  route({
    method: 'put',
    path: PATH,
    operationId: 'setPrice',
    tag: TAG,
    summary: 'What an article costs from now on: at one location, or wherever it has no price of its own',
    description: 'In one currency everywhere. What was ordered before keeps its price.',
    params: { sku },
    query: { locationId: { schema: described(locationId, 'Only there; absent: wherever it has no price of its own') } },
    headers: ['If-Match', 'Prefer'],
    body: { schema: object({ price }) },
    answers: { 200: { description: 'The offer as it is now', schema: offerAnswer, headers: ['ETag'] } },
    problems: ['illegal-transition', 'currency-mismatch', ...CONDITIONAL],
    handle: async ({ params, query, body, ifMatch, commandContext }) => {
      if (ifMatch === undefined) return E.left(problem('precondition-required', 'send If-Match, or *'));
      const context = { ...commandContext(), ifMatch };
      const outcome = await priceOffer(deps, params.sku, query.locationId, body.price, context);
      return E.isLeft(outcome) && outcome.left._tag === 'CurrencyMismatch'
        ? E.left(wrongCurrency(outcome.left.currencies))
        : shownOffer(params.sku, outcome);
    },
  }),
  route({
    method: 'delete',
    path: PATH,
    operationId: 'dropPrice',
    tag: TAG,
    summary: 'At a location it costs again what it costs elsewhere',
    params: { sku },
    query: { locationId: { schema: described(locationId, 'Where') } },
    headers: ['If-Match'],
    answers: { 204: { description: 'It has no price of its own there', headers: ['ETag'] } },
    problems: ['illegal-transition', ...CONDITIONAL],
    handle: async ({ params, query: { locationId: place }, ifMatch, commandContext }) => {
      if (place === undefined) {
        return E.left(
          problem('malformed-parameter', 'say where: ?locationId=', { extensions: { parameter: 'locationId' } }),
        );
      }
      if (ifMatch === undefined) return E.left(problem('precondition-required', 'send If-Match, or *'));
      const dropped = await dropPrice(deps.executor, params.sku, place, { ...commandContext(), ifMatch });
      return withoutBody(shownOffer(params.sku, dropped));
    },
  }),
];

/** What an article costs in another currency than at some location, or than its options. */
export const wrongCurrency = (currencies: readonly string[]): Problem =>
  problem('currency-mismatch', `an article is sold in one currency, not in ${currencies.join(' and ')}`, {
    errors: [{ pointer: '/price/currency', code: 'mixed-currencies', detail: `in ${currencies.join(', ')}` }],
    extensions: { currencies },
  });
