import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { order, type OrderEvent } from '../../../../src/domain/order/index.js';
import { payment, type PaymentEvent, type ProviderObservation } from '../../../../src/domain/payment/index.js';
import type { Task } from '../../../../src/domain/task/index.js';
import type { Related } from '../../../../src/processes/engine/related.js';
import type { BookedRefund, ProviderBooks } from '../../../../src/processes/ports/providerBooks.js';
import type { Finding } from '../../../../src/processes/reconciliation/finding.js';
import {
  missingOfDispute,
  missingOfRefund,
  missingOfSession,
  moneyFindings,
  type MoneyParts,
  refundFindings,
} from '../../../../src/processes/reconciliation/money.js';
import { anOrder, aPayment, eur } from '../../../support/fixtures.js';
import {
  aRefund,
  captured,
  captureRequested,
  disputeOpened,
  foreignRefund,
  histories,
  observed,
  otherAmount,
  paid,
  refundApproved,
  refundRequested,
  refundSubmitted,
  refundSucceeded,
} from '../../domain/payment/histories.js';
import { histories as orders, orderHeld, paymentApplied } from '../../domain/order/histories.js';
import { recorded } from '../support/recorded.js';

const after = (...events: readonly PaymentEvent[]) => fold(payment, payment.initial, events);
const session = (change: Partial<ProviderObservation> = {}) => ({
  paymentId: aPayment,
  orderId: anOrder,
  observation: observed(change),
});
const held = { sessionStatus: 'complete', held: 'authorized', intentId: 'pi_1' } as const;

describe('what the provider has in its books and we have not', () => {
  it('is a session that was paid and whose webhook got lost: its own word mends it', () => {
    const [finding, ...more] = missingOfSession(session(paid), after(...histories.ready));
    expect(more).to.deep.equal([]);
    expect(finding?.text).to.equal('session cs_1 is not recorded: PaymentCaptured');
    expect(finding?.mend).to.deep.include({ kind: 'payment', stream: `payment-${aPayment}` });
    expect(finding?.mend?.command).to.deep.include({ type: 'RecordProviderState', seenBy: 'reconcile' });
  });

  it('is nothing where the payment knows it, and while nobody has paid', () => {
    expect(missingOfSession(session(paid), after(...histories.captured))).to.deep.equal([]);
    expect(missingOfSession(session(), after(...histories.ready))).to.deep.equal([]);
    expect(missingOfSession(session(held), after(...histories.authorized))).to.deep.equal([]);
  });

  it('is money for a payment that nobody opened: somebody has to look at it', () => {
    const [finding] = missingOfSession(session(paid), after());
    expect(finding?.text).to.equal('the provider has money by session cs_1');
    expect(finding).not.to.have.property('mend');
    expect(missingOfSession(session(), after())).to.deep.equal([]);
  });

  it('is money that is held although the provider was asked to take it', () => {
    const [finding] = missingOfSession(session(held), after(...histories.authorized, captureRequested));
    expect(finding?.text).to.equal('the provider was asked to take what it holds, and holds it still');
    expect(finding).not.to.have.property('mend');
  });

  it('is a refund that stands otherwise, or was made elsewhere', () => {
    const refund = {
      paymentId: aPayment,
      refundId: aRefund,
      providerRefundId: 're_1',
      intentId: 'pi_1',
      status: 'succeeded',
      amount: eur(500),
    } as const;
    const approved = after(...histories.captured, refundRequested(), refundApproved());
    expect(missingOfRefund(refund, approved)[0]?.text).to.equal(
      'refund re_1 is not recorded: RefundSubmitted + RefundSucceeded',
    );
    const { refundId: _, ...foreign } = refund;
    expect(missingOfRefund(foreign, after(...histories.captured))[0]?.text).to.equal(
      'refund re_1 is not recorded: ForeignRefundRecorded',
    );
    const elsewhere = { ...foreign, providerRefundId: 're_9', status: 'failed', code: 'lost' } as const;
    expect(missingOfRefund(elsewhere, after(...histories.captured, foreignRefund()))[0]?.text).to.equal(
      'refund re_9 is not recorded: ForeignRefundFailed',
    );
    expect(missingOfRefund(elsewhere, after(...histories.captured))).to.deep.equal([]);
  });

  it('is a dispute that nobody heard of, and none that is known', () => {
    const dispute = { paymentId: aPayment, disputeId: 'dp_1', amount: eur(2000), status: 'needs_response' };
    expect(missingOfDispute(dispute, after(...histories.captured))[0]?.text).to.equal(
      'dispute dp_1 is not recorded: DisputeOpened',
    );
    expect(missingOfDispute(dispute, after(...histories.captured, disputeOpened))).to.deep.equal([]);
  });
});

describe('another amount than was asked for, on which nobody is to decide any more', () => {
  const money = [{ paymentId: aPayment, intentId: 'pi_1', amount: eur(1500) }];
  const held = orderHeld({ kind: 'mismatch', resumeTo: 'awaiting_payment' });
  const goesOn: OrderEvent = { type: 'OrderHoldResolved', data: { decision: 'accept', by: 'staff', money } };
  async function found(
    orders: readonly OrderEvent[],
    payments: readonly PaymentEvent[],
    now: string,
    asked: Task['status'] = 'none',
  ) {
    const listed = async function* <Item>(...items: readonly Item[]) {
      yield* await Promise.resolve(items);
    };
    const told = session({ ...paid, amount: eur(1500) });
    const parts: MoneyParts = {
      books: { sessions: () => listed(told), refunds: () => listed(), disputes: () => listed() },
      related: {
        latest: (_: unknown, stream: string) =>
          Promise.resolve(
            stream.startsWith('task')
              ? { status: asked }
              : stream.startsWith('order')
                ? fold(order, order.initial, orders)
                : after(...payments),
          ),
      } as unknown as Related,
      history: (stream) =>
        Promise.resolve(
          (stream.startsWith('order') ? orders : payments).map((event, revision) => recorded(stream, event, revision)),
        ),
    };
    const all: (string | undefined)[] = [];
    for await (const { again } of moneyFindings(parts, now, now)) {
      all.push(again && `${again.process} ${again.recorded.event.type}`);
    }
    return all;
  }
  const [soon, long] = ['2024-05-04T12:10:00.000Z', '2024-05-04T12:30:00.000Z'];

  it('is heard of again where it was accepted and does not count, or its order is over and it does not go back', async () => {
    const resumed = [...orders.awaiting_payment, held, goesOn];
    expect(await found(resumed, otherAmount.came, long)).to.deep.equal(['confirming OrderHoldResolved']);
    expect(await found(orders.expired, otherAmount.came, long)).to.deep.equal(['confirming ProviderMismatchDetected']);
  });

  it('is heard of again where its order goes on without it and nobody was ever asked to decide', async () => {
    expect(await found(orders.in_fulfilment, otherAmount.came, long)).to.deep.equal(['tasks ProviderMismatchDetected']);
    expect(await found(orders.in_fulfilment, otherAmount.came, soon)).to.deep.equal([]);
    for (const asked of ['open', 'done'] as const) {
      expect(await found(orders.in_fulfilment, otherAmount.came, long, asked)).to.deep.equal([]);
    }
  });

  it('is left alone for a while, while somebody is to decide, and where it counts or goes back', async () => {
    const resumed = [...orders.awaiting_payment, held, goesOn];
    expect(await found(resumed, otherAmount.came, soon)).to.deep.equal([]);
    expect(await found([...orders.awaiting_payment, held], otherAmount.came, long)).to.deep.equal([]);
    const applied = [...resumed, paymentApplied(1500)];
    expect(await found(applied, [...otherAmount.came, captured({ amount: eur(1500) })], long)).to.deep.equal([]);
    const back = [...otherAmount.came, refundRequested({ amount: eur(1500) })];
    expect(await found(orders.expired, back, long)).to.deep.equal([]);
  });
});

describe('money that has been on its way back for long', () => {
  const booked = { paymentId: aPayment, refundId: aRefund, providerRefundId: 're_1', intentId: 'pi_1' } as const;
  const failure = { ...booked, status: 'failed', amount: eur(500), code: 'lost_or_stolen_card' } as const;
  const nothing = async function* () {};
  const now = '2024-05-04T13:00:00.000Z';
  async function found(state: ReturnType<typeof after>, refunds: readonly BookedRefund[]) {
    const asked: string[] = [];
    const books: ProviderBooks = {
      sessions: nothing,
      charges: nothing,
      refunds: nothing,
      disputes: nothing,
      makeRefund: () => Promise.reject(new Error('looking makes nothing')),
      refundsOf: (paymentId, intentId) => {
        asked.push(`${paymentId} ${intentId}`);
        return Promise.resolve(refunds);
      },
    };
    const related = { latest: () => Promise.resolve(state) } as unknown as Related;
    const findings: Finding[] = [];
    const leftovers = { refundsUnderWay: () => Promise.resolve([aPayment]) };
    for await (const finding of refundFindings(books, leftovers, related, now)) findings.push(finding);
    return { asked, findings };
  }
  const submitted = after(...histories.captured, refundRequested(), refundApproved(), refundSubmitted);

  it('is asked for, and its end recorded, although the webhook that told it got lost', async () => {
    const { asked, findings } = await found(submitted, [failure]);
    expect(asked).to.deep.equal([`${aPayment} pi_1`]);
    expect(findings.map(({ text }) => text)).to.deep.equal(['refund re_1 is not recorded: RefundFailed']);
    expect(findings[0]?.mend?.command).to.deep.include({
      type: 'RecordRefundState',
      refundId: aRefund,
      status: 'failed',
    });
  });

  it('is left alone while the provider says nothing new', async () => {
    expect((await found(submitted, [{ ...booked, status: 'pending', amount: eur(500) }])).findings).to.deep.equal([]);
  });

  it('is asked for no more once it has ended', async () => {
    const ended = after(...histories.captured, refundRequested(), refundApproved(), refundSubmitted, refundSucceeded);
    expect((await found(ended, [])).asked).to.deep.equal([]);
  });

  describe('and was approved, but never asked of the provider', () => {
    const approvedAt = (at: string, requestedAt = '2024-05-04T09:00:00.000Z'): PaymentEvent[] => [
      ...histories.captured,
      refundRequested({ requestedAt }),
      { type: 'RefundApproved', data: { refundId: aRefund, by: 'staff/bob', approvedAt: at } },
    ];

    it('is to be made, however long ago it was asked for', async () => {
      const { findings } = await found(after(...approvedAt('2024-05-04T12:44:59.999Z')), []);
      expect(findings.map(({ about, text, refund }) => ({ about, text, refund }))).to.deep.equal([
        {
          about: { paymentId: aPayment, refundId: aRefund, orderId: anOrder },
          text: `refund ${aRefund} was approved at 2024-05-04T12:44:59.999Z, and the provider was never asked for it`,
          refund: {
            refundId: aRefund,
            paymentId: aPayment,
            orderId: anOrder,
            intentId: 'pi_1',
            requestedAt: '2024-05-04T09:00:00.000Z',
            amount: eur(500),
          },
        },
      ]);
    });

    it('is to be made too where it was not written down when it was approved', async () => {
      const state = after(...histories.captured, refundRequested({ requestedAt: '2024-05-04T12:00:00.000Z' }), {
        type: 'RefundApproved',
        data: { refundId: aRefund, by: 'policy' },
      });
      expect((await found(state, [])).findings.map(({ refund }) => refund?.refundId)).to.deep.equal([aRefund]);
    });

    it('has a quarter of an hour to get there', async () => {
      expect((await found(after(...approvedAt('2024-05-04T12:45:00.000Z')), [])).findings).to.deep.equal([]);
    });

    it('is not made twice: what the provider has of it is only recorded', async () => {
      const state = after(...approvedAt('2024-05-04T12:00:00.000Z'));
      const { findings } = await found(state, [{ ...booked, status: 'pending', amount: eur(500) }]);
      expect(findings.map(({ text, refund }) => [text, refund])).to.deep.equal([
        ['refund re_1 is not recorded: RefundSubmitted', undefined],
      ]);
    });
  });
});
