import type { RecordedEvent } from '../../domain/events.js';
import type { OrderId, PaymentId } from '../../domain/kernel/ids.js';
import { orderStream, paymentStream } from '../../domain/kernel/streams.js';
import { type ExistingOrder, order } from '../../domain/order/index.js';
import { hasGone, neverCounted, payment, type Payment } from '../../domain/payment/index.js';
import type { Related } from '../engine/related.js';
import type { History } from '../ports/history.js';
import type { Leftovers } from '../ports/leftovers.js';
import { refundOfCapture, refundOfRest } from '../refundNames.js';
import { addMilliseconds } from '../time.js';
import type { Finding } from './finding.js';
import { ofEachOrder } from './ofEachOrder.js';

export interface OwedParts {
  readonly leftovers: Pick<Leftovers, 'refundsOwed'>;
  readonly related: Related;
  readonly history: History;
}

/** For so long an order and its payments may take to tell each other. */
const PATIENCE_MS = 15 * 60_000;

/**
 * Money that orders owe and that is not on its way: nobody asked a payment for it, or nobody told the order how it ended, which
 * may be anew where a refund failed that had looked good. Both
 * happen where somebody discards an event that a process could not work. It is mended by letting the process hear that event
 * again: its commands have the names that they had then, so whatever was done is found and not done twice.
 */
export async function* owedFindings(parts: OwedParts, now: string): AsyncIterable<Finding> {
  const before = addMilliseconds(now, -PATIENCE_MS);
  yield* ofEachOrder(await parts.leftovers.refundsOwed(), (orderId) => owedBy(orderId, parts, before));
}

interface Source {
  readonly id: PaymentId;
  readonly state: Payment;
}

async function* owedBy(orderId: OrderId, { related, history }: OwedParts, before: string): AsyncIterable<Finding> {
  const its = await related.latest(order, orderStream(orderId));
  if (its.status === 'none') return;
  const ids = [...new Set(its.applied.map(({ paymentId }) => paymentId))].reverse();
  const states = ids.map(async (id): Promise<Source> => ({
    id,
    state: await related.latest(payment, paymentStream(id)),
  }));
  const payments = await Promise.all(states);
  yield* neverAsked(orderId, await history(orderStream(orderId)), payments, before);
  for (const { id, state } of payments) {
    const untold = untoldOf(its, state);
    if (untold.size === 0) continue;
    for (const [refundId, recorded] of lastWords(await history(paymentStream(id)), untold)) {
      const { event, meta } = recorded;
      if (meta.at >= before) continue;
      yield {
        key: `untold ${refundId} ${event.type}`,
        about: { orderId, paymentId: id },
        text: `the order was never told of its refund ${refundId}: ${event.type} at ${meta.at}`,
        again: { process: 'refund', recorded },
      };
    }
  }
}

/** What is due, and no payment was asked for. What was asked for in part is for people to look at. */
function* neverAsked(
  orderId: OrderId,
  history: readonly RecordedEvent[],
  payments: readonly Source[],
  before: string,
): Iterable<Finding> {
  for (const recorded of history) {
    const { event, meta, id } = recorded;
    if (event.type !== 'RefundDue' || meta.at >= before) continue;
    const { amount, currency } = event.data.amount;
    const settled = askedOf(id, payments) + notedOf(id, history, payments);
    if (settled >= amount) continue;
    yield {
      key: `due ${id}`,
      about: { orderId },
      text: `${amount - settled} minor units of ${currency} are to go back since ${meta.at}, and no payment was asked for them`,
      ...(settled === 0 ? { again: { process: 'refund', recorded } as const } : {}),
    };
  }
}

const capturesOf = (state: Payment) => (state.status === 'none' ? [] : state.captures);
const refundsOf = (state: Payment) => (state.status === 'none' ? [] : state.refunds);

/** The refunds by which payments may have been asked for it. */
const namesOf = (due: string, { id, state }: Source): ReadonlySet<string> =>
  new Set(
    capturesOf(state).flatMap(({ intentId }) => [
      refundOfCapture(due, id, intentId, true),
      refundOfCapture(due, id, intentId, false),
    ]),
  );

function askedOf(due: string, payments: readonly Source[]): number {
  return payments.reduce((sum, source) => {
    const names = namesOf(due, source);
    const asked = refundsOf(source.state).filter(({ refundId }) => names.has(refundId));
    return asked.reduce((all, { amount }) => all + amount.amount, sum);
  }, 0);
}

/** What the order was told that no payment can give back. */
function notedOf(due: string, history: readonly RecordedEvent[], payments: readonly Source[]): number {
  const asked = new Set<string>(payments.flatMap(({ state }) => refundsOf(state).map(({ refundId }) => refundId)));
  const names = new Set<string>(payments.flatMap((source) => [...namesOf(due, source), refundOfRest(due, source.id)]));
  return history.reduce((sum, { event }) => {
    if (event.type !== 'RefundFailedNoted') return sum;
    const { refundId, amount } = event.data;
    return names.has(refundId) && !asked.has(refundId) ? sum + amount.amount : sum;
  }, 0);
}

/** Refunds of the payment that are over, and of which the order knows another end or none. */
function untoldOf({ settledRefunds }: ExistingOrder, state: Payment): ReadonlySet<string> {
  if (state.status === 'none') return new Set();
  const known = new Map(settledRefunds.map(({ refundId, outcome }) => [refundId, outcome]));
  const ours = state.refunds.flatMap(({ refundId, intentId, state: end }) => {
    if (neverCounted(state, intentId)) return [];
    if (end === 'succeeded') return known.get(refundId) === 'succeeded' ? [] : [refundId];
    const isOver = end === 'failed' || end === 'rejected';
    return !isOver || known.get(refundId) === 'failed' ? [] : [refundId];
  });
  const foreign = state.foreignRefunds.flatMap((one) => {
    if (neverCounted(state, one.intentId)) return [];
    const outcome = known.get(one.providerRefundId);
    // one that failed before the order heard of it never counted there
    const isKnown = hasGone(one) ? outcome === 'succeeded' : outcome !== 'succeeded';
    return isKnown ? [] : [one.providerRefundId];
  });
  return new Set([...ours, ...foreign]);
}

/** What was said last of each of these refunds. */
function lastWords(
  history: readonly RecordedEvent[],
  refunds: ReadonlySet<string>,
): ReadonlyMap<string, RecordedEvent> {
  const words = new Map<string, RecordedEvent>();
  for (const recorded of history) {
    const refundId = endedBy(recorded);
    if (refundId !== undefined && refunds.has(refundId)) words.set(refundId, recorded);
  }
  return words;
}

function endedBy({ event }: RecordedEvent): string | undefined {
  switch (event.type) {
    case 'RefundSucceeded':
    case 'RefundFailed':
    case 'RefundRejected':
      return event.data.refundId;
    case 'ForeignRefundRecorded':
    case 'ForeignRefundFailed':
      return event.data.providerRefundId;
    default:
      return undefined;
  }
}
