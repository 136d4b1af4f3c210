import { taskIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import type { ExistingOrder } from '../domain/order/index.js';
import { commandOutcome, type Outcome } from './engine/outcome.js';
import { type CommandStep, toTask } from './engine/step.js';

const OPEN = 'gone all the same';

/**
 * What was called off was made, was handed over, or had left, in the same moment: the ticket or the shipment refuses to be stopped.
 * The order stays as it says, and the money goes back; whether the goods come back is for somebody to see to. Opened once,
 * together with what else follows from these outcomes.
 */
export function goneAllTheSame(
  { id, meta }: RecordedEvent,
  { details: { orderId, number } }: ExistingOrder,
  outcomes: readonly Outcome[],
): readonly CommandStep[] {
  const gone = outcomes.flatMap((outcome) => {
    if (outcome.result !== 'refused') return [];
    const { step, rejection } = outcome;
    const { status } = rejection as { readonly status?: unknown };
    if (step.kind === 'ticket' && status === 'handed_over') return ['handed over'];
    if (step.kind === 'ticket' && rejection._tag === 'AlreadyStarted') return ['made'];
    return step.kind === 'shipment' && rejection._tag === 'AlreadyDispatched' ? ['sent'] : [];
  });
  const [how] = gone;
  if (how === undefined || commandOutcome(outcomes, OPEN)) return [];
  const taskId = taskIdOf('gone_all_the_same', orderId, id);
  return [
    toTask(taskId, OPEN, {
      type: 'OpenTask',
      task: {
        taskId,
        kind: 'gone_all_the_same',
        about: { orderId },
        text: `what was called off of the order ${number} had been ${how} already`,
        openedAt: meta.at,
      },
    }),
  ];
}
