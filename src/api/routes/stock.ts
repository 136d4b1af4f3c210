import * as E from 'fp-ts/lib/Either.js';
import { countStock } from '../../commands/stock/countStock.js';
import { registerStock } from '../../commands/stock/registerStock.js';
import { stockStream } from '../../domain/kernel/streams.js';
import { representStock, stock } from '../../domain/stock/index.js';
import type { StockListKey } from '../../projections/stock/queries.js';
import type { ApiDependencies } from '../dependencies.js';
import { cursors } from '../http/cursor.js';
import { pageAnswer } from '../http/pages.js';
import { type Route, route } from '../http/route.js';
import { found, resource, viewOrFold } from '../http/singles.js';
import { problemOf } from '../problemDetails.js';
import { problem } from '../problems/problem.js';
import { invalidField } from '../problems/validation.js';
import { locationId, sku } from '../schema/ids.js';
import { onHand, stockAnswer, stockPolicy, unit } from '../schema/stock.js';
import { page } from '../schema/page.js';
import { text } from '../schema/primitives.js';
import { decimalText } from '../schema/query.js';
import { object } from '../schema/structures.js';

const DEFAULT_LIMIT = 25;
/** What is said of a shelf when stock begins to be kept of it. */
const beginning = { ...stockPolicy, unit };
const PATH = '/v1/stock/{sku}/{locationId}';

export function stockRoutes(deps: ApiDependencies): readonly Route[] {
  const { executor, log, clock } = deps;
  const places = cursors(deps.secret, 'stock', isPlace, () => Date.parse(clock.now()));
  return [
    route({
      method: 'put',
      path: PATH,
      operationId: 'putStock',
      tag: 'Stock',
      summary: 'Set what is on hand',
      description:
        'Without If-Match it begins to keep stock, and says what is promised of it and what one unit is; a count that replaces ' +
        'another needs If-Match, and is the count alone. What is reserved stays reserved.',
      params: { sku, locationId },
      query: {},
      headers: ['If-Match', 'Prefer'],
      body: { schema: object({ onHand }, beginning) },
      answers: {
        200: { description: 'Counted anew', schema: stockAnswer, headers: ['ETag'] },
        201: { description: 'Stock is kept from now on', schema: stockAnswer, headers: ['ETag', 'Location'] },
      },
      problems: ['revision-mismatch', 'precondition-required'],
      handle: async ({ params, body, ifMatch, commandContext }) => {
        const odd = ifMatch && Object.keys(body).find((key) => key !== 'onHand');
        if (odd)
          return E.left(
            invalidField(`/${odd}`, 'not-allowed', `${odd} is said once; PUT …/policy changes what can be changed`),
          );
        const outcome =
          ifMatch === undefined
            ? await registerStock(deps, params.sku, params.locationId, body, commandContext())
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
      path: '/v1/stock',
      operationId: 'listStock',
      tag: 'Stock',
      summary: 'What is kept, by sku and then by location',
      params: {},
      query: {
        sku: { schema: sku },
        locationId: { schema: locationId },
        limit: { schema: decimalText(1, 100) },
        cursor: { schema: text(2000) },
      },
      headers: [],
      answers: { 200: { description: 'Stock', schema: page('StockPage', stockAnswer) } },
      problems: ['invalid-cursor'],
      handle: async ({ query: { sku: of, locationId: at, limit = DEFAULT_LIMIT, cursor }, url }) => {
        const filter = { sku: of ?? null, locationId: at ?? null };
        const after = cursor === undefined ? E.right(undefined) : places.read(cursor, filter);
        if (E.isLeft(after)) return after;
        const { items, next, asOf, lagMs } = await deps.stock.stockPage({
          limit,
          ...(of === undefined ? {} : { sku: of }),
          ...(at === undefined ? {} : { locationId: at }),
          ...(after.right === undefined ? {} : { cursor: after.right }),
        });
        return E.right(pageAnswer(url, { items, asOf, lagMs }, next && places.write(next, filter)));
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

function isPlace(value: unknown): value is StockListKey {
  if (typeof value !== 'object' || value === null) return false;
  const { sku: of, locationId: at } = value as Partial<Record<string, unknown>>;
  return typeof of === 'string' && typeof at === 'string';
}
