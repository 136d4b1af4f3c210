import { ticketIdOf } from '../../commands/identity.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream, paymentStream, ticketStream } from '../../domain/kernel/streams.js';
import { isMadeToOrder, isPaidInPart, order } from '../../domain/order/index.js';
import { payment } from '../../domain/payment/index.js';
import { isOpened, ticket } from '../../domain/ticket/index.js';
import { completionTimerId } from '../completion.js';
import type { Related } from '../engine/related.js';
import { holdTimerId } from '../holdDeadline.js';
import { paymentTimerId } from '../paymentDeadline.js';
import type { History } from '../ports/history.js';
import type { Leftovers } from '../ports/leftovers.js';
import { screeningTimerId } from '../screeningDeadline.js';
import { addMilliseconds } from '../time.js';
import type { Finding } from './finding.js';
import { ended, gap, isOld, lastOf, type Look, PATIENCE_MS, stuck } from './look.js';
import { ofEachOrder } from './ofEachOrder.js';
import { counterOf, uncounted } from './uncountedMoney.js';
import { ofOrderUnderWay } from './underWay.js';

export interface UnfinishedParts {
  readonly leftovers: Pick<Leftovers, 'unfinishedOrders' | 'timersOf'>;
  readonly related: Related;
  readonly history: History;
}

/** For so long a timer may be late; a provider that does not answer holds up the end of an order for a quarter of an hour. */
const LATE_MS = 20 * 60_000;

/**
 * Orders that are not finished, and whose next step nobody is about to do: no event is on its way to somebody and no timer is
 * set. It happens where somebody discards an event that a process could not work or a message that a consumer could not, or
 * where timers are lost. Whoever should have heard of it hears of it again, by the names that its commands had then; what is
 * still so after that is somebody's task.
 * @param all also those of which there may be very many: whatever is being made, and what was handed over
 */
export async function* unfinishedFindings(parts: UnfinishedParts, now: string, all: boolean): AsyncIterable<Finding> {
  const before = addMilliseconds(now, -PATIENCE_MS);
  const late = addMilliseconds(now, -LATE_MS);
  const ids = await parts.leftovers.unfinishedOrders({ before, late, all });
  const gaps = (orderId: OrderId): AsyncIterable<Finding> => missingOf(orderId, parts, { before, late });
  yield* ofEachOrder(ids, async function* (orderId) {
    for await (const found of gaps(orderId)) {
      const isStill = async (): Promise<boolean> => {
        for await (const { key } of gaps(orderId)) if (key === found.key) return true;
        return false;
      };
      yield { ...found, isStill };
    }
  });
}

async function* missingOf(
  orderId: OrderId,
  { leftovers, related, history }: UnfinishedParts,
  times: Pick<Look, 'before' | 'late'>,
): AsyncIterable<Finding> {
  const stream = orderStream(orderId);
  const its = await related.latest(order, stream);
  if (its.status === 'none') return;
  const look = { its, history: await history(stream), timers: await leftovers.timersOf(orderId), ...times };
  const wish = lastOf(look.history, 'CancellationRequested');
  if (its.cancellation?.state === 'pending' && wish !== undefined) {
    // what becomes of the rest of it depends on that
    if (isOld(look, wish)) yield gap(look, wish, 'a wish to cancel it waits for an answer', 'cancellation');
    return;
  }
  yield* byStatus(look, related, history);
}

async function* byStatus(look: Look, related: Related, history: History): AsyncIterable<Finding> {
  switch (look.its.status) {
    case 'placed':
      yield* ofPlaced(look);
      break;
    case 'awaiting_payment':
      yield* ofUnpaid(look, related, history);
      break;
    case 'on_hold':
      yield* ofHeld(look);
      break;
    case 'confirmed':
      yield* ofConfirmed(look, related, history);
      break;
    case 'in_fulfilment':
      yield* ofOrderUnderWay(look, related, history);
      break;
    case 'fulfilled':
      yield* ofFulfilled(look);
      break;
    default:
      break;
  }
}

function* ofPlaced(look: Look): Iterable<Finding> {
  const { gates, details } = look.its;
  const since = lastOf(look.history, 'OrderPlaced', 'OrderHoldResolved');
  if (since === undefined || !isOld(look, since)) return;
  if (gates.stock === 'pending') yield gap(look, since, 'nobody has said whether its goods are there', 'placing');
  if (gates.check === 'pending') {
    const timerId = screeningTimerId(details.orderId, since.revision);
    yield* ended(look, since, 'the check engine has said nothing', 'screening-deadline', timerId);
  }
  if (gates.stock !== 'pending' && gates.check !== 'pending') yield stuck(look, since, 'nothing accepts or rejects it');
}

/** An order that waits for its money: the money may be there without the order having heard of it. */
async function* ofUnpaid(look: Look, related: Related, history: History): AsyncIterable<Finding> {
  const { details, awaited, formerPayments = [] } = look.its;
  const since = lastOf(look.history, 'OrderAccepted', 'OrderHoldResolved');
  if (since === undefined || awaited === undefined || !isOld(look, since)) return;
  for (const id of [...formerPayments, awaited.paymentId]) {
    const stream = paymentStream(id);
    const untold = await uncounted(await related.latest(payment, stream), look.its, () => history(stream));
    for (const told of untold) {
      if (isOld(look, told)) yield gap(look, told, 'its money is there, and it was not told', counterOf(told));
    }
    if (untold.length > 0) return;
  }
  const applied = lastOf(look.history, 'PaymentApplied');
  if (applied && isPaidInPart(look.its) && isOld(look, applied)) {
    yield gap(look, applied, 'it is paid in part, and nobody asked for the rest', 'payment-deadline');
  }
  const open = look.timers.filter((timer) => timer.process === 'payment-deadline' && timer.isOpen);
  if (open.some(({ dueAt }) => dueAt >= look.late)) return;
  const timerId = paymentTimerId(details.orderId, since);
  const known = open.length > 0 || look.timers.some(({ id }) => id === timerId);
  yield known
    ? stuck(look, since, 'its time to pay is over, and it does not end')
    : gap(look, since, 'nothing ends its time to pay', 'payment-deadline');
}

function ofHeld(look: Look): Iterable<Finding> {
  const held = lastOf(look.history, 'OrderHeld');
  if (held === undefined || !isOld(look, held)) return [];
  const timerId = holdTimerId(look.its.details.orderId, held.revision);
  return ended(look, held, 'nobody has decided on it', 'hold-deadline', timerId);
}

/** What is paid for goes to the kitchen, to the packers, or to the customer at once. */
async function* ofConfirmed(look: Look, related: Related, history: History): AsyncIterable<Finding> {
  const { orderId, locationId, mode } = look.its.details;
  const confirmed = lastOf(look.history, 'OrderConfirmed');
  const since = lastOf(look.history, 'OrderConfirmed', 'OrderHoldResolved');
  if (confirmed === undefined || since === undefined || !isOld(look, since)) return;
  if (!isMadeToOrder(mode)) {
    yield gap(look, confirmed, 'nobody was told to send it', 'delivery');
    return;
  }
  const stream = ticketStream(ticketIdOf(orderId, locationId));
  const state = await related.latest(ticket, stream);
  if (state.status === 'none') yield gap(look, confirmed, 'the kitchen has no ticket for it', 'kitchen');
  else if (isOpened(state)) {
    const opened = lastOf(await history(stream), 'TicketOpened');
    if (opened && isOld(look, opened)) yield gap(look, opened, 'it was not told of its ticket', 'fulfilment');
  } else yield stuck(look, since, 'its ticket was taken back before it was there');
}

function ofFulfilled(look: Look): Iterable<Finding> {
  const fulfilled = lastOf(look.history, 'OrderFulfilled');
  if (fulfilled === undefined || !isOld(look, fulfilled)) return [];
  const timerId = completionTimerId(look.its.details.orderId);
  return ended(look, fulfilled, 'nothing completes it', 'completion', timerId);
}
