import * as E from 'fp-ts/lib/Either.js';
import { stockStream } from '../../domain/kernel/streams.js';
import { type Stock, stock } from '../../domain/stock/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Outcome, type Route, route } from '../http/route.js';
import { missing, resource } from '../http/singles.js';
import { problemOf } from '../problemDetails.js';
import { problem } from '../problems/problem.js';
import { locationId, revision, sku } from '../schema/ids.js';
import { named } from '../schema/schema.js';
import { stockPolicy } from '../schema/stock.js';
import { object } from '../schema/structures.js';

const PATH = '/v1/stock/{sku}/{locationId}/policy';
const answer = named('StockPolicy', object({ sku, locationId, ...stockPolicy, revision }));
const answers = { 200: { description: 'What is promised of it', schema: answer, headers: ['ETag'] } };

/** What is promised of a stock item, and from when on it is low. */
export function stockPolicyRoutes({ executor }: ApiDependencies): readonly Route[] {
  return [
    route({
      method: 'get',
      path: PATH,
      operationId: 'getStockPolicy',
      tag: 'Stock',
      summary: 'What is promised of a stock item, and from when on it is low',
      params: { sku, locationId },
      query: {},
      headers: ['If-None-Match'],
      answers: { ...answers, 304: { description: 'Unchanged' } },
      problems: [],
      handle: async ({ params }) => {
        const loaded = await executor.load(stock, stockStream(params.sku, params.locationId), { fresh: true });
        return shown(params, loaded);
      },
    }),
    route({
      method: 'put',
      path: PATH,
      operationId: 'setStockPolicy',
      tag: 'Stock',
      summary: 'Change what is promised of a stock item, and from when on it is low',
      description: 'All of it. What is promised already stays promised. Needs If-Match with the revision of the stock.',
      params: { sku, locationId },
      query: {},
      headers: ['If-Match', 'Prefer'],
      body: { schema: object(stockPolicy) },
      answers,
      problems: ['revision-mismatch', 'precondition-required'],
      handle: async ({ params, body, ifMatch, commandContext }) => {
        if (ifMatch === undefined) return E.left(problem('precondition-required', 'send If-Match, or *'));
        const outcome = await executor.execute(
          stock,
          stockStream(params.sku, params.locationId),
          { type: 'SetPolicy', ...body },
          { ...commandContext(), ifMatch },
        );
        if (E.isRight(outcome)) return shown(params, outcome.right);
        const { left } = outcome;
        return left._tag === 'NotFound' || (left._tag === 'RevisionMismatch' && left.current < 0)
          ? shown(params, { state: stock.initial, revision: -1 })
          : E.left(problemOf(left));
      },
    }),
  ];
}

function shown(
  { sku: of, locationId: at }: { readonly sku: string; readonly locationId: string },
  { state, revision: its }: { readonly state: Stock; readonly revision: number },
): Outcome {
  if (state.status === 'none') return E.left(missing('stock', `stock of ${of} at ${at}`));
  const { threshold, safety, backorderLimit } = state;
  const view = { sku: of, locationId: at, threshold, safety, backorderLimit, revision: its };
  return E.right(resource(view));
}
