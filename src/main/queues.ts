import {
  CARRIER_ANSWER_QUEUE,
  CARRIER_QUEUE,
  CHECK_QUEUE,
  CHECK_RESULT_QUEUE,
  HOLD_QUEUE,
  KITCHEN_QUEUE,
  NOTIFICATION_QUEUE,
  PAYMENT_QUEUE,
  REFUND_QUEUE,
} from '../consumers/index.js';
import type { QueueOptions } from '../consumers/ports/messageConsumer.js';

/** The durable queue of every consumer, the message types that it is bound to, and how long they may wait. */
export const QUEUES: readonly QueueOptions[] = [
  PAYMENT_QUEUE,
  REFUND_QUEUE,
  HOLD_QUEUE,
  KITCHEN_QUEUE,
  CHECK_QUEUE,
  CHECK_RESULT_QUEUE,
  NOTIFICATION_QUEUE,
  CARRIER_QUEUE,
  CARRIER_ANSWER_QUEUE,
];
