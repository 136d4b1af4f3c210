import { taskIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import type { TaskId } from '../domain/kernel/ids.js';
import {
  BOOKING_WAITS_MS,
  type ExistingShipment,
  isCreated,
  type Shipment,
  type UnusedLabel,
} from '../domain/shipment/index.js';
import { type Step, toTask } from './engine/step.js';
import { addMilliseconds } from './time.js';

/** The process that these steps belong to. */
export const LABELS = 'labels';

/**
 * Labels that were bought and are not used: their carrier has so long to take them back as to sell one. Where it refuses, or says
 * nothing, somebody has to see to the money, until the carrier takes the label back after all.
 */
export function unusedLabels(recorded: RecordedEvent, before: Shipment, after: Shipment): readonly Step[] {
  if (!isCreated(after)) return [];
  const were = new Map((isCreated(before) ? (before.unused ?? []) : []).map((label) => [label.bookingId, label]));
  return (after.unused ?? []).flatMap((label) => {
    const was = were.get(label.bookingId);
    if (was === undefined) return [answerDue(recorded, after, label)];
    if (!isLeft(was) && isLeft(label)) return [opened(recorded, after, label)];
    return isLeft(was) && !isLeft(label) ? [closed(recorded, after, label)] : [];
  });
}

/** Whether somebody has to see to it. */
const isLeft = ({ state }: UnusedLabel): boolean => state === 'refused' || state === 'lapsed';

function answerDue({ meta }: RecordedEvent, { details }: ExistingShipment, { bookingId }: UnusedLabel): Step {
  const { shipmentId, orderId } = details;
  return {
    kind: 'schedule',
    timer: {
      id: `${LABELS}/${shipmentId}/void/${bookingId}`,
      process: LABELS,
      correlation: orderId,
      dueAt: addMilliseconds(meta.at, BOOKING_WAITS_MS),
      task: { type: 'label-void-due', shipmentId, bookingId },
    },
  };
}

const taskOf = ({ details: { shipmentId } }: ExistingShipment, { bookingId }: UnusedLabel): TaskId =>
  taskIdOf('label_not_voided', shipmentId, bookingId);

function opened({ meta }: RecordedEvent, shipment: ExistingShipment, label: UnusedLabel): Step {
  const { orderId, shipmentId } = shipment.details;
  const taskId = taskOf(shipment, label);
  const why =
    label.state === 'refused' ? `does not take it back: ${label.reason ?? 'nobody knows why'}` : 'said nothing';
  return toTask(taskId, 'open unused', {
    type: 'OpenTask',
    task: {
      taskId,
      kind: 'label_not_voided',
      about: { orderId },
      text: `the label ${label.trackingNo} of the shipment ${shipmentId} is paid for and not used: ${label.carrier} ${why}`,
      openedAt: meta.at,
    },
  });
}

const closed = ({ meta }: RecordedEvent, shipment: ExistingShipment, label: UnusedLabel): Step =>
  toTask(taskOf(shipment, label), 'close unused', { type: 'CompleteTask', by: 'system', at: meta.at });
