import type { RecordedEvent } from '../../domain/events.js';
import type { OrderId, PaymentId } from '../../domain/kernel/ids.js';
import { orderStream, paymentStream } from '../../domain/kernel/streams.js';
import { order, withoutPage } from '../../domain/order/index.js';
import { payment, type Payment } from '../../domain/payment/index.js';
import type { Related } from '../engine/related.js';
import type { History } from '../ports/history.js';
import type { Leftovers } from '../ports/leftovers.js';
import { addMilliseconds } from '../time.js';
import type { Finding } from './finding.js';
import { ofEachOrder } from './ofEachOrder.js';

export interface UnopenedParts {
  readonly leftovers: Pick<Leftovers, 'ordersWithoutPage'>;
  readonly related: Related;
  readonly history: History;
}

/** For so long the message that asks for a payment, its session and the link may take: whoever is to pay has a quarter of an hour in all. */
const PATIENCE_MS = 3 * 60_000;

/**
 * Payments that orders asked for and that nobody can pay, since the message that was to have a session made for them was lost
 * or given up. Whoever makes sessions hears that very message again; its commands have the names that they would have had, and the
 * provider makes one session for one key, so it does no harm where the message only takes its time. What the provider refused to
 * make has a task already.
 */
export async function* unopenedFindings(parts: UnopenedParts, now: string): AsyncIterable<Finding> {
  const before = addMilliseconds(now, -PATIENCE_MS);
  const lacking = async (orderId: OrderId): Promise<Finding | undefined> => missingOf(orderId, parts, now, before);
  yield* ofEachOrder(await parts.leftovers.ordersWithoutPage({ before, now }), async function* (orderId) {
    const found = await lacking(orderId);
    if (found) yield { ...found, isStill: async () => (await lacking(orderId))?.key === found.key };
  });
}

async function missingOf(
  orderId: OrderId,
  { related, history }: UnopenedParts,
  now: string,
  before: string,
): Promise<Finding | undefined> {
  const stream = orderStream(orderId);
  const its = await related.latest(order, stream);
  const asked = withoutPage(its);
  if (asked === undefined || asked.dueAt <= now) return undefined;
  const { paymentId, dueAt } = asked;
  if (!canBePaid(await related.latest(payment, paymentStream(paymentId)))) return undefined;
  const recorded = (await history(stream)).findLast((one) => asksFor(one, paymentId));
  if (recorded === undefined || recorded.meta.at >= before) return undefined;
  return {
    key: `unopened ${recorded.id}`,
    about: { orderId, paymentId },
    text: `a payment was asked for at ${recorded.meta.at}, and there is nowhere to pay it until ${dueAt}`,
    again: { process: 'payment', recorded },
  };
}

const asksFor = ({ event }: RecordedEvent, paymentId: PaymentId): boolean =>
  (event.type === 'OrderAccepted' || event.type === 'PaymentRequested') && event.data.paymentId === paymentId;

/** Whether a page would be of use: nobody opened it, made its page or told the order of it. */
function canBePaid(state: Payment): boolean {
  switch (state.status) {
    case 'none':
      return true;
    case 'ready':
      // its page was used where another amount was paid there
      return state.mismatches.length === 0;
    case 'opened':
      return state.sessionFailure === undefined;
    default:
      return false;
  }
}
