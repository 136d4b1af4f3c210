import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { payment, type PaymentEvent, refundableOf, representPayment } from '../../../../src/domain/payment/index.js';
import { eur, idOf } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  aRefund,
  captured,
  commands,
  disputeOpened,
  foreignRefund,
  foreignRefundFailed,
  histories,
  refundApproved,
  refundFailed,
  refundRequested,
  refundSubmitted,
  refundSucceeded,
  wish,
} from './histories.js';

const given = specificationOf(payment);
const paid = histories.captured;
const submitted = [...paid, refundRequested(), refundApproved(), refundSubmitted];
const told = commands.RecordRefundState;
const leftOf = (history: readonly PaymentEvent[]): readonly number[] => {
  const state = fold(payment, payment.initial, history);
  return state.status === 'none' ? [] : refundableOf(state).map(({ left }) => left);
};

describe('asking for a refund', () => {
  it('is enough where no approval is needed', () => {
    given(paid)
      .when({ ...commands.RequestRefund, approval: 'auto' })
      .then([refundRequested({ approval: 'auto' }), refundApproved('policy')]);
  });

  it('is for no more than is left of what was captured, whatever is still on its way', () => {
    given([...paid, refundRequested({ refundId: idOf('refund', 2), amount: eur(1600) })])
      .when(commands.RequestRefund)
      .thenRejected('RefundExceedsCaptured', { wanted: eur(500), refundable: eur(400) });
  });

  it('is for money that failed to go back before, too', () => {
    given([...paid, refundRequested({ amount: eur(2000) }), refundApproved(), refundSubmitted, refundFailed()])
      .when({ type: 'RequestRefund', ...wish, refundId: idOf('refund', 2), amount: eur(2000) })
      .then([refundRequested({ refundId: idOf('refund', 2), amount: eur(2000) })]);
  });

  it('is for a capture that there is, in its currency', () => {
    given(paid)
      .when({ type: 'RequestRefund', ...wish, intentId: 'pi_2' })
      .thenRejected('IllegalTransition');
    given(paid)
      .when({ type: 'RequestRefund', ...wish, amount: { amount: 1, currency: 'USD' } })
      .thenRejected('CurrencyMismatch');
    given(paid)
      .when({ type: 'RequestRefund', ...wish, amount: eur(0) })
      .thenRejected('InvalidAmount');
  });
});

describe('what can be given back', () => {
  it('is told by capture, the newest first', () => {
    const twice = [...paid, captured({ intentId: 'pi_2' })];
    expect(leftOf(twice)).to.deep.equal([2000, 2000]);
    expect(leftOf([...twice, refundRequested()])).to.deep.equal([2000, 1500]);
  });

  it('is less by what was refunded elsewhere', () => {
    const foreign = (intentId?: string): PaymentEvent => ({
      type: 'ForeignRefundRecorded',
      data: { providerRefundId: 're_9', amount: eur(700), ...(intentId === undefined ? {} : { intentId }) },
    });
    expect(leftOf([...paid, foreign('pi_1')])).to.deep.equal([1300]);
    expect(leftOf([...paid, captured({ intentId: 'pi_2' }), foreign()])).to.deep.equal([1300, 2000]);
  });
});

describe('a refund that was made elsewhere', () => {
  const { refundId: _, ...unnamed } = commands.RecordRefundState;
  const told = { ...unnamed, providerRefundId: 're_9' };

  it('takes nothing from what was captured where it is of money that never counted: another amount than was asked for', () => {
    const mismatch: PaymentEvent = {
      type: 'ProviderMismatchDetected',
      data: { expected: eur(2000), actual: eur(700), intentId: 'pi_7' },
    };
    given([...histories.ready, mismatch])
      .when({ ...told, intentId: 'pi_7', amount: eur(700) })
      .then([
        { type: 'ForeignRefundRecorded', data: { providerRefundId: 're_9', amount: eur(700), intentId: 'pi_7' } },
      ]);
    const gone: PaymentEvent = {
      type: 'ForeignRefundRecorded',
      data: { providerRefundId: 're_9', amount: eur(700), intentId: 'pi_7' },
    };
    expect(leftOf([...paid, mismatch, gone])).to.deep.equal([2000]);
    given([...paid, mismatch])
      .when({ ...told, intentId: 'pi_1', amount: eur(700) })
      .then([
        { type: 'ForeignRefundRecorded', data: { providerRefundId: 're_9', amount: eur(700), intentId: 'pi_1' } },
      ]);
  });
});

describe('approving a refund', () => {
  it('takes a second person above the limit', () => {
    const approve = { ...commands.ApproveRefund, secondPersonAbove: 4 };
    given([...paid, refundRequested()])
      .when({ ...approve, by: 'staff/ann' })
      .thenRejected('SecondPersonRequired', { refundId: aRefund });
    given([...paid, refundRequested()])
      .when(approve)
      .then([refundApproved()]);
    given([...paid, refundRequested()])
      .when({ ...approve, by: 'staff/ann', secondPersonAbove: 5 })
      .then([refundApproved('staff/ann')]);
  });

  it('takes a second person for a part of what is above the limit', () => {
    const approve = { ...commands.ApproveRefund, by: 'staff/ann', secondPersonAbove: 9 };
    const part = refundRequested({ due: eur(1000) });
    given([...paid, part])
      .when(approve)
      .thenRejected('SecondPersonRequired', { refundId: aRefund });
    given([...paid, part])
      .when({ ...approve, secondPersonAbove: 10 })
      .then([refundApproved('staff/ann')]);
  });

  it('reads the limit in whole units of the currency of what goes back', () => {
    const yen = [...paid, refundRequested({ amount: { amount: 500, currency: 'JPY' } })];
    const approve = { ...commands.ApproveRefund, by: 'staff/ann' };
    given(yen)
      .when({ ...approve, secondPersonAbove: 499 })
      .thenRejected('SecondPersonRequired', { refundId: aRefund });
    given(yen)
      .when({ ...approve, secondPersonAbove: 500 })
      .then([refundApproved('staff/ann')]);
  });
});

describe('a refund at the provider', () => {
  it('is on its way at first', () => {
    given([...paid, refundRequested(), refundApproved()])
      .when({ ...told, status: 'pending' })
      .then([refundSubmitted]);
    given(submitted)
      .when({ ...told, status: 'pending' })
      .thenNothing();
  });

  it('may fail, even after it looked good, and then has failed for good', () => {
    const fails = { ...told, status: 'failed', code: 'lost_or_stolen_card' } as const;
    given(submitted).when(fails).then([refundFailed()]);
    given([...submitted, refundSucceeded])
      .when(fails)
      .then([refundFailed()]);
    given([...submitted, refundFailed()])
      .when(told)
      .thenNothing();
  });

  it('may be refused at once', () => {
    given([...paid, refundRequested(), refundApproved()])
      .when({
        type: 'RecordRefundState',
        refundId: aRefund,
        status: 'failed',
        amount: eur(500),
        code: 'charge_already_refunded',
      })
      .then([refundFailed('charge_already_refunded')]);
  });

  it('that nobody asked us for is recorded once, if money went', () => {
    const elsewhere = { type: 'RecordRefundState', providerRefundId: 're_9', amount: eur(700) } as const;
    const recorded: PaymentEvent = {
      type: 'ForeignRefundRecorded',
      data: { providerRefundId: 're_9', amount: eur(700) },
    };
    given(paid)
      .when({ ...elsewhere, status: 'succeeded' })
      .then([recorded]);
    given([...paid, recorded])
      .when({ ...elsewhere, status: 'succeeded' })
      .thenNothing();
    given(paid)
      .when({ ...elsewhere, status: 'failed' })
      .thenNothing();
  });

  it('that nobody asked us for may fail after it looked good, once and for good', () => {
    const elsewhere = { type: 'RecordRefundState', providerRefundId: 're_9', amount: eur(700) } as const;
    const failure = (code: string): PaymentEvent => ({
      type: 'ForeignRefundFailed',
      data: { providerRefundId: 're_9', amount: eur(700), code },
    });
    const known = [...paid, foreignRefund()];
    given(known)
      .when({ ...elsewhere, status: 'failed', code: 'lost_or_stolen_card' })
      .then([failure('lost_or_stolen_card')]);
    given(known)
      .when({ ...elsewhere, status: 'canceled' })
      .then([failure('canceled')]);
    for (const status of ['failed', 'canceled', 'succeeded', 'pending'] as const) {
      given([...known, failure('canceled')])
        .when({ ...elsewhere, status })
        .thenNothing();
    }
    given([...known, foreignRefund('re_8'), failure('canceled')])
      .when({ ...elsewhere, providerRefundId: 're_8', status: 'failed' })
      .then([{ type: 'ForeignRefundFailed', data: { providerRefundId: 're_8', amount: eur(700), code: 'failed' } }]);
  });

  it('that was made elsewhere and failed leaves its money to be given back', () => {
    const history = [...paid, foreignRefund(), foreignRefundFailed];
    expect(leftOf(history)).to.deep.equal([2000]);
    given(history)
      .when({ type: 'RequestRefund', ...wish, amount: eur(2000) })
      .then([refundRequested({ amount: eur(2000) })]);
    given([...paid, foreignRefund()])
      .when({ type: 'RequestRefund', ...wish, amount: eur(2000) })
      .thenRejected('RefundExceedsCaptured', { wanted: eur(2000), refundable: eur(1300) });
    expect(representPayment(fold(payment, payment.initial, history), 5)).to.deep.include({
      refundable: eur(2000),
      foreignRefunds: [{ providerRefundId: 're_9', amount: eur(700), code: 'lost_or_stolen_card' }],
    });
  });
});

describe('a dispute', () => {
  const told1 = commands.RecordDispute;

  it('is recorded with its steps and its end', () => {
    given(paid).when(told1).then([disputeOpened]);
    given([...paid, disputeOpened])
      .when({ ...told1, status: 'under_review' })
      .then([{ type: 'DisputeUpdated', data: { disputeId: 'dp_1', status: 'under_review' } }]);
    const lost: PaymentEvent = {
      type: 'DisputeClosed',
      data: { disputeId: 'dp_1', amount: eur(2000), outcome: 'lost' },
    };
    given([...paid, disputeOpened])
      .when({ ...told1, status: 'lost' })
      .then([lost]);
    given([...paid, disputeOpened, lost])
      .when(told1)
      .thenNothing();
  });

  it('that is heard of at its end only is recorded whole', () => {
    given(paid)
      .when({ type: 'RecordDispute', disputeId: 'dp_1', amount: eur(2000), status: 'won' })
      .then([
        { type: 'DisputeOpened', data: { disputeId: 'dp_1', amount: eur(2000), status: 'won' } },
        { type: 'DisputeClosed', data: { disputeId: 'dp_1', amount: eur(2000), outcome: 'won' } },
      ]);
  });
});

describe('a payment as clients see it', () => {
  it('shows what was captured, what can go back, and each refund', () => {
    const view = representPayment(fold(payment, payment.initial, [...submitted, refundSucceeded]), 6);
    expect(view).to.deep.include({ status: 'captured', captured: eur(2000), refundable: eur(1500), revision: 6 });
    expect(view?.refunds).to.have.length(1);
    expect(view?.refunds[0]).to.include({ id: aRefund, state: 'succeeded', approvedBy: 'staff/bob' });
    expect(representPayment(payment.initial, -1)).to.equal(undefined);
  });
});
