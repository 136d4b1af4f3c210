import { taskIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import type { TaskId } from '../domain/kernel/ids.js';
import {
  type ExistingTicket,
  isOpened,
  seenOf,
  type Ticket,
  ticket,
  type TicketEvent,
  type TicketItemView,
  VOID_WAITS_MS,
} from '../domain/ticket/index.js';
import { justBefore } from './engine/justBefore.js';
import { nothingMore, type ProcessManager, type TimerReaction } from './engine/process.js';
import { type Step, toTask, toTicket } from './engine/step.js';
import { addMilliseconds } from './time.js';

const NAME = 'kitchen-voids';

/** A ticket just before an event and just after it. */
interface State {
  readonly before: Ticket;
  readonly after: Ticket;
}

const WANTED: ReadonlySet<string> = new Set<TicketEvent['type']>([
  'ItemVoided',
  'TicketCancelled',
  'VoidAcknowledged',
  'VoidEscalated',
]);

/**
 * Kitchen voids, first half: what the kitchen had begun and is not wanted any more has to be seen there within
 * {@link VOID_WAITS_MS}. Else the ticket says that it was not, and somebody is told, until it is acknowledged after all. The ticket
 * decides which came first, and its events are handled in order: no task is opened after it was closed.
 */
export const kitchenVoids: ProcessManager<State> = {
  name: NAME,
  wants: (type) => WANTED.has(type),
  key: (event) => event.stream,
  load: async (recorded, folds) => ({
    before: await justBefore(ticket, recorded, folds),
    after: await folds.at(ticket, recorded.stream, recorded.revision),
  }),
  react: (recorded, { before, after }) => {
    // called off before the kitchen had it
    if (!isOpened(before) || !isOpened(after)) return [];
    return after.items.flatMap((item) => {
      const was = before.items.find(({ itemId }) => itemId === item.itemId);
      if (was === undefined) return [];
      return [
        ...(was.unacknowledged === 0 && item.unacknowledged > 0 ? [awaited(recorded, after, item)] : []),
        ...(was.escalated !== true && item.escalated === true ? [opened(recorded, after, item)] : []),
        ...(was.escalated === true && item.escalated !== true ? [closed(recorded, after, was)] : []),
      ];
    });
  },
  settle: nothingMore,
};

function awaited(
  { meta }: RecordedEvent,
  { details: { ticketId, orderId } }: ExistingTicket,
  item: TicketItemView,
): Step {
  const { itemId } = item;
  const seen = seenOf(item);
  return {
    kind: 'schedule',
    timer: {
      id: `${NAME}/${ticketId}/${itemId}/${seen}`,
      process: NAME,
      correlation: orderId,
      dueAt: addMilliseconds(meta.at, VOID_WAITS_MS),
      task: { type: 'void-due', ticketId, itemId, seen },
    },
  };
}

const taskOf = ({ details: { ticketId } }: ExistingTicket, item: TicketItemView): TaskId =>
  taskIdOf('void_unseen', ticketId, item.itemId, seenOf(item));

function opened({ meta }: RecordedEvent, of: ExistingTicket, item: TicketItemView): Step {
  const { orderId, orderNumber, locationId } = of.details;
  const taskId = taskOf(of, item);
  return toTask(taskId, `open ${item.itemId}`, {
    type: 'OpenTask',
    task: {
      taskId,
      kind: 'void_unseen',
      about: { orderId, locationId },
      text:
        `${item.unacknowledged} of ${item.name} of the order ${orderNumber} were begun and are not wanted any more, ` +
        'and nobody in the kitchen says that they saw it',
      openedAt: meta.at,
    },
  });
}

const closed = ({ meta }: RecordedEvent, of: ExistingTicket, item: TicketItemView): Step =>
  toTask(taskOf(of, item), `close ${item.itemId}`, { type: 'CompleteTask', by: 'system', at: meta.at });

/** Kitchen voids, second half: whether it has been seen by now, the ticket knows. */
export const voidDue: TimerReaction<null> = {
  name: NAME,
  load: () => Promise.resolve(null),
  react: ({ task }, _state, at) =>
    task.type === 'void-due'
      ? [
          toTicket(task.ticketId, `escalate ${task.itemId}`, {
            type: 'EscalateVoid',
            itemId: task.itemId,
            seen: task.seen,
            by: NAME,
            at,
          }),
        ]
      : [],
  settle: nothingMore,
};
