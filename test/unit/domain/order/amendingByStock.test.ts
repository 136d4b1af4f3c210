import { expect } from 'chai';
import {
  type ExistingOrder,
  order,
  type OrderEvent,
  owedFor,
  representOrder,
} from '../../../../src/domain/order/index.js';
import { at, eur, idOf, orderLine } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import { added, amend, amended, another, requested, stateAfter } from './amendments.js';
import {
  amendmentRequested,
  anAmendment,
  cancellationRequested,
  commands,
  histories,
  linesCancelled,
  linesFulfilled,
  nextPayments,
  orderHeld,
  progressed,
  shipped,
  unitsOf,
} from './histories.js';

const given = specificationOf(order);
/** Of this only so many are in stock. */
const scarce = orderLine(3, { qty: 1 });

const waiting = amendmentRequested({ add: [scarce], drop: [], settlement: 'none' });
const declined = (change: Partial<Extract<OrderEvent, { type: 'AmendmentDeclined' }>['data']> = {}): OrderEvent => ({
  type: 'AmendmentDeclined',
  data: { amendmentId: anAmendment, cause: 'it is not in stock', ...change },
});
const settle = { ...commands.SettleAmendment, reserved: [scarce.lineId] };
const decline = { type: 'DeclineAmendment', amendmentId: anAmendment, cause: 'it is not in stock' } as const;

describe('amending an order by what has to be in stock', () => {
  it('asks for no money before the stock has answered, and leaves the order what it was', () => {
    const state = given(histories.confirmed)
      .when(amend({ add: [scarce], settlement: 'none' }))
      .then([waiting]) as ExistingOrder;
    const before = stateAfter(...histories.confirmed);
    expect([state.lines, owedFor(state), state.requested]).to.deep.equal([before.lines, owedFor(before), undefined]);
    expect(representOrder(state, 9).amendment).to.deep.equal({ id: anAmendment, state: 'pending' });
    expect(representOrder(state, 9).allowed).not.to.include('amend');
  });

  it('is carried out once all of it is set aside, and asks for the difference then', () => {
    const state = given([...histories.confirmed, waiting])
      .when(settle)
      .then([
        amended({
          changes: [{ op: 'add', lineId: scarce.lineId, after: scarce }],
          totalAfter: eur(2500),
          settlement: 'payment',
        }),
        requested(500),
      ]) as ExistingOrder;
    expect(representOrder(state, 9).amendment).to.deep.equal({ id: anAmendment, state: 'done' });
    given([...histories.confirmed, waiting])
      .when({ ...settle, reserved: [] })
      .thenRejected('LinesNotReserved', { lineIds: [scarce.lineId] });
  });

  it('is declined where something is short: the order goes on as it was, and may be amended anew', () => {
    const { shortages } = commands.DeclineAmendment;
    const state = given([...histories.confirmed, waiting])
      .when({ ...decline, shortages: shortages ?? [] })
      .then([declined({ shortages: shortages ?? [] })]) as ExistingOrder;
    expect(representOrder(state, 9).amendment).to.deep.include({ state: 'declined', shortages });
    expect(state.requested).to.equal(undefined);
    const second = idOf('amendment', 2);
    given([...histories.confirmed, waiting, declined()])
      .when(amend({ amendmentId: second, add: [scarce], settlement: 'none' }))
      .then([amendmentRequested({ amendmentId: second, add: [scarce], drop: [], settlement: 'none' })]);
  });

  it('waits for one that is asked for already', () => {
    given([...histories.confirmed, waiting])
      .when(amend({ amendmentId: idOf('amendment', 2), add: [another] }))
      .thenRejected('IllegalTransition', { status: 'confirmed' });
  });

  it('hears of each once, whatever came of it', () => {
    for (const history of [[waiting], [waiting, declined()]]) {
      given([...histories.confirmed, ...history])
        .when(amend({ add: [scarce] }))
        .thenNothing();
    }
    given([...histories.confirmed, waiting, declined()])
      .when(decline)
      .thenNothing();
    given([...histories.confirmed, waiting, declined()])
      .when(settle)
      .thenRejected('IllegalTransition');
    const done = [...histories.confirmed, waiting, amended({ changes: [added], totalAfter: eur(2500) })];
    given(done).when(settle).thenNothing();
    // what was set aside for it is not given back any more
    given(done).when(decline).thenRejected('IllegalTransition');
  });

  const gone: Readonly<Record<string, readonly OrderEvent[]>> = {
    'was cancelled': [
      ...histories.in_fulfilment,
      waiting,
      cancellationRequested,
      { type: 'OrderCancelled', data: { reason: 'no', by: 'customer' } },
    ],
    'is to be cancelled': [...histories.in_fulfilment, waiting, cancellationRequested],
    'is held': [...histories.confirmed, waiting, orderHeld({ resumeTo: 'confirmed' })],
    'was handed over': [
      ...histories.in_fulfilment,
      waiting,
      linesFulfilled(),
      { type: 'OrderFulfilled', data: { at } },
    ],
    'has left': [...shipped.dispatched.slice(0, -1), waiting, progressed('in_transit')],
  };
  for (const [what, history] of Object.entries(gone)) {
    it(`does not bring anything to an order that ${what} meanwhile`, () => {
      given(history).when(settle).thenRejected('IllegalTransition');
      given(history).when(decline).then([declined()]);
    });
  }

  it('does not take out what has gone its way meanwhile', () => {
    const exchange = amendmentRequested();
    given([...histories.in_fulfilment, exchange, linesFulfilled(unitsOf({ 1: 1 }))])
      .when(settle)
      .thenRejected('LineAlreadyStarted');
    given([...histories.confirmed, exchange, linesCancelled({ 1: 1 })])
      .when(settle)
      .thenRejected('QuantityNotAvailable');
  });

  it('asks by the next payment that nobody has asked for meanwhile', () => {
    const paid: OrderEvent = {
      type: 'PaymentApplied',
      data: {
        paymentId: nextPayments[0]!.paymentId,
        intentId: 'pi_2',
        amount: eur(500),
        capturedTotal: eur(2500),
        method: 'card',
      },
    };
    const first = idOf('amendment', 7);
    const other = orderLine(5, { qty: 1, track: false });
    const before = [
      ...histories.confirmed,
      amended({
        amendmentId: first,
        changes: [{ op: 'add', lineId: other.lineId, after: other }],
        totalAfter: eur(2500),
        settlement: 'payment',
      }),
      requested(500),
      paid,
    ];
    given([...before, waiting])
      .when(settle)
      .then([
        amended({
          changes: [{ op: 'add', lineId: scarce.lineId, after: scarce }],
          totalBefore: eur(2500),
          totalAfter: eur(3000),
          settlement: 'payment',
        }),
        requested(500, 3),
      ]);
  });
});
