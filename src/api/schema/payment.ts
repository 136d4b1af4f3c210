import { PaymentIdCodec, RefundIdCodec } from '../../domain/kernel/ids.js';
import { money } from './amounts.js';
import { idPattern, orderId, revision } from './ids.js';
import { byCodec, dateTime, integer, oneOf, text } from './primitives.js';
import { described, named } from './schema.js';
import { list, object } from './structures.js';

export const paymentId = byCodec(PaymentIdCodec, idPattern('pay'), 'a payment id such as pay_…');
export const refundId = byCodec(RefundIdCodec, idPattern('rfd'), 'a refund id such as rfd_…');

const refundAnswer = named(
  'Refund',
  object(
    {
      id: refundId,
      state: oneOf('requested', 'approved', 'submitted', 'succeeded', 'failed', 'rejected'),
      amount: money,
      reason: oneOf('late_payment', 'overpaid', 'cancelled', 'lines_cancelled', 'return', 'amendment', 'goodwill'),
      approval: described(oneOf('auto', 'required'), 'Whether somebody has to agree'),
      requestedBy: text(200),
      requestedAt: dateTime,
    },
    { approvedBy: text(200), code: described(text(200), 'Why it failed, or was rejected'), note: text(1_000) },
  ),
);

export const paymentAnswer = named(
  'Payment',
  object(
    {
      id: paymentId,
      orderId,
      status: oneOf('opened', 'ready', 'processing', 'authorized', 'captured', 'failed', 'voided', 'closed'),
      revision,
      ordinal: described(integer(1), 'Which payment of its order it is', 1),
      amount: described(money, 'What was asked for'),
      captured: described(money, 'What was paid'),
      refundable: described(money, 'What can still go back'),
      dueAt: dateTime,
      captureMode: described(oneOf('automatic', 'manual'), 'Whether what is paid is taken at once, or held'),
      mismatches: described(
        list(
          object(
            {
              expected: money,
              actual: money,
              state: described(
                oneOf('waits', 'counted', 'goes_back', 'gone'),
                'Whether it waits for a decision; counts; goes back, or is let go; or has gone by somebody’s hand',
              ),
            },
            {
              accepted: described(object({ by: text(200) }, { reason: text(200) }), 'Who let it count, and why'),
            },
          ),
        ),
        'Another amount than was asked for: it confirms nothing, and counts once somebody accepts it',
      ),
      refunds: list(refundAnswer),
      foreignRefunds: described(
        list(
          object(
            { providerRefundId: text(200), amount: money },
            { code: described(text(100), 'Why it failed after all; absent: the money went', 'lost_or_stolen_card') },
          ),
        ),
        'Made at the provider and not here',
      ),
      disputes: list(object({ id: text(200), amount: money, status: text(100) }, { evidenceDueBy: dateTime })),
    },
    {
      method: described(text(100), 'How it was paid', 'card'),
      authorized: described(object({ amount: money }, { wish: oneOf('capture', 'void') }), 'What is held'),
      link: described(text(2048), 'Where to pay'),
      lastAttempt: object({ code: text(100) }, { declineCode: text(100) }),
    },
  ),
);
