import * as E from 'fp-ts/lib/Either.js';
import { addNote } from '../../commands/order/addNote.js';
import { cancelLines } from '../../commands/order/cancelLines.js';
import { cancelOrder, type OrderOutcome } from '../../commands/order/cancelOrder.js';
import { completeOrder } from '../../commands/order/completeOrder.js';
import { holdOrder } from '../../commands/order/holdOrder.js';
import type { KitchenFull } from '../../commands/order/placeOrderRejection.js';
import { resolveHold } from '../../commands/order/resolveHold.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import type { OrderingRejection } from '../../domain/location/index.js';
import { type LineQuantity, representOrder } from '../../domain/order/index.js';
import type { AlreadyStarted } from '../../domain/ticket/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Outcome, type Route, route } from '../http/route.js';
import { missing, resource } from '../http/singles.js';
import { problemOfCommand } from '../problemDetails.js';
import { atPlaces } from '../problems/places.js';
import { lineQuantities } from '../schema/amounts.js';
import { orderId } from '../schema/ids.js';
import { LONGEST_NOTE } from '../schema/note.js';
import { orderAnswer } from '../schema/order.js';
import { boolean, oneOf, text } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { object } from '../schema/structures.js';

const LONGEST_REASON = 200;
const TAG = 'Orders';
const reason = described(text(LONGEST_REASON), 'Why', 'ordered by mistake');
const changed = { 200: { description: 'The order', schema: orderAnswer, headers: ['ETag', 'Comanda-Position'] } };

/** What people decide about an order that is there. Until there are accounts everybody is of the staff. */
export function orderDecidingRoutes({ executor, settings, personalData }: ApiDependencies): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/orders/{id}/cancellations',
      operationId: 'cancelOrder',
      tag: TAG,
      summary: 'Cancel an order, or some units of it',
      description:
        'At once before the order is confirmed. Afterwards it is a wish: the kitchen says what can still be stopped, and the ' +
        'order tells what came of it. With `force` the kitchen stops what it has begun. Single units (`lines`) are called ' +
        'off at once. What was paid goes back.',
      params: { id: orderId },
      query: {},
      headers: ['If-Match', 'Idempotency-Key', 'Prefer'],
      needsIdempotencyKey: true,
      body: {
        schema: object({ reason }, { lines: lineQuantities, force: described(boolean, 'Stop what was begun, too') }),
      },
      answers: {
        200: {
          description: 'The order, cancelled, or without those units',
          schema: orderAnswer,
          headers: ['ETag', 'Comanda-Position'],
        },
        202: {
          description: 'The order, with a cancellation that is pending or was declined',
          schema: orderAnswer,
          headers: ['ETag', 'Comanda-Position', 'Location'],
        },
      },
      problems: [
        'cancellation-window-closed',
        'illegal-transition',
        'quantity-not-available',
        'revision-mismatch',
        'idempotency-key-missing',
        'idempotency-key-invalid',
      ],
      handle: async ({ params: { id }, body, idempotencyKey, ifMatch, commandContext }) => {
        const { lines, force } = body;
        const input = {
          reason: body.reason,
          by: 'staff' as const,
          customersUntil: (await settings.now()).customersCancelUntil,
          ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        };
        const context = { ...commandContext(), ...(ifMatch === undefined ? {} : { ifMatch }) };
        if (lines !== undefined) {
          return answer(id, await cancelLines(executor, id, { ...input, lines }, context), { lines, named: true });
        }
        const asked = await cancelOrder(executor, id, { ...input, ...(force === undefined ? {} : { force }) }, context);
        const accepted = E.isRight(asked) && asked.right.state.status !== 'cancelled';
        return answer(id, asked, accepted ? { status: 202, headers: { Location: `/v1/orders/${id}` } } : {});
      },
    }),
    route({
      method: 'post',
      path: '/v1/orders/{id}/hold',
      operationId: 'holdOrder',
      tag: TAG,
      summary: 'Keep an order from going on until somebody has decided',
      description:
        'A `shortage` is one of goods that are not there (any more), which the customer may decide on, too; absent, the hold ' +
        'is `manual`. Each has its time in the settings; undecided by then, the order is rejected. What is suspended while ' +
        'nobody has paid for it holds those orders by itself.',
      params: { id: orderId },
      query: {},
      headers: ['If-Match'],
      body: { schema: object({ reason }, { kind: oneOf('manual', 'shortage') }) },
      answers: { 201: { description: 'The order, held', schema: orderAnswer, headers: ['ETag', 'Comanda-Position'] } },
      problems: ['illegal-transition', 'revision-mismatch'],
      handle: async ({ params: { id }, body: { reason: detail, kind = 'manual' }, ifMatch, commandContext }) => {
        const { manualDecisionMinutes, shortageDecisionMinutes } = await settings.now();
        const decideWithinMinutes = kind === 'shortage' ? shortageDecisionMinutes : manualDecisionMinutes;
        const context = { ...commandContext(), ...(ifMatch === undefined ? {} : { ifMatch }) };
        return answer(id, await holdOrder(executor, id, { kind, detail, decideWithinMinutes }, context), {
          status: 201,
        });
      },
    }),
    route({
      method: 'post',
      path: '/v1/orders/{id}/hold/resolution',
      operationId: 'resolveHold',
      tag: TAG,
      summary: 'Decide on a held order',
      description:
        '`amend` lets it go on without the units in `lines`; a rejected order gives back what was paid for it. One that goes on ' +
        'waiting for its payment can be paid for its whole payment window from now on, by another link where the first was closed ' +
        'or asks for more than what is left of it costs. ' +
        'Where another amount was paid than was asked for (`mismatch`), what came counts once the order goes on: less is followed by ' +
        'another link for the rest, what is more goes back. In another currency it cannot count (`paid-in-another-currency`). It ' +
        'goes back, in whatever currency, when the order is rejected.',
      params: { id: orderId },
      query: {},
      headers: ['If-Match', 'Idempotency-Key'],
      needsIdempotencyKey: true,
      body: { schema: object({ decision: oneOf('accept', 'reject', 'amend') }, { lines: lineQuantities, reason }) },
      answers: changed,
      problems: [
        'illegal-transition',
        'hold-expired',
        'paid-in-another-currency',
        'quantity-not-available',
        'revision-mismatch',
        'idempotency-key-missing',
        'idempotency-key-invalid',
      ],
      handle: async ({
        params: { id },
        body: { decision, lines, reason: why },
        idempotencyKey,
        ifMatch,
        commandContext,
      }) =>
        answer(
          id,
          await resolveHold(
            executor,
            id,
            {
              decision,
              by: 'staff',
              ...(lines === undefined ? {} : { lines }),
              ...(why === undefined ? {} : { reason: why }),
              ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
            },
            { ...commandContext(), ...(ifMatch === undefined ? {} : { ifMatch }) },
          ),
          { lines, named: true },
        ),
    }),
    route({
      method: 'post',
      path: '/v1/orders/{id}/completion',
      operationId: 'completeOrder',
      tag: TAG,
      summary: 'Close an order that was handed over',
      description: 'Before its timer does. Until there are accounts it is recorded as done by the staff, whoever asks.',
      params: { id: orderId },
      query: {},
      headers: ['If-Match'],
      answers: changed,
      problems: ['illegal-transition', 'revision-mismatch'],
      handle: async ({ params: { id }, ifMatch, commandContext }) =>
        answer(
          id,
          await completeOrder(executor, id, 'staff', {
            ...commandContext(),
            ...(ifMatch === undefined ? {} : { ifMatch }),
          }),
        ),
    }),
    route({
      method: 'post',
      path: '/v1/orders/{id}/notes',
      operationId: 'addNote',
      tag: TAG,
      summary: 'Write something down about an order',
      description:
        'Its timeline shows it, and the ticket what is for the kitchen (`visibility`); absent, it is for the staff. Kept encrypted.',
      params: { id: orderId },
      query: {},
      headers: ['If-Match', 'Idempotency-Key'],
      body: {
        schema: object({ text: text(LONGEST_NOTE) }, { visibility: oneOf('staff', 'kitchen', 'customer') }),
      },
      answers: { 201: { description: 'The order', schema: orderAnswer, headers: ['ETag', 'Comanda-Position'] } },
      problems: ['revision-mismatch', 'idempotency-key-invalid'],
      handle: async ({ params: { id }, body, idempotencyKey, ifMatch, commandContext }) =>
        answer(
          id,
          await addNote(
            { executor, personalData },
            id,
            {
              text: body.text,
              visibility: body.visibility ?? 'staff',
              ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
            },
            { ...commandContext(), ...(ifMatch === undefined ? {} : { ifMatch }) },
          ),
          { status: 201, named: true },
        ),
    }),
  ];
}

/**
 * The order as its events left it, or why not.
 * @param how.named what was asked for has a name of its own, so that only a repeat of it finds it done
 * @param how.lines the lines that the request named, so that a refusal can say which it is about
 */
export function answer(
  id: OrderId,
  outcome: OrderOutcome<OrderingRejection | KitchenFull | AlreadyStarted>,
  {
    named = false,
    ...how
  }: {
    readonly status?: number;
    readonly headers?: Record<string, string>;
    readonly lines?: readonly LineQuantity[] | undefined;
    readonly named?: boolean;
  } = {},
): Outcome {
  if (E.isLeft(outcome)) {
    const refused = problemOfCommand(outcome.left, { what: 'order', id });
    const tooMuch = outcome.left._tag === 'QuantityNotAvailable' ? outcome.left : undefined;
    return E.left(tooMuch && how.lines ? atPlaces(refused, tooMuch, how.lines) : refused);
  }
  const { state, revision, position, events } = outcome.right;
  if (state.status === 'none') return E.left(missing('order', `order ${id}`));
  const shown = { ...resource(representOrder(state, revision), how), position };
  return E.right(events.length > 0 ? shown : { ...shown, nothingNew: named ? 'by-key' : 'by-state' });
}
