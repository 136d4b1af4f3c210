import { TaskIdCodec } from '../../domain/kernel/ids.js';
import { locationId, orderId, revision, sku } from './ids.js';
import { paymentId, refundId } from './payment.js';
import { byCodec, dateTime, oneOf, text } from './primitives.js';
import { described, named } from './schema.js';
import { object } from './structures.js';

export const taskId = byCodec(TaskIdCodec, /^tsk_[0-7][0-9a-hjkmnp-tv-z]{25}$/, 'a task id such as tsk_…');
export const taskState = oneOf('open', 'done');
export const taskKind = oneOf(
  'hold',
  'refund_approval',
  'refund_failed',
  'mismatch',
  'authorization_lost',
  'dispute',
  'no_payment_page',
  'shortfall',
  'to_ship',
  'gone_all_the_same',
  'void_unseen',
  'label_missing',
  'label_not_voided',
  'reconciliation',
);

export const taskAnswer = named(
  'Task',
  object(
    {
      id: taskId,
      kind: taskKind,
      about: described(object({}, { orderId, paymentId, refundId, sku, locationId }), 'What it is about'),
      text: described(text(2_000), 'What is wrong'),
      openedAt: dateTime,
      state: taskState,
      revision,
    },
    {
      dueAt: described(dateTime, 'When it is too late'),
      done: object({ by: text(200), at: dateTime }, { note: text(1_000) }),
    },
  ),
);
