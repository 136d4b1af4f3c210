import { shipmentIdOf } from '../../commands/identity.js';
import type { RecordedEvent } from '../../domain/events.js';
import { shipmentStream, ticketStream } from '../../domain/kernel/streams.js';
import {
  type AllottedShipment,
  allottedUnits,
  type ExistingOrder,
  isShipped,
  openQty,
} from '../../domain/order/index.js';
import { type Shipment, shipment } from '../../domain/shipment/index.js';
import { task } from '../../domain/task/index.js';
import { ticket } from '../../domain/ticket/index.js';
import type { Related } from '../engine/related.js';
import type { History } from '../ports/history.js';
import { shipTasks } from '../shipTasks.js';
import { firingTimerId } from '../ticketFiring.js';
import type { Finding } from './finding.js';
import { ended, gap, isOld, lastOf, type Look } from './look.js';

/**
 * An order that is being made, packed or brought: its ticket may wait for its time for ever, its goods for somebody who packs them,
 * and the order may never have heard what became of either.
 */
export async function* ofOrderUnderWay(look: Look, related: Related, history: History): AsyncIterable<Finding> {
  const [first] = look.its.tickets;
  if (first === undefined) yield* ofGoodsToPack(look, related);
  else yield* ofTicket(look, first.ticketId, related, history);
  for (const known of look.its.shipments) yield* ofShipment(look, known, related, history);
}

type TicketId = ExistingOrder['tickets'][number]['ticketId'];

async function* ofTicket(look: Look, ticketId: TicketId, related: Related, history: History): AsyncIterable<Finding> {
  const stream = ticketStream(ticketId);
  const state = await related.latest(ticket, stream);
  if (state.status === 'scheduled') {
    const planned = lastOf(await history(stream), 'TicketOpened', 'TicketPromiseChanged');
    if (planned === undefined || !isOld(look, planned)) return;
    const text = 'its ticket does not come to the cooks';
    yield* ended(look, planned, text, 'ticket-firing', firingTimerId(ticketId, state.fireAt));
  }
  if (state.status !== 'handed_over' || !isUntold(look.its, ticketId)) return;
  const handed = lastOf(await history(stream), 'TicketHandedOver');
  if (handed && isOld(look, handed)) yield gap(look, handed, 'its kitchen has handed it over', 'fulfilment');
}

/** Whether the order does not know that its kitchen has handed over what it made: to a courier as a shipment, if not in others. */
function isUntold(its: ExistingOrder, ticketId: TicketId): boolean {
  const { orderId, mode } = its.details;
  if (!isShipped(mode)) return !its.handOvers.some(({ by }) => by === ticketId);
  const isLoose = its.lines.some((line) => openQty(line) > allottedUnits(its, line.lineId));
  return isLoose && !its.shipments.some(({ shipmentId }) => shipmentId === shipmentIdOf(orderId, ticketId));
}

async function* ofGoodsToPack(look: Look, related: Related): AsyncIterable<Finding> {
  for (const recorded of look.history) {
    if (!isOld(look, recorded)) continue;
    const wanted = shipTasks(recorded, look.its).filter(({ command }) => command.type === 'OpenTask');
    for (const { stream } of wanted) {
      const known = await related.latest(task, stream);
      if (known.status === 'none') yield gap(look, recorded, 'nobody was told to pack it', 'tasks');
    }
  }
}

/** What has become of a shipment, and the order was not told: each step by its own event, the earliest first. */
async function* ofShipment(
  look: Look,
  { shipmentId, state: known }: AllottedShipment,
  related: Related,
  history: History,
): AsyncIterable<Finding> {
  if (known !== 'allotted' && known !== 'dispatched') return;
  const stream = shipmentStream(shipmentId);
  const state = await related.latest(shipment, stream);
  const told = state.status === 'none' ? [allotting(look, shipmentId)] : untold(known, state, await history(stream));
  for (const recorded of told) {
    if (recorded && isOld(look, recorded)) yield gap(look, recorded, `${shipmentId} is ${state.status}`, 'delivery');
  }
}

const allotting = ({ history }: Look, shipmentId: string): RecordedEvent | undefined =>
  history.find(({ event }) => event.type === 'LinesAllotted' && event.data.shipmentId === shipmentId);

function untold(
  known: 'allotted' | 'dispatched',
  { status }: Exclude<Shipment, { status: 'none' }>,
  history: readonly RecordedEvent[],
): readonly (RecordedEvent | undefined)[] {
  const left = known === 'allotted' ? [lastOf(history, 'ShipmentDispatched')] : [];
  switch (status) {
    case 'delivered':
      return [...left, lastOf(history, 'ShipmentDelivered')];
    case 'returned':
      return [...left, lastOf(history, 'ReturnedToSender')];
    case 'lost':
      return [...left, lastOf(history, 'ShipmentLost')];
    case 'cancelled':
    case 'withdrawn':
      return [lastOf(history, 'ShipmentCancelled')];
    default:
      return left;
  }
}
