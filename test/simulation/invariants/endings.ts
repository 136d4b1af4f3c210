import { type Installation } from '../world/installation.js';
import { Tally } from '../kernel/tally.js';

/** What became of the orders of a run, and of their money: so that a run can say what it has been through. */
export function endingsOf({ histories, log }: Installation): Readonly<Record<string, number>> {
  const tally = new Tally();
  tally.add('events', log.all.length);
  for (const [, order] of histories.newest('order')) tally.add(`orders ${order.status}`);
  const byHold = new Set(
    [...histories.newest('order')].flatMap(([, its]) =>
      its.status === 'none' ? [] : (its.acceptedMoney ?? []).map(({ intentId }) => intentId),
    ),
  );
  for (const { event } of histories.events) {
    const isAnew = event.type === 'PaymentRequested' && event.data.insteadOf !== undefined;
    const counted = isAnew ? 'payments asked for anew' : COUNTED[event.type];
    if (event.type === 'OrderHeld' && event.data.kind === 'shortage') tally.add('holds of what is sold out');
    if (event.type === 'PaymentCaptured' && event.data.accepted !== undefined) {
      const { intentId } = event.data;
      tally.add(byHold.has(intentId) ? 'other amounts accepted' : 'other amounts accepted for orders that went on');
    }
    if (counted !== undefined) tally.add(counted);
  }
  return tally.counts;
}

const COUNTED: Readonly<Record<string, string>> = {
  PaymentCaptured: 'captures',
  PaymentProcessing: 'transfers',
  RefundSucceeded: 'refunds',
  RefundFailed: 'refunds that failed',
  ForeignRefundRecorded: 'refunds made at the provider',
  ForeignRefundFailed: 'of these failed',
  OrderHeld: 'holds',
  CancellationRequested: 'cancellations asked of the kitchen',
  LinesCancelled: 'lines cancelled',
  OrderAmended: 'amendments',
  AmendmentDeclined: 'amendments declined',
  PaymentRequested: 'further payments asked for',
  LinesReturned: 'returns',
  StockReturned: 'of these put on the shelf again',
  StockWrittenOff: 'of these written off',
  OfferSuspended: 'articles sold out',
  OfferResumed: 'of these to be had again',
  ItemsAdded: 'items added to tickets',
  TicketOpened: 'tickets',
  ProviderMismatchDetected: 'other amounts paid',
};
