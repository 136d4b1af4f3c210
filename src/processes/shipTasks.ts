import { taskIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import type { ShipmentId, TaskId } from '../domain/kernel/ids.js';
import { allottedUnits, type ExistingOrder, isShipped, openQty, type Order } from '../domain/order/index.js';
import { type CommandStep, toTask } from './engine/step.js';

/** Events after which something of an order may have to be packed, or has not any more. */
export const ABOUT_SHIPPING: ReadonlySet<string> = new Set([
  'FulfilmentStarted',
  'LinesReleased',
  'LinesAllotted',
  'LinesCancelled',
  'OrderCancelled',
  'OrderFulfilled',
]);

/**
 * What waits for somebody to pack it: a parcel order that has been paid for, and what comes back of any order, or never arrived. It
 * is done as soon as nothing of the order lies loose.
 *
 * @param order as it stood just after the event
 */
export function shipTasks(recorded: RecordedEvent, order: Order): readonly CommandStep[] {
  const { event } = recorded;
  if (order.status === 'none' || !isShipped(order.details.mode)) return [];
  const { number } = order.details;
  switch (event.type) {
    case 'FulfilmentStarted':
      // what a kitchen makes goes with the courier by itself
      return event.data.tickets.length > 0 ? [] : [open(recorded, order, `the order ${number} is to be packed`)];
    case 'LinesReleased': {
      // who wants to cancel it is about to
      if (order.cancellation?.state === 'pending' || order.status !== 'in_fulfilment') return [];
      const { shipmentId, why } = event.data;
      const text = `a parcel of the order ${number} ${WHY[why]}: it is to be sent anew, or called off`;
      return [open(recorded, order, text, shipmentId)];
    }
    case 'LinesAllotted':
    case 'LinesCancelled':
    case 'OrderCancelled':
    case 'OrderFulfilled':
      return isLoose(order) ? [] : openedFor(order).map((id) => close(recorded, id));
    default:
      return [];
  }
}

const WHY = { cancelled: 'was taken back', returned: 'came back', lost: 'was lost' } as const;

const isLoose = (order: ExistingOrder): boolean =>
  order.status === 'in_fulfilment' && order.lines.some((line) => openQty(line) > allottedUnits(order, line.lineId));

/** The task of an order, or of a parcel of it that did not arrive. */
const taskOf = ({ details: { orderId } }: ExistingOrder, shipmentId?: ShipmentId): TaskId =>
  shipmentId === undefined ? taskIdOf('to_ship', orderId) : taskIdOf('to_ship', orderId, shipmentId);

/** Every task that may have been opened for an order. */
function openedFor(order: ExistingOrder): readonly TaskId[] {
  const released = order.shipments.filter(({ state }) => state === 'released');
  return [
    ...(order.wasConfirmed && order.tickets.length === 0 ? [taskOf(order)] : []),
    ...released.map(({ shipmentId }) => taskOf(order, shipmentId)),
  ];
}

function open({ meta }: RecordedEvent, order: ExistingOrder, text: string, shipmentId?: ShipmentId): CommandStep {
  const taskId = taskOf(order, shipmentId);
  const { orderId, locationId } = order.details;
  return toTask(taskId, 'open to ship', {
    type: 'OpenTask',
    task: { taskId, kind: 'to_ship', about: { orderId, locationId }, text, openedAt: meta.at },
  });
}

const close = ({ meta }: RecordedEvent, taskId: TaskId): CommandStep =>
  toTask(taskId, 'close to ship', { type: 'CompleteTask', by: 'system', at: meta.at });
