import { alreadyTrue, type Decision, record } from '../kernel/decision.js';
import type { PaymentCommand } from './commands.js';
import type { PaymentEvent } from './events.js';
import type { PaymentRejection } from './rejections.js';
import type { ExistingPayment } from './state.js';

type RecordDispute = Extract<PaymentCommand, { type: 'RecordDispute' }>;

/** What the provider says of a dispute now: that there is one, how it stands, how it ended; each once, and the end for good. */
export function recordDispute(
  command: RecordDispute,
  payment: ExistingPayment,
): Decision<PaymentRejection, PaymentEvent> {
  const { disputeId, amount, status, evidenceDueBy } = command;
  const known = payment.disputes.find((dispute) => dispute.disputeId === disputeId);
  if (known?.outcome !== undefined || known?.status === status) return alreadyTrue;
  const outcome = OUTCOMES.find((end) => end === status);
  const opened: readonly PaymentEvent[] = known
    ? []
    : [
        {
          type: 'DisputeOpened',
          data: { disputeId, amount, status, ...(evidenceDueBy === undefined ? {} : { evidenceDueBy }) },
        },
      ];
  if (outcome !== undefined) {
    return record<PaymentEvent>(...opened, { type: 'DisputeClosed', data: { disputeId, amount, outcome } });
  }
  return opened.length > 0 ? record(...opened) : record({ type: 'DisputeUpdated', data: { disputeId, status } });
}

/** The ends of a dispute; everything else is a step on the way. */
const OUTCOMES = ['won', 'lost', 'warning_closed'] as const;
