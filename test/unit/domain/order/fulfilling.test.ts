import { order } from '../../../../src/domain/order/index.js';
import { aTicket, at, idOf } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  commands,
  fulfilmentStarted,
  histories,
  linesCancelled,
  linesFulfilled,
  orderCompleted,
  orderFulfilled,
  progressed,
} from './histories.js';

const given = specificationOf(order);
const handOver = (lines: readonly { readonly line: number; readonly qty: number }[], by: string = aTicket) =>
  ({
    type: 'RecordLinesFulfilled',
    by,
    lines: lines.map(({ line, qty }) => ({ lineId: idOf('line', line), qty })),
    how: 'handed_over',
    at,
  }) as const;
const twoOfLine1 = [{ lineId: idOf('line', 1), qty: 2 }];

describe('the fulfilment of an order', () => {
  it('starts with its ticket', () => {
    given(histories.confirmed).when(commands.StartFulfilment).then([fulfilmentStarted]);
  });

  it('cannot start anew with another ticket', () => {
    given(histories.in_fulfilment)
      .when({ type: 'StartFulfilment', tickets: [{ ticketId: idOf('ticket', 2) }], shipLines: [] })
      .thenRejected('IllegalTransition', { status: 'in_fulfilment' });
  });

  it('is wanted at another time until somebody has begun', () => {
    const { promisedAt } = commands.ChangePromise;
    const moved = { type: 'DeliveryChanged', data: { by: 'customer', promisedAt } } as const;
    given(histories.in_fulfilment).when(commands.ChangePromise).then([moved]);
    given([...histories.in_fulfilment, moved])
      .when(commands.ChangePromise)
      .thenNothing();
    given([...histories.in_fulfilment, progressed('preparing')])
      .when(commands.ChangePromise)
      .thenRejected('LineAlreadyStarted');
  });

  it('cannot be joined by another ticket later', () => {
    given(histories.in_fulfilment)
      .when({
        type: 'StartFulfilment',
        tickets: [{ ticketId: aTicket }, { ticketId: idOf('ticket', 2) }],
        shipLines: [],
      })
      .thenRejected('IllegalTransition', { status: 'in_fulfilment' });
  });

  it('records a stage when it changes', () => {
    given(histories.in_fulfilment)
      .when({ type: 'RecordProgress', stage: 'preparing' })
      .then([progressed('preparing')]);
    given([...histories.in_fulfilment, progressed('preparing')])
      .when({ type: 'RecordProgress', stage: 'preparing' })
      .thenNothing();
  });

  it('does not go back to an earlier stage that is told late', () => {
    given([...histories.in_fulfilment, progressed('ready')])
      .when({ type: 'RecordProgress', stage: 'preparing' })
      .thenNothing();
  });

  it('goes back from ready when the kitchen takes something up again, and from nowhere else', () => {
    const again = { type: 'RecordProgress', stage: 'preparing', again: true } as const;
    given([...histories.in_fulfilment, progressed('ready')])
      .when(again)
      .then([progressed('preparing')]);
    given([...histories.in_fulfilment, progressed('preparing')])
      .when(again)
      .thenNothing();
    given([...histories.in_fulfilment, progressed('in_transit')])
      .when(again)
      .thenNothing();
  });

  it('goes on while units are open', () => {
    given(histories.in_fulfilment)
      .when(handOver([{ line: 1, qty: 2 }]))
      .then([linesFulfilled(twoOfLine1)]);
  });

  it('ends with the last unit', () => {
    given([...histories.in_fulfilment, linesFulfilled(twoOfLine1)])
      .when(handOver([{ line: 2, qty: 2 }]))
      .then([linesFulfilled([{ lineId: idOf('line', 2), qty: 2 }]), orderFulfilled]);
  });

  it('counts what one ticket handed over once', () => {
    given([...histories.in_fulfilment, linesFulfilled(twoOfLine1)])
      .when(handOver([{ line: 1, qty: 2 }]))
      .thenNothing();
  });

  it('does not take a report for known that says more than the one before', () => {
    given([...histories.in_fulfilment, linesFulfilled(twoOfLine1)])
      .when(commands.RecordLinesFulfilled)
      .thenRejected('QuantityNotAvailable', { lines: [{ lineId: idOf('line', 1), wanted: 2, available: 0 }] });
  });

  it('refuses more than is open, and names the lines', () => {
    given([...histories.in_fulfilment, linesFulfilled([{ lineId: idOf('line', 1), qty: 1 }])])
      .when(
        handOver(
          [
            { line: 1, qty: 2 },
            { line: 2, qty: 2 },
            { line: 9, qty: 1 },
          ],
          idOf('ticket', 2),
        ),
      )
      .thenRejected('QuantityNotAvailable', {
        lines: [
          { lineId: idOf('line', 1), wanted: 2, available: 1 },
          { lineId: idOf('line', 9), wanted: 1, available: 0 },
        ],
      });
  });

  it('leaves out what was called off while a ticket was handed over', () => {
    const oneLess = linesCancelled({ 1: 1 });
    const report = { ...commands.RecordLinesFulfilled, openOnly: true } as const;
    const lines = [
      { lineId: idOf('line', 1), qty: 1 },
      { lineId: idOf('line', 2), qty: 2 },
    ];
    given([...histories.in_fulfilment, oneLess])
      .when(report)
      .then([linesFulfilled(lines), orderFulfilled]);
    given([...histories.in_fulfilment, oneLess, linesFulfilled(lines)])
      .when(report)
      .thenNothing();
    given([...histories.in_fulfilment, oneLess])
      .when({ ...report, lines: [{ lineId: idOf('line', 9), qty: 1 }] })
      .thenNothing();
  });

  it('adds up one line that is named twice', () => {
    given(histories.in_fulfilment)
      .when(
        handOver([
          { line: 1, qty: 2 },
          { line: 1, qty: 1 },
        ]),
      )
      .thenRejected('QuantityNotAvailable', { lines: [{ lineId: idOf('line', 1), wanted: 3, available: 2 }] });
  });

  for (const qty of [0, -1, 0.5]) {
    it(`refuses to hand over ${qty} units`, () => {
      given(histories.in_fulfilment)
        .when(handOver([{ line: 1, qty }]))
        .thenRejected('InvalidQuantity', { quantity: qty });
    });
  }

  it('has nothing to record when nothing was handed over', () => {
    given(histories.in_fulfilment).when(handOver([])).thenNothing();
    given(histories.placed).when(handOver([])).thenRejected('IllegalTransition', { status: 'placed' });
  });

  it('is followed by completion', () => {
    given(histories.fulfilled).when(commands.CompleteOrder).then([orderCompleted]);
  });
});
