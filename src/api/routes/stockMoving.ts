import * as E from 'fp-ts/lib/Either.js';
import { adjustStock, type Found } from '../../commands/stock/countStock.js';
import { stockMovements } from '../../commands/stock/movements.js';
import { receiveStock, type StockPlace, transferStock } from '../../commands/stock/moveStock.js';
import type { StockOutcome } from '../../commands/stock/registerStock.js';
import { stockStream } from '../../domain/kernel/streams.js';
import { representStock, stock } from '../../domain/stock/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { cursors } from '../http/cursor.js';
import { pageAnswer } from '../http/pages.js';
import { type Outcome, type Route, route } from '../http/route.js';
import { missing, resource } from '../http/singles.js';
import { problemOf } from '../problemDetails.js';
import { problem } from '../problems/problem.js';
import { invalidField } from '../problems/validation.js';
import { price } from '../schema/amounts.js';
import { locationId, sku } from '../schema/ids.js';
import { difference, onHand, stockAnswer, stockMovementAnswer, stockUnits } from '../schema/stock.js';
import { page } from '../schema/page.js';
import { text } from '../schema/primitives.js';
import { decimalText } from '../schema/query.js';
import { described } from '../schema/schema.js';
import { consistent, object } from '../schema/structures.js';

const PATH = '/v1/stock/{sku}/{locationId}';
const TAG = 'Stock';
const DEFAULT_LIMIT = 25;
const reason = described(text(200), 'Why the count differs', 'a bottle broke');
const adjustment = consistent(
  object({ reason }, { counted: onHand, delta: difference }),
  ({ counted, delta }: { readonly counted?: unknown; readonly delta?: unknown }) => {
    if (counted === undefined && delta === undefined) {
      return { key: 'counted', code: 'missing', text: 'is missing: say counted or delta' };
    }
    return counted === undefined || delta === undefined
      ? undefined
      : { key: 'delta', code: 'twice', text: 'say counted or delta, not both' };
  },
);
const answers = { 201: { description: 'The stock as it is now', schema: stockAnswer, headers: ['ETag'] } };

/** Goods that come, go and are counted. */
export function stockMovingRoutes(deps: ApiDependencies): readonly Route[] {
  const { executor, eventStore, clock } = deps;
  const places = cursors(deps.secret, 'movements', isRevision, () => Date.parse(clock.now()));
  return [
    route({
      method: 'post',
      path: `${PATH}/receipts`,
      operationId: 'receiveStock',
      tag: TAG,
      summary: 'Goods came in',
      description: 'The same Idempotency-Key is the same receipt and is counted once.',
      params: { sku, locationId },
      query: {},
      headers: ['If-Match', 'Idempotency-Key', 'Prefer'],
      needsIdempotencyKey: true,
      body: {
        schema: object(
          { qty: stockUnits, ref: described(text(100), 'What it came with', 'delivery note 4711') },
          { cost: described(price, 'What all of it cost') },
        ),
      },
      answers,
      problems: ['revision-mismatch', 'idempotency-key-missing', 'idempotency-key-invalid'],
      handle: async ({ params, body, idempotencyKey = '', ifMatch, commandContext }) => {
        const context = { ...commandContext(), ...(ifMatch === undefined ? {} : { ifMatch }) };
        return shown(params, await receiveStock(executor, params, { ...body, idempotencyKey }, context));
      },
    }),
    route({
      method: 'post',
      path: `${PATH}/adjustments`,
      operationId: 'adjustStock',
      tag: TAG,
      summary: 'The shelf was counted',
      description:
        'So many units in all (`counted`), or so many more or less than were thought to be there (`delta`). What is reserved ' +
        'stays reserved, even where it is no longer covered. It takes If-Match; a `delta` with `If-Match: *` takes an ' +
        'Idempotency-Key too, so that it is counted once.',
      params: { sku, locationId },
      query: {},
      headers: ['If-Match', 'Idempotency-Key', 'Prefer'],
      body: { schema: adjustment },
      answers,
      problems: ['revision-mismatch', 'precondition-required', 'idempotency-key-missing', 'idempotency-key-invalid'],
      handle: async ({
        params,
        body: { counted, delta = 0, reason: why },
        idempotencyKey,
        ifMatch,
        commandContext,
      }) => {
        if (ifMatch === undefined) {
          return E.left(problem('precondition-required', "send If-Match with the stock's ETag, or *"));
        }
        if (counted === undefined && ifMatch === 'exists' && idempotencyKey === undefined) {
          return E.left(problem('idempotency-key-missing', 'send an Idempotency-Key, or If-Match with an ETag'));
        }
        const found: Found = counted === undefined ? { delta } : { counted };
        const named = idempotencyKey === undefined ? {} : { idempotencyKey };
        const context = { ...commandContext(), ifMatch };
        const outcome = await adjustStock(executor, params, { ...found, reason: why, ...named }, context);
        return E.isLeft(outcome) && outcome.left._tag === 'InvalidQuantity'
          ? E.left(invalidField('/delta', 'out-of-range', `only ${-outcome.left.minimum} are thought to be there`))
          : shown(params, outcome);
      },
    }),
    route({
      method: 'post',
      path: `${PATH}/transfers`,
      operationId: 'transferStock',
      tag: TAG,
      summary: 'Send units to another location',
      description:
        'Units that nobody was promised, to a location that keeps stock of them; they are there a moment later. The same ' +
        'Idempotency-Key is the same transfer.',
      params: { sku, locationId },
      query: {},
      headers: ['If-Match', 'Idempotency-Key', 'Prefer'],
      needsIdempotencyKey: true,
      body: { schema: object({ to: locationId, qty: stockUnits }) },
      answers,
      problems: ['insufficient-stock', 'revision-mismatch', 'idempotency-key-missing', 'idempotency-key-invalid'],
      handle: async ({ params, body, idempotencyKey = '', ifMatch, commandContext }) => {
        if (body.to === params.locationId) {
          return E.left(invalidField('/to', 'same-location', 'the units are there already'));
        }
        const context = { ...commandContext(), ...(ifMatch === undefined ? {} : { ifMatch }) };
        return shown(params, await transferStock(executor, params, { ...body, idempotencyKey }, context));
      },
    }),
    route({
      method: 'get',
      path: `${PATH}/movements`,
      operationId: 'listStockMovements',
      tag: TAG,
      summary: 'What came, went, was set aside and freed, newest first, from the events',
      params: { sku, locationId },
      query: { limit: { schema: decimalText(1, 100) }, cursor: { schema: text(2000) } },
      headers: [],
      answers: { 200: { description: 'Movements', schema: page('StockMovementPage', stockMovementAnswer) } },
      problems: ['invalid-cursor'],
      handle: async ({ params, query: { limit = DEFAULT_LIMIT, cursor }, url }) => {
        const stream = stockStream(params.sku, params.locationId);
        const filter = { stream };
        const after = cursor === undefined ? E.right(undefined) : places.read(cursor, filter);
        if (E.isLeft(after)) return after;
        const { state, revision } = await executor.load(stock, stream, { fresh: true });
        if (state.status === 'none') return E.left(missing('stock', nameOf(params)));
        const found = await stockMovements(eventStore, stream, after.right ?? revision + 1, limit + 1);
        const items = found.slice(0, limit);
        const last = items.at(-1);
        const next = found.length > limit && last ? places.write(last.revision, filter) : undefined;
        return E.right(pageAnswer(url, { items, asOf: clock.now(), lagMs: 0 }, next));
      },
    }),
  ];
}

const isRevision = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const nameOf = (at: StockPlace): string => `stock of ${at.sku} at ${at.locationId}`;

function shown(place: StockPlace, outcome: StockOutcome): Outcome {
  if (E.isLeft(outcome)) {
    const { left } = outcome;
    return left._tag === 'NotFound' && left.id === undefined
      ? E.left(missing('stock', nameOf(place)))
      : E.left(problemOf(left));
  }
  const { state, revision, events } = outcome.right;
  const view = representStock(state, revision);
  if (!view) return E.left(missing('stock', nameOf(place)));
  const answer = resource(view, { status: 201 });
  // a receipt and a transfer have a name of their own
  return E.right(events.length > 0 ? answer : { ...answer, nothingNew: 'by-key' });
}
