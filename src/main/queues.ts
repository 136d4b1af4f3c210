import {
  CHECK_QUEUE,
  CHECK_RESULT_QUEUE,
  HOLD_QUEUE,
  KITCHEN_QUEUE,
  NOTIFICATION_QUEUE,
  PAYMENT_QUEUE,
  REFUND_QUEUE,
} from '../consumers/index.js';

/** The durable queue of every consumer, and the message types that it is bound to. */
export const QUEUES = [
  PAYMENT_QUEUE,
  REFUND_QUEUE,
  HOLD_QUEUE,
  KITCHEN_QUEUE,
  CHECK_QUEUE,
  CHECK_RESULT_QUEUE,
  NOTIFICATION_QUEUE,
];
