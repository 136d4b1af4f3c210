import { reservationIdOf } from '../../commands/identity.js';
import type { ReservationId } from '../../domain/kernel/ids.js';
import { type ExistingOrder, isDead, isMadeToOrder, type LineQuantity, order } from '../../domain/order/index.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { type Reservation, reservationsOf, stock, type StockCommand } from '../../domain/stock/index.js';
import type { CommandStep } from '../engine/step.js';
import type { Related } from '../engine/related.js';
import type { Leftovers } from '../ports/leftovers.js';
import { addMilliseconds } from '../time.js';
import type { Finding } from './finding.js';

const WEBHOOK_PATIENCE_MS = 5 * 60_000;

/** Webhooks that wait. */
export async function* webhookFindings(leftovers: Leftovers, now: string): AsyncIterable<Finding> {
  const before = addMilliseconds(now, -WEBHOOK_PATIENCE_MS);
  const waiting = await leftovers.webhooksWaiting(before);
  if (waiting > 0) {
    yield {
      key: `webhooks ${now.slice(0, 10)}`,
      about: {},
      text: `${waiting} webhooks that came before ${before} wait to be worked`,
    };
  }
}

/**
 * Units that are set aside for an order which will never want them: those that were handed over without that they were taken from
 * the shelf are taken from it, by the name that whoever should have done it would have had; the rest is given back.
 */
export async function* reservationFindings(leftovers: Leftovers, related: Related): AsyncIterable<Finding> {
  for (const stream of await leftovers.stockItems()) {
    const state = await related.latest(stock, stream);
    if (state.status === 'none') continue;
    const { sku, locationId } = state;
    for (const [reservationId, reservation] of reservationsOf(state)) {
      const { orderId, status, qty } = reservation;
      if (status !== 'held' && status !== 'confirmed') continue;
      const its = await related.latest(order, orderStream(orderId));
      if (its.status !== 'none' && !isOver(its)) continue;
      yield {
        key: `reservation ${reservationId}`,
        about: { orderId, sku, locationId },
        text: `${qty} of ${sku} are set aside for an order that is ${its.status === 'none' ? 'not there' : its.status}`,
        ...(its.status === 'none'
          ? {}
          : { mend: { kind: 'stock', stream, ...mendOf(its, reservationId, reservation) } }),
      };
    }
  }
}

const isOver = (its: ExistingOrder): boolean => isDead(its) || its.status === 'fulfilled' || its.status === 'completed';

function mendOf(
  its: ExistingOrder,
  reservationId: ReservationId,
  reservation: Reservation,
): Pick<Extract<CommandStep, { kind: 'stock' }>, 'name'> & { readonly command: StockCommand } {
  const { orderId } = reservation;
  const taken = isDead(its) ? undefined : takenUnnoticed(its, reservationId, reservation);
  return taken === undefined
    ? {
        name: `release ${reservationId}`,
        command: { type: 'ReleaseReservation', reservationId, orderId, why: whyOf(its.status) },
      }
    : { name: `consume ${reservationId}`, command: { type: 'ConsumeReservation', reservationId, orderId, ...taken } };
}

/** Units that were handed over, and by whom, and that the shelf knows nothing of: what is made is used up by its ticket. */
function takenUnnoticed(
  its: ExistingOrder,
  reservationId: ReservationId,
  { consumedBy }: Reservation,
): { readonly by: string; readonly qty: number } | undefined {
  const { orderId, mode } = its.details;
  const ofLine = ({ lineId }: Pick<LineQuantity, 'lineId'>): boolean =>
    reservationIdOf(orderId, lineId) === reservationId;
  const handed = its.handOvers.filter(ofLine);
  const by = isMadeToOrder(mode) ? its.tickets[0]?.ticketId : handed.find((one) => !consumedBy.includes(one.by))?.by;
  if (by === undefined || consumedBy.includes(by)) return undefined;
  const units = isMadeToOrder(mode) ? handed : handed.filter((one) => one.by === by);
  const qty = units.reduce((sum, one) => sum + one.qty, 0);
  return qty > 0 ? { by, qty } : undefined;
}

const whyOf = (status: string): 'rejected' | 'expired' | 'cancelled' =>
  status === 'rejected' || status === 'expired' ? status : 'cancelled';
