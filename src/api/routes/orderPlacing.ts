import * as E from 'fp-ts/lib/Either.js';
import { placeOrder } from '../../commands/order/placeOrder.js';
import { rememberClaims } from '../../commands/order/rememberedClaims.js';
import { identify } from '../../commands/order/requestIdentity.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { order, type OrderView, representOrder } from '../../domain/order/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { isSystemFault } from '../http/faults.js';
import { type Route, route } from '../http/route.js';
import { resource } from '../http/singles.js';
import { startWaiting, type Waiter } from '../http/waiting.js';
import type { Principal } from '../principal.js';
import { problemOf } from '../problemDetails.js';
import { locationId, merchantOrderNo } from '../schema/ids.js';
import { orderAnswer, orderChannel, orderMode } from '../schema/order.js';
import { address, contact, locale } from '../schema/person.js';
import { boolean, oneOf, text } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { consistent, object } from '../schema/structures.js';
import { destination, note, oneTip, orderLines, priceHash, promisedAt, quoteToken, tips } from './orderWish.js';
import { tooManyUnits } from './tooManyUnits.js';

const body = consistent(
  object(
    {
      locationId,
      mode: orderMode,
      lines: orderLines,
    },
    {
      merchantOrderNo,
      contact,
      address,
      locale,
      promisedAt,
      priceHash,
      note,
      quote: quoteToken,
      table: described(text(40), 'Where it is eaten'),
      onShortage: described(oneOf('reject', 'hold'), 'What becomes of it when goods are short; absent: reject'),
      channel: described(orderChannel, 'By what it comes; absent: api'),
      payLater: described(boolean, 'Pay afterwards, where the location lets its customers'),
      destination,
      ...tips,
    },
  ),
  oneTip,
);
const LOOK_AGAIN_MS = 1_000;

export function orderPlacingRoutes(deps: ApiDependencies, principal: Principal): readonly Route[] {
  const placing = { ...deps, claims: rememberClaims(deps.claims) };
  return [
    route({
      method: 'post',
      path: '/v1/orders',
      operationId: 'placeOrder',
      tag: 'Orders',
      summary: 'Place an order',
      description:
        'Articles and quantities, never a price; with the token of a `quote` at its prices while it is valid, with a ' +
        '`priceHash` alone only if it still comes to the same. The same Idempotency-Key and body lead to the same order, ' +
        'however often. With `Prefer: wait=N` the answer comes as soon as the order can be acted on, within N seconds.',
      params: {},
      query: {},
      headers: ['Idempotency-Key', 'Prefer'],
      needsIdempotencyKey: true,
      remembersKeys: true,
      body: { schema: body },
      answers: {
        201: {
          description: 'The order: new, or the one that the same request placed before (Idempotent-Replayed: true)',
          schema: orderAnswer,
          headers: ['ETag', 'Comanda-Position', 'Location', 'Preference-Applied', 'Retry-After'],
        },
      },
      problems: [
        'idempotency-key-missing',
        'idempotency-key-invalid',
        'idempotency-key-reused',
        'duplicate-merchant-order-number',
        'offer-unavailable',
        'price-changed',
        'location-closed',
        'ordering-paused',
        'kitchen-full',
        'mode-not-offered',
        'address-not-served',
        'minimum-not-met',
        'currency-mismatch',
      ],
      handle: async ({ body: input, idempotencyKey = '', prefer, commandContext, patience }) => {
        const tooMany = tooManyUnits(input.lines);
        if (tooMany) return E.left(tooMany);
        const requester = { principal: principal.id, account: principal.account, idempotencyKey };
        const identity = identify(requester, input, deps.secret);
        const waiter = prefer.wait
          ? startWaiting(deps.wakeUp, orderStream(identity.orderId), {
              deadline: performance.now() + prefer.wait * 1_000,
              everyMs: LOOK_AGAIN_MS,
              patience: patience(),
            })
          : undefined;
        try {
          const outcome = await placeOrder(placing, requester, identity, input, commandContext());
          if (E.isLeft(outcome)) return E.left(problemOf(outcome.left));
          const { order: placed, revision, replayed, position } = outcome.right;
          const now = representOrder(placed, revision);
          const view = waiter ? await waitForOutcome(deps, waiter, now, replayed) : now;
          return E.right({
            ...resource(view, {
              status: 201,
              headers: {
                Location: `/v1/orders/${view.id}`,
                ...(replayed ? { 'Idempotent-Replayed': 'true' } : {}),
                ...(prefer.wait === undefined ? {} : { 'Preference-Applied': `wait=${prefer.wait}` }),
                ...(canBeActedOn(view) ? {} : { 'Retry-After': '1' }),
              },
            }),
            position,
          });
        } finally {
          waiter?.stop();
        }
      },
    }),
  ];
}

/** Whether there is something that the client can do, or nothing that it need wait for. */
const canBeActedOn = ({ status, payment }: OrderView): boolean =>
  status !== 'placed' && (status !== 'awaiting_payment' || payment.link !== undefined);

/**
 * The order once it can be acted on, or as it is when the time is over. It is placed: nothing here may become an error.
 *
 * @param doubtful others may have gone on with it since; an order that was placed just now is as it was answered
 */
async function waitForOutcome(
  deps: ApiDependencies,
  waiter: Waiter,
  placed: OrderView,
  doubtful: boolean,
): Promise<OrderView> {
  let newest = placed;
  let first = !doubtful;
  const outcome = await waiter.until(async () => {
    if (!first) newest = await look(deps, placed.id, newest);
    first = false;
    return canBeActedOn(newest) ? newest : undefined;
  });
  return outcome ?? newest;
}

/** What this process remembers, where it went on with the order itself; else what the store has. */
async function look({ executor, log }: ApiDependencies, id: OrderId, known: OrderView): Promise<OrderView> {
  if (canBeActedOn(known)) return known;
  const stream = orderStream(id);
  try {
    const remembered = await executor.load(order, stream);
    const { state, revision } =
      remembered.revision > known.revision ? remembered : await executor.load(order, stream, { fresh: true });
    return representOrder(state, revision) ?? known;
  } catch (error) {
    if (!isSystemFault(error)) throw error;
    log.warn('an order that somebody waits for cannot be read just now', { orderId: id, error });
    return known;
  }
}
