import { alreadyTrue, type Decision, record } from '../kernel/decision.js';
import { acceptIfGatesClosed } from './accepting.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent, RejectionReason } from './events.js';
import { evolve } from './evolve.js';
import type { OrderRejection } from './rejections.js';
import type { ExistingOrder, Order } from './state.js';
import { refundOfWhatWasPaid } from './sums.js';

type RecordCheckResult = Extract<OrderCommand, { type: 'RecordCheckResult' }>;

/**
 * What the check engine found, once for each check. It decides an order that waits for it; what comes later is recorded
 * and changes nothing any more.
 */
export function recordCheck(command: RecordCheckResult, order: ExistingOrder): Decision<OrderRejection, OrderEvent> {
  const { checkId, verdict, rules, engine, engineVersion } = command;
  if (order.checks.includes(checkId)) return alreadyTrue;
  const checked: OrderEvent = { type: 'OrderChecked', data: { checkId, verdict, rules, engine, engineVersion } };
  const open = order.gates.check === 'pending' || order.gates.check === 'review';
  return open ? record(checked, ...consequences(command, order, evolve(order, checked))) : record(checked);
}

function consequences(command: RecordCheckResult, before: ExistingOrder, after: Order): readonly OrderEvent[] {
  const { acceptance, verdict, decideBy } = command;
  const rejected = (): readonly OrderEvent[] => [
    { type: 'OrderRejected', data: { reasons: reasonsOf(command) } },
    ...refundOfWhatWasPaid(before, 'rejected'),
  ];
  if (after.status === 'placed') {
    switch (verdict) {
      case 'passed':
        return acceptIfGatesClosed(after, acceptance);
      case 'failed':
        return rejected();
      case 'review':
        return [
          { type: 'OrderHeld', data: { kind: 'review', detail: summary(command), decideBy, resumeTo: 'placed' } },
        ];
    }
  }
  if (after.status !== 'on_hold' || verdict === 'review') return [];
  if (verdict === 'failed') {
    return [{ type: 'OrderHoldResolved', data: { decision: 'reject', by: 'system' } }, ...rejected()];
  }
  // an answer that others wait for too ends only the hold that was put on for want of it
  if (after.hold.kind !== 'review') return [];
  const resolved: OrderEvent = { type: 'OrderHoldResolved', data: { decision: 'accept', by: 'system' } };
  return [resolved, ...acceptIfGatesClosed(evolve(after, resolved), acceptance)];
}

const reasonsOf = ({ rules }: RecordCheckResult): readonly RejectionReason[] => {
  const failed = rules.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return [{ type: 'check-failed', text: 'the order did not pass its check' }];
  return failed.map(({ text }) => ({ type: 'check-failed', text }));
};

const summary = ({ rules }: RecordCheckResult): string =>
  rules
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ text }) => text)
    .join('; ') || 'the check engine wants somebody to look at it';
