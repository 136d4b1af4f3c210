import * as E from 'fp-ts/lib/Either.js';
import { countStock } from '../../commands/stock/countStock.js';
import { registerStock } from '../../commands/stock/registerStock.js';
import { stockStream } from '../../domain/kernel/streams.js';
import { representStock, stock } from '../../domain/stock/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { found, resource, viewOrFold } from '../http/singles.js';
import { problemOf } from '../problemDetails.js';
import { problem } from '../problems/problem.js';
import { locationId, onHand, sku, stockAnswer } from '../schema/domain.js';
import { object } from '../schema/structures.js';

const PATH = '/v1/stock/{sku}/{locationId}';

export function stockRoutes(deps: ApiDependencies): readonly Route[] {
  const { executor, log } = deps;
  return [
    route({
      method: 'put',
      path: PATH,
      operationId: 'putStock',
      tag: 'Stock',
      summary: 'Set what is on hand',
      description:
        'Without If-Match it begins to keep stock; a count that replaces another needs If-Match. What is reserved stays reserved.',
      params: { sku, locationId },
      query: {},
      headers: ['If-Match', 'Prefer'],
      body: { schema: object({ onHand }) },
      answers: {
        200: { description: 'Counted anew', schema: stockAnswer, headers: ['ETag'] },
        201: { description: 'Stock is kept from now on', schema: stockAnswer, headers: ['ETag', 'Location'] },
      },
      problems: ['revision-mismatch', 'precondition-required'],
      handle: async ({ params, body, ifMatch, commandContext }) => {
        const outcome =
          ifMatch === undefined
            ? await registerStock(deps, params.sku, params.locationId, body.onHand, commandContext())
            : await countStock(executor, params.sku, params.locationId, body.onHand, { ...commandContext(), ifMatch });
        if (E.isLeft(outcome)) return E.left(problemOf(outcome.left));
        const view = representStock(outcome.right.state, outcome.right.revision);
        if (!view) return E.left(problem('not-found', 'there is no such stock'));
        return E.right(
          ifMatch === undefined
            ? resource(view, { status: 201, headers: { Location: `/v1/stock/${params.sku}/${params.locationId}` } })
            : resource(view),
        );
      },
    }),
    route({
      method: 'get',
      path: PATH,
      operationId: 'getStock',
      tag: 'Stock',
      summary: 'What is on hand, reserved and available',
      params: { sku, locationId },
      query: {},
      headers: ['If-None-Match'],
      answers: {
        200: { description: 'The stock', schema: stockAnswer, headers: ['ETag'] },
        304: { description: 'Unchanged' },
      },
      problems: [],
      handle: async ({ params }) =>
        found(
          await viewOrFold(
            log,
            () => deps.stock.stockLevel(params.sku, params.locationId),
            async () => {
              const { state, revision } = await executor.load(stock, stockStream(params.sku, params.locationId));
              return representStock(state, revision);
            },
          ),
          'stock',
          `stock of ${params.sku} at ${params.locationId}`,
        ),
    }),
  ];
}
