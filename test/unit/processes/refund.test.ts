import { expect } from 'chai';
import { refundIdOf } from '../../../src/commands/identity.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import type { OrderEvent } from '../../../src/domain/order/index.js';
import { payment, type PaymentEvent } from '../../../src/domain/payment/index.js';
import { refund } from '../../../src/processes/refund.js';
import { anOrder, aPayment, at, eur, idOf } from '../../support/fixtures.js';
import { opened } from './support/payments.js';
import { commandsOf, playEvent, refusedWith } from './support/play.js';
import { recorded } from './support/recorded.js';

const captured = (amount: number, intentId: string): PaymentEvent => ({
  type: 'PaymentCaptured',
  data: { orderId: anOrder, amount: eur(amount), intentId, method: { kind: 'card' }, seenBy: 'poll', late: false },
});
const another = idOf('payment', 2);
const paying = (...events: readonly PaymentEvent[]) => fold(payment, payment.initial, events);
const due = (amount: number) => {
  const event: OrderEvent = {
    type: 'RefundDue',
    data: { refundKey: 'k', amount: eur(amount), reason: 'cancelled', approval: 'auto' },
  };
  return recorded(`order-${anOrder}`, event, 7);
};
const of = (...payments: readonly { readonly id: typeof aPayment; readonly state: ReturnType<typeof paying> }[]) =>
  ({ of: 'order', payments }) as const;

describe('refund', () => {
  it('asks the payment for the money, by an id that follows from the cause', () => {
    const event = due(500);
    const [wish] = commandsOf(
      playEvent(refund, event, of({ id: aPayment, state: paying(opened, captured(2000, 'pi_1')) })),
      'RequestRefund',
    );
    expect(wish).to.deep.include({
      refundId: refundIdOf(aPayment, event.id),
      intentId: 'pi_1',
      amount: eur(500),
      approval: 'auto',
    });
  });

  it('takes the newest capture first, and of the newest payment', () => {
    const state = of(
      { id: another, state: paying(opened, captured(300, 'pi_3')) },
      { id: aPayment, state: paying(opened, captured(2000, 'pi_1'), captured(2000, 'pi_2')) },
    );
    expect(
      commandsOf(playEvent(refund, due(2500), state), 'RequestRefund').map(({ intentId, amount }) => [
        intentId,
        amount.amount,
      ]),
    ).to.deep.equal([
      ['pi_3', 300],
      ['pi_2', 2000],
      ['pi_1', 200],
    ]);
  });

  it('says of each part what is to go back in all', () => {
    const state = of({ id: aPayment, state: paying(opened, captured(2000, 'pi_1'), captured(2000, 'pi_2')) });
    const wholes = (amount: number) =>
      commandsOf(playEvent(refund, due(amount), state), 'RequestRefund').map(({ due: whole }) => whole);
    expect(wholes(2500)).to.deep.equal([eur(2500), eur(2500)]);
    expect(wholes(2000)).to.deep.equal([undefined]);
  });

  it('tells the order of the part that was refused alone', () => {
    const state = of({ id: aPayment, state: paying(opened, captured(2000, 'pi_1'), captured(300, 'pi_2')) });
    const rounds = playEvent(refund, due(2300), state, (step) =>
      step.kind === 'payment' && step.name === 'request pi_2'
        ? refusedWith({ _tag: 'RefundExceedsCaptured' })
        : undefined,
    );
    expect(commandsOf(rounds, 'RecordRefund').map(({ amount }) => amount)).to.deep.equal([eur(300)]);
  });

  it('tells the order what nobody can give back', () => {
    const gone: PaymentEvent = {
      type: 'ForeignRefundRecorded',
      data: { providerRefundId: 're_9', amount: eur(1800), intentId: 'pi_1' },
    };
    const state = of({ id: aPayment, state: paying(opened, captured(2000, 'pi_1'), gone) });
    const rounds = playEvent(refund, due(2000), state);
    expect(commandsOf(rounds, 'RequestRefund').map(({ amount }) => amount.amount)).to.deep.equal([200]);
    expect(commandsOf(rounds, 'RecordRefund')).to.have.length(1);
    expect(commandsOf(rounds, 'RecordRefund')[0]).to.deep.include({ outcome: 'failed', amount: eur(1800) });
  });

  it('tells the order when others were faster', () => {
    const state = of({ id: aPayment, state: paying(opened, captured(2000, 'pi_1')) });
    const rounds = playEvent(refund, due(500), state, (step) =>
      step.kind === 'payment' ? refusedWith({ _tag: 'RefundExceedsCaptured' }) : undefined,
    );
    expect(commandsOf(rounds, 'RecordRefund')[0]).to.deep.include({ outcome: 'failed', amount: eur(500) });
  });

  it('tells the order how a refund ended', () => {
    const refundId = idOf('refund', 1);
    const asked: PaymentEvent = {
      type: 'RefundRequested',
      data: {
        refundId,
        intentId: 'pi_1',
        amount: eur(500),
        reason: 'goodwill',
        approval: 'auto',
        requestedBy: 'staff/ann',
        requestedAt: at,
      },
    };
    const state = { of: 'payment', state: paying(opened, captured(2000, 'pi_1'), asked) } as const;
    const told = (event: PaymentEvent) =>
      commandsOf(playEvent(refund, recorded(`payment-${aPayment}`, event, 4), state), 'RecordRefund')[0];
    expect(told({ type: 'RefundSucceeded', data: { refundId, amount: eur(500) } })).to.deep.include({
      outcome: 'succeeded',
      refundId,
    });
    expect(told({ type: 'RefundFailed', data: { refundId, amount: eur(500), code: 'lost' } })).to.deep.include({
      outcome: 'failed',
      code: 'lost',
      reason: 'goodwill',
    });
    expect(told({ type: 'RefundRejected', data: { refundId, by: 'staff/bob', reason: 'no' } })).to.deep.include({
      outcome: 'failed',
      code: 'rejected',
    });
    expect(
      told({ type: 'ForeignRefundRecorded', data: { providerRefundId: 're_9', amount: eur(100) } }),
    ).to.deep.include({ outcome: 'succeeded', refundId: 're_9', foreign: true });
    expect(
      told({ type: 'ForeignRefundFailed', data: { providerRefundId: 're_9', amount: eur(100), code: 'lost' } }),
    ).to.deep.equal({
      type: 'RecordRefund',
      paymentId: aPayment,
      refundId: 're_9',
      amount: eur(100),
      outcome: 'failed',
      code: 'lost',
      foreign: true,
    });
  });
});
