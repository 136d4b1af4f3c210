import * as E from 'fp-ts/lib/Either.js';
import { type Amending, amendOrder } from '../../commands/order/amendOrder.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { type AmendmentState, askedAmendment, order, representOrder } from '../../domain/order/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { isSystemFault } from '../http/faults.js';
import { type Outcome, type Route, route } from '../http/route.js';
import { PRIVATE, resource } from '../http/singles.js';
import { startWaiting, type Waiter } from '../http/waiting.js';
import { problemOfCommand } from '../problemDetails.js';
import { atPlaces } from '../problems/places.js';
import { type Problem, problem } from '../problems/problem.js';
import { lineQuantities } from '../schema/amounts.js';
import { orderId } from '../schema/ids.js';
import { orderAnswer } from '../schema/order.js';
import { oneOf } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { object } from '../schema/structures.js';
import { orderLines } from './orderWish.js';
import { tooManyUnits } from './tooManyUnits.js';

const LOOK_AGAIN_MS = 1_000;

/** What comes and goes after an order was confirmed. Until there are accounts everybody is of the staff. */
export function orderAmendingRoutes(deps: ApiDependencies): readonly Route[] {
  const { executor, catalogue, settings, personalData } = deps;
  return [
    route({
      method: 'post',
      path: '/v1/orders/{id}/amendments',
      operationId: 'amendOrder',
      tag: 'Orders',
      summary: 'Add lines to a confirmed order, and take units out of it',
      description:
        'What is added (`add`: articles and quantities, never a price) costs what it costs now, and has to be in stock: all ' +
        'of it is set aside first, or the order stays what it was. While that is asked the answer is 202, and the order ' +
        'shows the `amendment`; with `Prefer: wait=N` the answer comes when that is known, within N seconds. If the order ' +
        'costs more afterwards, and nothing was left to pay before, the difference is asked for by a payment of its own; if ' +
        'it costs less, what was paid beyond that goes back with `settlement: refund`, and else stays with the order. What ' +
        'comes when the kitchen has handed over the rest is called off again and costs nothing. With `dryRun=true` nothing ' +
        'happens, and the answer is the order as it would be if all of it were in stock.',
      params: { id: orderId },
      query: { dryRun: { schema: described(oneOf('true', 'false'), 'Only say what would become of it') } },
      headers: ['If-Match', 'Idempotency-Key', 'Prefer'],
      needsIdempotencyKey: true,
      body: {
        schema: object(
          {},
          {
            add: orderLines,
            drop: lineQuantities,
            settlement: described(oneOf('refund', 'none'), 'What becomes of what was paid too much; absent: none'),
          },
        ),
      },
      answers: {
        200: { description: 'The order as it would be', schema: orderAnswer },
        201: {
          description: 'The order, amended',
          schema: orderAnswer,
          headers: ['ETag', 'Comanda-Position', 'Preference-Applied'],
        },
        202: {
          description: 'The order as it was, with an amendment whose stock is asked for',
          schema: orderAnswer,
          headers: ['ETag', 'Comanda-Position', 'Location', 'Preference-Applied', 'Retry-After'],
        },
      },
      problems: [
        'illegal-transition',
        'insufficient-stock',
        'line-already-started',
        'quantity-not-available',
        'offer-unavailable',
        'location-closed',
        'ordering-paused',
        'currency-mismatch',
        'revision-mismatch',
        'precondition-required',
        'idempotency-key-missing',
        'idempotency-key-invalid',
      ],
      handle: async ({
        params: { id },
        query,
        body,
        ifMatch,
        idempotencyKey = '',
        prefer,
        commandContext,
        patience,
      }) => {
        if (ifMatch === undefined) {
          return E.left(problem('precondition-required', "send If-Match with the order's ETag, or *"));
        }
        const { add = [], drop = [], settlement = 'none' } = body;
        const tooMany = tooManyUnits(add, 'add');
        if (tooMany) return E.left(tooMany);
        const dryRun = query.dryRun === 'true';
        const waiter =
          prefer.wait === undefined || dryRun
            ? undefined
            : startWaiting(deps.wakeUp, orderStream(id), {
                deadline: performance.now() + prefer.wait * 1_000,
                everyMs: LOOK_AGAIN_MS,
                patience: patience(),
              });
        try {
          const outcome = await amendOrder(
            { executor, catalogue, settings, personalData },
            id,
            { add, drop, settlement, by: 'staff', dryRun, idempotencyKey },
            { ...commandContext(), ifMatch },
          );
          if (E.isLeft(outcome)) {
            const refusal = outcome.left;
            const refused = problemOfCommand(refusal, { what: 'order', id });
            const named = refusal._tag === 'QuantityNotAvailable' || refusal._tag === 'LineAlreadyStarted';
            return E.left(named ? moved(atPlaces(refused, refusal, drop), '/drop') : moved(refused, '/add'));
          }
          if (dryRun) {
            const { state, revision } = outcome.right;
            return E.right({ status: 200, headers: PRIVATE, body: representOrder(state, revision) });
          }
          const amending = waiter ? await waitForStock(deps, id, waiter, outcome.right) : outcome.right;
          return shown(id, amending, prefer.wait);
        } finally {
          waiter?.stop();
        }
      },
    }),
  ];
}

/** The amendment once its stock has answered, or as it is when the time is over. It is on record: nothing here may become an error. */
async function waitForStock(
  { executor, log }: ApiDependencies,
  id: OrderId,
  waiter: Waiter,
  first: Amending,
): Promise<Amending> {
  const asked = first.asked;
  if (asked?.state !== 'pending') return first;
  let newest = first;
  let isFirst = true;
  await waiter.until(async () => {
    if (!isFirst) {
      try {
        const { state, revision } = await executor.load(order, orderStream(id), { fresh: true });
        if (state.status !== 'none') {
          newest = { ...first, state, revision, asked: askedAmendment(state, asked.amendmentId) };
        }
      } catch (error) {
        if (!isSystemFault(error)) throw error;
        log.warn('an order that somebody waits for cannot be read just now', { orderId: id, error });
      }
    }
    isFirst = false;
    return newest.asked?.state === 'pending' ? undefined : newest;
  });
  return newest;
}

function shown(
  id: OrderId,
  { state, revision, asked, wasThere, position }: Amending,
  waited: number | undefined,
): Outcome {
  if (asked?.state === 'declined') return E.left(declined(asked));
  const view = representOrder(state, revision);
  const applied: Record<string, string> = waited === undefined ? {} : { 'Preference-Applied': `wait=${waited}` };
  const answer =
    asked?.state === 'pending'
      ? resource(view, { status: 202, headers: { Location: `/v1/orders/${id}`, 'Retry-After': '1', ...applied } })
      : resource(view, { status: 201, headers: applied });
  return E.right({ ...answer, position, ...(wasThere ? { nothingNew: 'by-key' } : {}) });
}

/** Why nothing came of it, as whoever asks again under the same key is told, too. */
function declined({ cause = '', shortages = [] }: AmendmentState): Problem {
  const onRecord = true;
  if (shortages.length === 0) return problem('illegal-transition', `the order stays as it was: ${cause}`, { onRecord });
  return problem('insufficient-stock', `the order stays as it was: ${cause}`, {
    onRecord,
    extensions: { items: shortages.map(({ sku, name, wanted, available }) => ({ sku, name, wanted, available })) },
  });
}

/** The problem, with what it says of `lines` said of the member of this body. */
const moved = (told: Problem, to: string): Problem => ({
  ...told,
  ...(told.errors === undefined
    ? {}
    : { errors: told.errors.map((error) => ({ ...error, pointer: error.pointer.replace(/^\/lines(?=\/|$)/, to) })) }),
});
