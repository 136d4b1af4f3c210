import * as E from 'fp-ts/lib/Either.js';
import { requestKeyOf, requestPayment } from '../../commands/order/requestPayment.js';
import type { OrderId, PaymentId } from '../../domain/kernel/ids.js';
import type { Money } from '../../domain/kernel/money.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { type ExistingOrder, isDead, openRequest, order, requestOfKey } from '../../domain/order/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { isSystemFault } from '../http/faults.js';
import { type Outcome, type Route, route } from '../http/route.js';
import { PRIVATE } from '../http/singles.js';
import { startWaiting, type Waiter } from '../http/waiting.js';
import { problemOfCommand } from '../problemDetails.js';
import { money } from '../schema/amounts.js';
import { orderId } from '../schema/ids.js';
import { paymentId } from '../schema/payment.js';
import { dateTime, text } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { object } from '../schema/structures.js';

const LOOK_AGAIN_MS = 1_000;
const paymentWish = object(
  { paymentId, orderId },
  {
    amount: described(money, 'What is asked for'),
    dueAt: described(dateTime, 'The end of the time to pay'),
    link: described(text(2048), 'Where to pay, once that is known'),
  },
);

/** More money is asked for, by a payment beside those that there were. */
export function paymentAskingRoute(deps: ApiDependencies): Route {
  return route({
    method: 'post',
    path: '/v1/orders/{id}/payments',
    operationId: 'requestPayment',
    tag: 'Payments',
    summary: 'Ask for what is still due by a payment of its own',
    description:
      'While a payment of the order can still be paid it is the answer, and no other is opened. One that the order waits for and ' +
      'that nobody can pay any more is asked for anew, while there is time. Where another amount came than was asked for and nobody ' +
      'has decided on it, that comes first (`illegal-transition` says where). With `Prefer: wait=N` the answer comes as soon as there is a ' +
      '`link` to pay at, within N seconds; else the payment shows it a moment later.',
    params: { id: orderId },
    query: {},
    headers: ['If-Match', 'Idempotency-Key', 'Prefer'],
    needsIdempotencyKey: true,
    answers: {
      200: {
        description: 'The payment that is open',
        schema: paymentWish,
        headers: ['Preference-Applied', 'Retry-After'],
      },
      201: {
        description: 'Asked for, now or by the same request before; the payment page follows',
        schema: paymentWish,
        headers: ['Location', 'Preference-Applied', 'Retry-After'],
      },
    },
    problems: [
      'nothing-due',
      'illegal-transition',
      'revision-mismatch',
      'idempotency-key-missing',
      'idempotency-key-invalid',
    ],
    handle: async ({ params: { id }, idempotencyKey = '', ifMatch, prefer, commandContext, patience }) => {
      const context = commandContext();
      const requestKey = requestKeyOf(context.actor.id, idempotencyKey);
      const waiter = prefer.wait
        ? startWaiting(deps.wakeUp, orderStream(id), {
            deadline: performance.now() + prefer.wait * 1_000,
            everyMs: LOOK_AGAIN_MS,
            patience: patience(),
          })
        : undefined;
      try {
        const asked = await requestPayment(deps.executor, id, requestKey, {
          ...context,
          ...(ifMatch === undefined ? {} : { ifMatch }),
        });
        if (E.isLeft(asked)) return E.left(problemOfCommand(asked.left, { what: 'order', id }));
        const { state, events } = asked.right;
        if (state.status === 'none') throw new Error(`${id} asks for a payment and is not there`);
        const mine = requestOfKey(state, requestKey);
        const wish = mine ?? openRequest(state, context.at) ?? state.awaited;
        if (!wish) throw new Error(`${id} asked for a payment and shows none`);
        const now = waiter ? await waitForLink(deps, waiter, id, wish.paymentId, state) : state;
        return shown(id, wish, now, {
          isOwn: events.length > 0 || mine !== undefined,
          wasThere: events.length === 0,
          waited: prefer.wait,
        });
      } finally {
        waiter?.stop();
      }
    },
  });
}

const linkOf = ({ link }: ExistingOrder, id: PaymentId): string | undefined =>
  link?.paymentId === id ? link.url : undefined;

/** Whether there is somewhere to pay, or nothing to wait for any more: it is paid, or the order is over. */
const canBeActedOn = (state: ExistingOrder, id: PaymentId): boolean =>
  linkOf(state, id) !== undefined || state.applied.some((one) => one.paymentId === id) || isDead(state);

/** The order once its payment can be paid, or as it is when the time is over. It is asked for: nothing here may become an error. */
async function waitForLink(
  { executor, log }: ApiDependencies,
  waiter: Waiter,
  id: OrderId,
  wished: PaymentId,
  first: ExistingOrder,
): Promise<ExistingOrder> {
  let newest = first;
  await waiter.until(async () => {
    if (canBeActedOn(newest, wished)) return newest;
    try {
      const { state } = await executor.load(order, orderStream(id), { fresh: true });
      if (state.status !== 'none') newest = state;
    } catch (error) {
      if (!isSystemFault(error)) throw error;
      log.warn('an order that somebody waits for cannot be read just now', { orderId: id, error });
    }
    return canBeActedOn(newest, wished) ? newest : undefined;
  });
  return newest;
}

function shown(
  id: OrderId,
  wish: { readonly paymentId: PaymentId; readonly dueAt: string; readonly amount?: Money },
  state: ExistingOrder,
  how: { readonly isOwn: boolean; readonly wasThere: boolean; readonly waited: number | undefined },
): Outcome {
  const link = linkOf(state, wish.paymentId);
  return E.right({
    status: how.isOwn ? 201 : 200,
    headers: {
      ...PRIVATE,
      ...(how.isOwn ? { Location: `/v1/payments/${wish.paymentId}` } : {}),
      ...(how.waited === undefined ? {} : { 'Preference-Applied': `wait=${how.waited}` }),
      ...(canBeActedOn(state, wish.paymentId) ? {} : { 'Retry-After': '1' }),
    },
    body: {
      paymentId: wish.paymentId,
      orderId: id,
      dueAt: wish.dueAt,
      ...(wish.amount === undefined ? {} : { amount: wish.amount }),
      ...(link === undefined ? {} : { link }),
    },
    ...(how.wasThere ? { nothingNew: how.isOwn ? 'by-key' : 'by-state' } : {}),
  });
}
