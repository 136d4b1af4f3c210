import { taskIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import type { TaskId } from '../domain/kernel/ids.js';
import {
  BOOKING_WAITS_MS,
  type ExistingShipment,
  isCreated,
  type Shipment,
  shipment,
  type ShipmentEvent,
} from '../domain/shipment/index.js';
import { justBefore } from './engine/justBefore.js';
import { nothingMore, type ProcessManager, type TimerReaction } from './engine/process.js';
import { type Step, toShipment, toTask } from './engine/step.js';
import { shipmentIdIn } from './orderLines.js';
import { addMilliseconds } from './time.js';
import { LABELS as NAME, unusedLabels } from './unusedLabels.js';

/** A shipment just before an event and just after it. */
interface State {
  readonly before: Shipment;
  readonly after: Shipment;
}

const WANTED: ReadonlySet<string> = new Set<ShipmentEvent['type']>([
  'LabelRequested',
  'LabelBought',
  'LabelRefused',
  'LabelLapsed',
  'LabelVoidRequested',
  'LabelVoided',
  'LabelVoidRefused',
  'LabelVoidLapsed',
  'CourierAssigned',
  'ShipmentDispatched',
  'ShipmentCancelled',
]);

/**
 * Labels, first half: a carrier that is asked for one has so long to answer. Where it refuses, or says nothing, somebody has
 * to see to it, until the shipment has another label, or a courier, or needs neither any more. It is the same with a label that it is
 * asked to take back: see {@link unusedLabels}.
 */
export const labels: ProcessManager<State> = {
  name: NAME,
  wants: (type) => WANTED.has(type),
  key: (event) => event.stream,
  load: async (recorded, folds) => ({
    before: await justBefore(shipment, recorded, folds),
    after: await folds.at(shipment, recorded.stream, recorded.revision),
  }),
  react: (recorded, { before, after }) => {
    const [was, is] = [missingLabel(before), missingLabel(after)];
    return [
      ...answerDue(recorded, after),
      ...unusedLabels(recorded, before, after),
      ...(was !== undefined && is === undefined ? [closed(recorded, was)] : []),
      ...(was === undefined && is !== undefined ? [opened(recorded, is)] : []),
    ];
  },
  settle: nothingMore,
};

function answerDue({ event }: RecordedEvent, state: Shipment): readonly Step[] {
  if (event.type !== 'LabelRequested' || !isCreated(state)) return [];
  const { shipmentId, orderId } = state.details;
  const { bookingId, at } = event.data;
  return [
    {
      kind: 'schedule',
      timer: {
        id: `${NAME}/${shipmentId}/${bookingId}`,
        process: NAME,
        correlation: orderId,
        dueAt: addMilliseconds(at, BOOKING_WAITS_MS),
        task: { type: 'label-due', shipmentId, bookingId },
      },
    },
  ];
}

interface Missing {
  readonly taskId: TaskId;
  readonly shipment: ExistingShipment;
}

/** What somebody has to see to: nobody sells the label, and nobody else brings the shipment. */
function missingLabel(state: Shipment): Missing | undefined {
  if (!isCreated(state) || (state.status !== 'pending' && state.status !== 'packed')) return undefined;
  const { label, courier } = state;
  if (label === undefined || courier !== undefined) return undefined;
  if (label.state !== 'refused' && label.state !== 'lapsed') return undefined;
  return { taskId: taskIdOf('label_missing', state.details.shipmentId, label.bookingId), shipment: state };
}

function opened(recorded: RecordedEvent, { taskId, shipment: { details, label } }: Missing): Step {
  const why = label?.state === 'refused' ? `does not take it: ${label.reason ?? 'nobody knows why'}` : 'said nothing';
  return toTask(taskId, 'open', {
    type: 'OpenTask',
    task: {
      taskId,
      kind: 'label_missing',
      about: { orderId: details.orderId },
      text: `the shipment ${shipmentIdIn(recorded)} has no label: ${label?.carrier ?? 'the carrier'} ${why}`,
      openedAt: recorded.meta.at,
    },
  });
}

const closed = ({ meta }: RecordedEvent, { taskId }: Missing): Step =>
  toTask(taskId, 'close', { type: 'CompleteTask', by: 'system', at: meta.at });

/** Labels, second half: whether the answer has come by now, the shipment knows. */
export const labelDue: TimerReaction<null> = {
  name: NAME,
  load: () => Promise.resolve(null),
  react: ({ task }, _state, at) => {
    switch (task.type) {
      case 'label-due':
        return [toShipment(task.shipmentId, 'lapse', { type: 'LapseLabel', bookingId: task.bookingId, by: NAME, at })];
      case 'label-void-due':
        return [
          toShipment(task.shipmentId, 'lapse', { type: 'LapseLabelVoid', bookingId: task.bookingId, by: NAME, at }),
        ];
      default:
        return [];
    }
  },
  settle: nothingMore,
};
