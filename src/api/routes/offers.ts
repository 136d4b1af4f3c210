import * as E from 'fp-ts/lib/Either.js';
import { publishOffer } from '../../commands/offer/publishOffer.js';
import { replaceOffer } from '../../commands/offer/replaceOffer.js';
import { retireOffer } from '../../commands/offer/retireOffer.js';
import type { Sku } from '../../domain/kernel/ids.js';
import { offerStream } from '../../domain/kernel/streams.js';
import { offer, type OfferView, representOffer } from '../../domain/offer/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { cursors } from '../http/cursor.js';
import { pageAnswer } from '../http/pages.js';
import { type Route, route } from '../http/route.js';
import { found, PUBLIC, resource, viewOrFold, withoutBody } from '../http/singles.js';
import { problemOf } from '../problemDetails.js';
import { problem } from '../problems/problem.js';
import { sku } from '../schema/ids.js';
import { offerAnswer, offerProperties } from '../schema/offer.js';
import { text } from '../schema/primitives.js';
import { decimalText } from '../schema/query.js';
import { page } from '../schema/page.js';
import { object } from '../schema/structures.js';
import { priceRoutes, wrongCurrency } from './offerPrice.js';
import { shownOffer, suspensionRoutes } from './offerSuspension.js';

/** The class of what does not say its own. */
const TAX_CLASS = 'standard';
const DEFAULT_LIMIT = 25;

const body = object(offerProperties.required, offerProperties.optional);

export function offerRoutes(deps: ApiDependencies): readonly Route[] {
  const { executor, clock, log } = deps;
  const places = cursors(
    deps.secret,
    'offers',
    (value): value is string => typeof value === 'string',
    () => Date.parse(clock.now()),
  );

  const fold = async (id: Sku): Promise<OfferView | undefined> => {
    const { state, revision } = await executor.load(offer, offerStream(id));
    return representOffer(state, revision);
  };

  return [
    route({
      method: 'put',
      path: '/v1/offers/{sku}',
      operationId: 'putOffer',
      tag: 'Offers',
      summary: 'Put an article on sale, or replace its offer',
      description: 'Without If-Match it creates; an offer that exists is replaced only with If-Match.',
      params: { sku },
      query: {},
      headers: ['If-Match', 'Prefer'],
      body: { schema: body },
      answers: {
        200: { description: 'Replaced', schema: offerAnswer, headers: ['ETag'] },
        201: { description: 'Created', schema: offerAnswer, headers: ['ETag', 'Location'] },
      },
      problems: ['illegal-transition', 'currency-mismatch', 'revision-mismatch', 'precondition-required'],
      handle: async ({ params, body: { price, ...details }, ifMatch, commandContext }) => {
        const content = { details: { taxClass: TAX_CLASS, ...details }, price };
        const outcome =
          ifMatch === undefined
            ? await publishOffer(executor, params.sku, content, commandContext())
            : await replaceOffer(executor, params.sku, content, { ...commandContext(), ifMatch });
        if (E.isLeft(outcome)) {
          const refusal = outcome.left;
          return E.left(refusal._tag === 'CurrencyMismatch' ? wrongCurrency(refusal.currencies) : problemOf(refusal));
        }
        const view = representOffer(outcome.right.state, outcome.right.revision);
        if (!view) return E.left(problem('not-found', 'there is no such offer'));
        return E.right(
          ifMatch === undefined
            ? resource(view, { status: 201, headers: { Location: `/v1/offers/${params.sku}` } })
            : resource(view),
        );
      },
    }),
    route({
      method: 'get',
      path: '/v1/offers',
      operationId: 'listOffers',
      tag: 'Offers',
      summary: 'The catalogue, by sku',
      params: {},
      query: { limit: { schema: decimalText(1, 100) }, cursor: { schema: text(2000) } },
      headers: [],
      answers: { 200: { description: 'A page of offers', schema: page('OfferPage', offerAnswer) } },
      problems: ['invalid-cursor'],
      handle: async ({ query: { limit = DEFAULT_LIMIT, cursor }, url }) => {
        const after = cursor === undefined ? E.right(undefined) : places.read(cursor, null);
        if (E.isLeft(after)) return after;
        const { items, next, asOf, lagMs } = await deps.offers.offersPage({
          limit,
          ...(after.right === undefined ? {} : { cursor: { sku: after.right as Sku } }),
        });
        return E.right(pageAnswer(url, { items, asOf, lagMs }, next && places.write(next.sku, null), PUBLIC));
      },
    }),
    route({
      method: 'get',
      path: '/v1/offers/{sku}',
      operationId: 'getOffer',
      tag: 'Offers',
      summary: 'One offer',
      params: { sku },
      query: {},
      headers: ['If-None-Match'],
      answers: {
        200: { description: 'The offer', schema: offerAnswer, headers: ['ETag'] },
        304: { description: 'Unchanged' },
      },
      problems: [],
      handle: async ({ params }) =>
        found(
          await viewOrFold(
            log,
            () => deps.offers.offerBySku(params.sku),
            () => fold(params.sku),
          ),
          'offer',
          `offer ${params.sku}`,
          PUBLIC,
        ),
    }),
    route({
      method: 'delete',
      path: '/v1/offers/{sku}',
      operationId: 'retireOffer',
      tag: 'Offers',
      summary: 'Take an article off the menu for good',
      description: 'Orders that were placed keep it. Its sku is used up: what is sold in its place has another one.',
      params: { sku },
      query: {},
      headers: ['If-Match'],
      answers: { 204: { description: 'It is retired', headers: ['ETag'] } },
      problems: ['revision-mismatch', 'precondition-required'],
      handle: async ({ params, ifMatch, commandContext }) => {
        if (ifMatch === undefined) return E.left(problem('precondition-required', 'send If-Match, or *'));
        const outcome = await retireOffer(executor, params.sku, { ...commandContext(), ifMatch });
        return withoutBody(shownOffer(params.sku, outcome));
      },
    }),
    ...priceRoutes(deps),
    ...suspensionRoutes(deps),
  ];
}
