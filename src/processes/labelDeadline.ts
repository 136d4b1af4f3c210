import { BOOKING_WAITS_MS, type ExistingShipment, isCreated, shipment } from '../domain/shipment/index.js';
import { nothingMore, type ProcessManager, type TimerReaction } from './engine/process.js';
import { toShipment } from './engine/step.js';
import { addMilliseconds } from './time.js';

const NAME = 'label-deadline';

/** Label deadline, first half: a carrier that is asked for a label has so long to answer. */
export const labelDeadline: ProcessManager<ExistingShipment> = {
  name: NAME,
  wants: (type) => type === 'LabelRequested',
  key: (event) => event.stream,
  load: async (event, folds) => {
    const state = await folds.at(shipment, event.stream, event.revision);
    if (!isCreated(state)) throw new Error(`${event.stream} has no shipment at revision ${event.revision}`);
    return state;
  },
  react: ({ event }, { details: { shipmentId, orderId } }) =>
    event.type === 'LabelRequested'
      ? [
          {
            kind: 'schedule',
            timer: {
              id: `${NAME}/${shipmentId}/${event.data.bookingId}`,
              process: NAME,
              correlation: orderId,
              dueAt: addMilliseconds(event.data.at, BOOKING_WAITS_MS),
              task: { type: 'label-due', shipmentId, bookingId: event.data.bookingId },
            },
          },
        ]
      : [],
  settle: nothingMore,
};

/** Label deadline, second half: whether the answer has come, the shipment knows. */
export const labelDue: TimerReaction<null> = {
  name: NAME,
  load: () => Promise.resolve(null),
  react: ({ task }, _state, at) =>
    task.type === 'label-due'
      ? [toShipment(task.shipmentId, 'lapse', { type: 'LapseLabel', bookingId: task.bookingId, by: NAME, at })]
      : [],
  settle: nothingMore,
};
