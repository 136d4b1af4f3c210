import type { PaymentId } from '../domain/kernel/ids.js';
import { payment, type Payment } from '../domain/payment/index.js';
import { commandOutcome, sessionOutcome } from './engine/outcome.js';
import { nothingMore, type ProcessManager, type TimerReaction } from './engine/process.js';
import { toPayment } from './engine/step.js';
import { paymentIdIn } from './orderLines.js';
import { orderIdOf } from './paymentState.js';
import { addMilliseconds } from './time.js';

const NAME = 'payment-poll';
const WANTED: ReadonlySet<string> = new Set(['CheckoutSessionCreated', 'PaymentCaptured', 'PaymentClosed']);
const POLL_AFTER_MS = 2 * 60_000;

/** Payment poll, first half: two minutes after the payment page is there the provider is asked once, should its webhook get lost. */
export const paymentPoll: ProcessManager<Payment> = {
  name: NAME,
  wants: (type) => WANTED.has(type),
  key: (event) => event.stream,
  load: (event, folds) => folds.at(payment, event.stream, event.revision),
  react: (recorded, state) => {
    const { event, meta } = recorded;
    const paymentId = paymentIdIn(recorded);
    const orderId = orderIdOf(state);
    if (event.type !== 'CheckoutSessionCreated' || orderId === undefined) {
      return [{ kind: 'cancel', timerId: timerIdOf(paymentId) }];
    }
    const { sessionId } = event.data;
    return [
      {
        kind: 'schedule',
        timer: {
          id: timerIdOf(paymentId),
          process: NAME,
          correlation: orderId,
          dueAt: addMilliseconds(meta.at, POLL_AFTER_MS),
          task: { type: 'poll-session', orderId, paymentId, sessionId },
        },
      },
    ];
  },
  settle: nothingMore,
};

/** Payment poll, second half: what the provider says is recorded, unless the session still waits for its payer. */
export const paymentPollDue: TimerReaction<null> = {
  name: NAME,
  load: () => Promise.resolve(null),
  react: ({ task }) =>
    task.type === 'poll-session' ? [{ kind: 'session', name: 'observe', sessionId: task.sessionId }] : [],
  settle: ({ task }, _state, _now, outcomes) => {
    const answer = sessionOutcome(outcomes, 'observe');
    if (task.type !== 'poll-session' || answer === undefined) return [];
    if (answer.result === 'silent') return [{ kind: 'later', reason: 'the provider is silent', error: answer.error }];
    const { observation } = answer;
    if (observation === undefined || observation.sessionStatus === 'open') return [];
    if (commandOutcome(outcomes, 'observed') !== undefined) return [];
    const { orderId } = task;
    return [
      toPayment(task.paymentId, 'observed', { type: 'RecordProviderState', orderId, observation, seenBy: 'poll' }),
    ];
  },
};

const timerIdOf = (paymentId: PaymentId): string => `${NAME}/${paymentId}`;
