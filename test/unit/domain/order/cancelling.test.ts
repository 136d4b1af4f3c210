import { order } from '../../../../src/domain/order/index.js';
import { eur, idOf } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  aCancellation,
  cancellationDeclined,
  cancellationRequested,
  commands,
  histories,
  linesCancelled,
  linesFulfilled,
  orderCancelled,
  orderFulfilled,
  orderHeld,
  paymentApplied,
  progressed,
  refundDue,
  unitsOf,
} from './histories.js';

const given = specificationOf(order);
const another = idOf('cancellation', 2);
const asked = [...histories.in_fulfilment, cancellationRequested];
const settle = (stopped: Readonly<Record<number, number>>) =>
  ({ ...commands.SettleCancellation, stopped: unitsOf(stopped) }) as const;
const cancelLines = (units: Readonly<Record<number, number>>, by: 'staff' | 'customer' = 'staff') =>
  ({ ...commands.CancelLines, lines: unitsOf(units), by }) as const;
const named = { cancellationId: aCancellation, reason: 'changed my mind', by: 'customer' } as const;
const refundOf = (amount: number, key: string, units: Readonly<Record<number, number>>) => ({
  type: 'RefundDue' as const,
  data: {
    refundKey: `lines:${key}`,
    amount: eur(amount),
    reason: 'lines_cancelled' as const,
    approval: 'auto' as const,
    lines: unitsOf(units),
  },
});

describe('cancelling an order that is not confirmed', () => {
  for (const status of ['placed', 'on_hold', 'awaiting_payment'] as const) {
    it(`takes effect at once when it is ${status}`, () => {
      given(histories[status]).when(commands.RequestCancellation).then([orderCancelled]);
    });
  }

  it('gives back a part that was paid', () => {
    given([...histories.awaiting_payment, paymentApplied(500)])
      .when(commands.RequestCancellation)
      .then([orderCancelled, refundDue(500, 'cancelled', 'order:cancelled')]);
  });
});

describe('cancelling an order that the kitchen has', () => {
  it('is a wish at first', () => {
    given(histories.confirmed).when(commands.RequestCancellation).then([cancellationRequested]);
    given([...histories.confirmed, orderHeld({ resumeTo: 'confirmed' })])
      .when(commands.RequestCancellation)
      .then([cancellationRequested]);
  });

  it('is too late for the customer once it is confirmed, where the house wants that; not for the staff', () => {
    const customersUntil = 'confirmation' as const;
    given(histories.confirmed)
      .when({ ...commands.RequestCancellation, customersUntil })
      .thenRejected('CancellationWindowClosed', { status: 'confirmed' });
    given(histories.confirmed)
      .when({ ...cancelLines({ 1: 1 }, 'customer'), customersUntil })
      .thenRejected('CancellationWindowClosed');
    given(histories.confirmed)
      .when({ ...commands.RequestCancellation, by: 'staff', customersUntil })
      .then([{ type: 'CancellationRequested', data: { ...named, by: 'staff' } }]);
    given(histories.awaiting_payment)
      .when({ ...commands.RequestCancellation, customersUntil })
      .then([orderCancelled]);
  });

  it('is too late for the customer when somebody has begun', () => {
    given([...histories.in_fulfilment, progressed('preparing')])
      .when(commands.RequestCancellation)
      .thenRejected('CancellationWindowClosed', { status: 'in_fulfilment' });
    given([...histories.in_fulfilment, progressed('preparing')])
      .when({ ...commands.RequestCancellation, by: 'staff' })
      .then([{ type: 'CancellationRequested', data: { ...named, by: 'staff' } }]);
  });

  it('may be forced by the staff, and by nobody else', () => {
    const force = { ...commands.RequestCancellation, force: true };
    given(histories.in_fulfilment)
      .when({ ...force, by: 'staff' })
      .then([{ type: 'CancellationRequested', data: { ...named, by: 'staff', force: true } }]);
    given(histories.in_fulfilment).when(force).then([cancellationRequested]);
  });

  it('waits for one wish at a time, and hears each once', () => {
    given(asked)
      .when({ ...commands.RequestCancellation, cancellationId: another })
      .thenNothing();
    given([...asked, cancellationDeclined()])
      .when(commands.RequestCancellation)
      .thenNothing();
    given([...asked, cancellationDeclined()])
      .when({ ...commands.RequestCancellation, cancellationId: another })
      .then([{ type: 'CancellationRequested', data: { ...named, cancellationId: another } }]);
  });

  it('ends it when all could be stopped, and gives the money back', () => {
    given(asked)
      .when(settle({ 1: 2, 2: 2 }))
      .then([orderCancelled, refundDue(2000, 'cancelled', 'order:cancelled')]);
  });

  it('is declined when nothing could be stopped', () => {
    given(asked).when(settle({})).then([cancellationDeclined()]);
  });

  it('keeps what was stopped when the rest is declined', () => {
    given(asked)
      .when(settle({ 1: 2 }))
      .then([linesCancelled({ 1: 2 }, named), refundOf(1000, aCancellation, { 1: 2 }), cancellationDeclined()]);
  });

  it('leaves an order fulfilled that was handed over but for what was stopped', () => {
    given([...asked, linesFulfilled(unitsOf({ 1: 2 }))])
      .when(settle({ 1: 2, 2: 2 }))
      .then([linesCancelled({ 2: 2 }, named), refundOf(1000, aCancellation, { 2: 2 }), orderFulfilled]);
  });

  it('is declined when everything was handed over meanwhile', () => {
    given([...asked, linesFulfilled(), orderFulfilled])
      .when(settle({ 1: 2, 2: 2 }))
      .then([cancellationDeclined()]);
  });

  it('is settled once', () => {
    given([...asked, cancellationDeclined()])
      .when(settle({ 1: 2 }))
      .thenNothing();
    given(asked)
      .when({ ...settle({}), cancellationId: another })
      .thenRejected('NotFound', { what: 'cancellation', id: another });
  });
});

describe('cancelling lines of an order', () => {
  const byStaff = { cancellationId: another };

  it('gives back what these units cost', () => {
    given(histories.in_fulfilment)
      .when(cancelLines({ 1: 1 }))
      .then([linesCancelled({ 1: 1 }, byStaff), refundOf(500, another, { 1: 1 })]);
  });

  it('calls off what is still open where the quantities are the most', () => {
    const before = [...histories.in_fulfilment, linesCancelled({ 1: 1 }, { cancellationId: aCancellation })];
    given(before)
      .when({ ...cancelLines({ 1: 2 }), upTo: true })
      .then([linesCancelled({ 1: 1 }, byStaff), refundOf(500, another, { 1: 1 })]);
    given([...histories.in_fulfilment, linesFulfilled(unitsOf({ 1: 2 }))])
      .when({ ...cancelLines({ 1: 2 }), upTo: true })
      .thenNothing();
  });

  it('gives nothing back where nothing was paid for them yet', () => {
    const later = [...histories.awaiting_payment, { type: 'OrderConfirmed', data: { basis: 'pay_later' } } as const];
    given(later)
      .when(cancelLines({ 1: 1 }))
      .then([linesCancelled({ 1: 1 }, byStaff)]);
  });

  it('gives back what they cost besides money that was given as a favour', () => {
    given([...histories.in_fulfilment, refundDue(500, 'goodwill', 'wish:1')])
      .when(cancelLines({ 1: 2 }))
      .then([linesCancelled({ 1: 2 }, byStaff), refundOf(1000, another, { 1: 2 })]);
  });

  it('gives back no more than came, however large the favours were', () => {
    given([...histories.in_fulfilment, refundDue(1500, 'goodwill', 'wish:1')])
      .when(cancelLines({ 1: 2 }))
      .then([linesCancelled({ 1: 2 }, byStaff), refundOf(500, another, { 1: 2 })]);
  });

  it('cancels the order with its last line, and gives back what is left', () => {
    const before = [
      ...histories.in_fulfilment,
      linesCancelled({ 1: 2 }, { cancellationId: aCancellation }),
      refundOf(1000, aCancellation, { 1: 2 }),
    ];
    given(before)
      .when(cancelLines({ 2: 2 }))
      .then([
        linesCancelled({ 2: 2 }, byStaff),
        { type: 'OrderCancelled', data: { reason: 'no tuna today', by: 'staff', cancellationId: another } },
        refundDue(1000, 'cancelled', 'order:cancelled'),
      ]);
  });

  it('fulfils the order when the rest was handed over', () => {
    given([...histories.in_fulfilment, linesFulfilled(unitsOf({ 1: 2 }))])
      .when(cancelLines({ 2: 2 }))
      .then([linesCancelled({ 2: 2 }, byStaff), refundOf(1000, another, { 2: 2 }), orderFulfilled]);
  });

  it('is too late for the customer when somebody has begun', () => {
    given([...histories.in_fulfilment, progressed('preparing')])
      .when(cancelLines({ 1: 1 }, 'customer'))
      .thenRejected('CancellationWindowClosed');
  });

  it('names the lines of which less is open', () => {
    given([...histories.in_fulfilment, linesFulfilled(unitsOf({ 1: 1 }))])
      .when(cancelLines({ 1: 2, 9: 1 }))
      .thenRejected('QuantityNotAvailable', {
        lines: [
          { lineId: idOf('line', 1), wanted: 2, available: 1 },
          { lineId: idOf('line', 9), wanted: 1, available: 0 },
        ],
      });
    given(histories.in_fulfilment).when(cancelLines({})).thenRejected('NoLines');
    given(histories.in_fulfilment)
      .when(cancelLines({ 1: 0 }))
      .thenRejected('InvalidQuantity', { quantity: 0 });
  });
});
