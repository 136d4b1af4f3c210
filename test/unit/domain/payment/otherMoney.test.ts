import { expect } from 'chai';
import {
  endedUnpaid,
  type ExistingPayment,
  otherMoneyOf,
  payment,
  type PaymentEvent,
  representPayment,
} from '../../../../src/domain/payment/index.js';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { dueAt, eur, idOf, later } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  accepted,
  authorized,
  captured,
  closed,
  commands,
  failed,
  histories,
  mismatch,
  observed,
  otherAmount,
  paid,
  refundApproved,
  refundFailed,
  refundRequested,
  tell,
  voidRequested,
} from './histories.js';

const given = specificationOf(payment);
const accept = commands.AcceptMismatch;
const usd = (amount: number) => ({ amount, currency: 'USD' });
const counted = captured({ amount: eur(1500), accepted });
const byHand = (amount: number): PaymentEvent => ({
  type: 'ForeignRefundRecorded',
  data: { providerRefundId: 're_9', amount: eur(amount), intentId: 'pi_1' },
});
const cameBack: PaymentEvent = {
  type: 'ForeignRefundFailed',
  data: { providerRefundId: 're_9', amount: eur(1500), code: 'lost_or_stolen_card' },
};
const heldAfterwards: PaymentEvent = {
  type: 'PaymentAuthorized',
  data: { ...(authorized as Extract<PaymentEvent, { type: 'PaymentAuthorized' }>).data, readAt: dueAt },
};
/** Somebody took less at the desk than was held for us. */
const takenInPart = [...otherAmount.held.slice(0, -1), authorized, mismatch(1500, { readAt: later })];
const noLongerHeld: PaymentEvent = { type: 'PaymentVoided', data: { intentId: 'pi_1' } };
const givenBack = [refundRequested({ amount: eur(1500), approval: 'auto' }), refundApproved('policy')];
const stateOf = (events: readonly PaymentEvent[]) => fold(payment, payment.initial, events);
const fates = (events: readonly PaymentEvent[]) => {
  const state = stateOf(events);
  return state.status === 'none' ? [] : otherMoneyOf(state).map((one) => one.state);
};

describe('another amount than was asked for, accepted', () => {
  it('is captured as it came, with who said so and why', () => {
    given(otherAmount.came).when(accept).then([counted]);
    const { reason: _, ...silently } = accept;
    given(otherAmount.came)
      .when(silently)
      .then([captured({ amount: eur(1500), accepted: { by: 'staff/ann' } })]);
  });

  it('counts also where the page was closed meanwhile, or another payment failed by it', () => {
    given([...otherAmount.came, closed])
      .when(accept)
      .then([captured({ amount: eur(1500), accepted, late: true })]);
  });

  it('is counted once, and whoever tells of it again tells nothing new', () => {
    given([...otherAmount.came, counted])
      .when(accept)
      .thenNothing();
    given([...otherAmount.came, counted])
      .when(tell(observed({ ...paid, amount: eur(1500) })))
      .thenNothing();
  });

  it('is what whoever decided was shown, and of an intent that there is', () => {
    given(otherAmount.came)
      .when({ ...accept, amount: eur(1400) })
      .thenRejected('IllegalTransition', { status: 'waits' });
    given([...otherAmount.came, mismatch(1400)])
      .when(accept)
      .thenRejected('IllegalTransition', { status: 'waits' });
    given(otherAmount.came)
      .when({ ...accept, intentId: 'pi_2' })
      .thenRejected('IllegalTransition', { status: 'ready' });
  });

  it('is never in another currency', () => {
    given([...histories.ready, mismatch(1500, { actual: usd(1500) })])
      .when({ ...accept, amount: usd(1500) })
      .thenRejected('CurrencyMismatch', { currencies: ['EUR', 'USD'] });
  });

  it('is never what has gone back, or is to, whatever came of that', () => {
    const { data } = refundRequested() as Extract<PaymentEvent, { type: 'RefundRequested' }>;
    const astray: PaymentEvent = {
      type: 'RefundFailed',
      data: { refundId: data.refundId, amount: eur(1500), code: 'lost_or_stolen_card' },
    };
    for (const back of [givenBack, [...givenBack, astray]]) {
      given([...otherAmount.came, ...back])
        .when(accept)
        .thenRejected('IllegalTransition', { status: 'goes_back' });
    }
    given([...otherAmount.came, byHand(1500)])
      .when(accept)
      .thenRejected('IllegalTransition', { status: 'gone' });
    given([...otherAmount.came, byHand(1500), cameBack])
      .when(accept)
      .then([counted]);
  });

  it('goes back once more where its refund failed, and only then', () => {
    const { data } = refundRequested() as Extract<PaymentEvent, { type: 'RefundRequested' }>;
    const astray: PaymentEvent = {
      type: 'RefundFailed',
      data: { refundId: data.refundId, amount: eur(1500), code: 'lost_or_stolen_card' },
    };
    const again = { ...data, amount: eur(1500), approval: 'auto', refundId: idOf('refund', 9) } as const;
    const wish = { type: 'RequestRefund', ...again, uncounted: true } as const;
    const approved: PaymentEvent = {
      type: 'RefundApproved',
      data: { refundId: again.refundId, by: 'policy', approvedAt: again.requestedAt },
    };
    given([...otherAmount.came, ...givenBack])
      .when(wish)
      .thenRejected('IllegalTransition', { status: 'goes_back' });
    given([...otherAmount.came, ...givenBack, astray])
      .when(wish)
      .then([{ type: 'RefundRequested', data: again }, approved]);
    given([...otherAmount.came, ...givenBack, astray, byHand(400)])
      .when(wish)
      .thenRejected('RefundExceedsCaptured');
    given([...otherAmount.came, ...givenBack, astray, byHand(1500)])
      .when(wish)
      .thenRejected('IllegalTransition', { status: 'goes_back' });
    const [first] = otherMoneyOf(stateOf([...otherAmount.came, ...givenBack, astray]) as ExistingPayment);
    expect(first).to.deep.include({ state: 'goes_back', cameBack: true, attempts: 1, left: 1500 });
  });

  it('does not go back as what nobody accepted, where somebody did in the same moment', () => {
    const { data } = refundRequested({ amount: eur(1500), approval: 'auto' }) as Extract<
      PaymentEvent,
      { type: 'RefundRequested' }
    >;
    given([...otherAmount.came, counted])
      .when({ type: 'RequestRefund', ...data, uncounted: true })
      .thenRejected('IllegalTransition', { status: 'counted' });
  });

  it('is held as it came where it is only held, and taken as it is held', () => {
    const held: PaymentEvent = {
      type: 'PaymentAuthorized',
      data: { ...(counted as Extract<PaymentEvent, { type: 'PaymentCaptured' }>).data },
    };
    given(otherAmount.held).when(accept).then([held]);
    given([...otherAmount.held, held])
      .when(tell(observed({ ...paid, amount: eur(1500) })))
      .then([captured({ amount: eur(1500) })]);
    given([...otherAmount.held, held])
      .when(tell(observed({ ...paid, amount: eur(1400) })))
      .then([mismatch(1400, { expected: eur(1500) })]);
  });
});

describe('another amount than was held, taken at the desk', () => {
  it('waits for somebody, and counts as it was taken once it is accepted', () => {
    expect(fates(takenInPart)).to.deep.equal(['waits']);
    expect(fates([...takenInPart, voidRequested])).to.deep.equal(['waits']);
    // whoever heard of it has a clock that is behind
    expect(fates([...takenInPart.slice(0, -1), mismatch(1500, { readAt: '2024-05-04T11:50:00.000Z' })])).to.deep.equal([
      'waits',
    ]);
    given(takenInPart).when(accept).then([counted]);
    expect(fates([...takenInPart, counted])).to.deep.equal(['counted']);
  });

  it('goes back as a refund, as nothing is left to let go of', () => {
    const back = { ...commands.RequestRefund, amount: eur(1500), reason: 'cancelled', approval: 'auto' } as const;
    given([...takenInPart, voidRequested])
      .when(back)
      .then([
        refundRequested({ amount: eur(1500), reason: 'cancelled', approval: 'auto' }),
        refundApproved('policy'),
        noLongerHeld,
      ]);
    expect(fates([...takenInPart, ...givenBack])).to.deep.equal(['goes_back']);
    const onceMore = { ...back, refundId: idOf('refund', 2), uncounted: true } as const;
    given([...takenInPart, ...givenBack, noLongerHeld, refundFailed()])
      .when(onceMore)
      .then([
        refundRequested({ refundId: onceMore.refundId, amount: eur(1500), reason: 'cancelled', approval: 'auto' }),
        { type: 'RefundApproved', data: { refundId: onceMore.refundId, by: 'policy', approvedAt: later } },
      ]);
  });

  it('has gone by hand: nothing is held any more, so that whoever counted on it asks for it anew', () => {
    const told = { ...commands.RecordRefundState, providerRefundId: 're_9', amount: eur(1500), intentId: 'pi_1' };
    const { refundId: _, ...foreign } = { ...told, status: 'succeeded' } as const;
    given(takenInPart)
      .when(foreign)
      .then([byHand(1500), noLongerHeld]);
    expect(endedUnpaid(stateOf([...takenInPart, byHand(1500), noLongerHeld]))).to.equal(true);
    given(takenInPart)
      .when({ ...foreign, amount: eur(500) })
      .then([byHand(500)]);
    // only what was held for us is let go of by that
    given([...otherAmount.held.slice(0, -1), authorized])
      .when({ ...foreign, amount: eur(500) })
      .then([byHand(500)]);
  });
});

describe('another amount than was asked for, not accepted', () => {
  const back = { ...commands.RequestRefund, amount: eur(1500), reason: 'cancelled', approval: 'auto' } as const;

  it('goes back, in whatever currency, and no more than came', () => {
    given(otherAmount.came)
      .when(back)
      .then([refundRequested({ amount: eur(1500), reason: 'cancelled', approval: 'auto' }), refundApproved('policy')]);
    given([...histories.ready, mismatch(1500, { actual: usd(1500) })])
      .when({ ...back, amount: usd(1500) })
      .then([refundRequested({ amount: usd(1500), reason: 'cancelled', approval: 'auto' }), refundApproved('policy')]);
    given([...otherAmount.came, byHand(300)])
      .when(back)
      .thenRejected('RefundExceedsCaptured', { refundable: eur(1200) });
  });

  it('goes back once', () => {
    given([...otherAmount.came, ...givenBack])
      .when({ ...back, refundId: idOf('refund', 2) })
      .thenRejected('IllegalTransition');
  });

  it('is let go where it is only held, and is on record as held before', () => {
    const { accepted: _, ...data } = (counted as Extract<PaymentEvent, { type: 'PaymentCaptured' }>).data;
    given(otherAmount.held)
      .when(commands.VoidPayment)
      .then([
        { type: 'PaymentAuthorized', data },
        { type: 'VoidRequested', data: { by: 'staff/ann', reason: 'nobody came' } },
      ]);
    given(otherAmount.held).when(back).thenRejected('IllegalTransition', { status: 'ready' });
  });
});

describe('what became of another amount than was asked for', () => {
  it('is told by what happened to its intent', () => {
    expect(fates(otherAmount.came)).to.deep.equal(['waits']);
    expect(fates([...otherAmount.came, counted])).to.deep.equal(['counted']);
    expect(fates([...otherAmount.came, ...givenBack])).to.deep.equal(['goes_back']);
    expect(fates([...otherAmount.came, byHand(1500)])).to.deep.equal(['gone']);
    expect(fates([...otherAmount.came, byHand(1500), cameBack])).to.deep.equal(['waits']);
    // the provider let it go by itself
    expect(fates([...otherAmount.held, failed])).to.deep.equal(['gone']);
    expect(fates([...otherAmount.held, heldAfterwards])).to.deep.equal(['counted']);
    // one for each intent, by the last word of it
    expect(fates([...otherAmount.came, mismatch(1400), mismatch(1, { intentId: 'pi_2' })])).to.deep.equal([
      'waits',
      'waits',
    ]);
  });

  it('decides whether what its payment asked for is asked for anew', () => {
    expect(endedUnpaid(stateOf([...otherAmount.came, closed]))).to.equal(false);
    expect(endedUnpaid(stateOf([...otherAmount.came, counted]))).to.equal(false);
    expect(endedUnpaid(stateOf([...otherAmount.came, ...givenBack]))).to.equal(true);
    expect(endedUnpaid(stateOf([...otherAmount.came, byHand(1500)]))).to.equal(true);
    expect(endedUnpaid(stateOf(histories.ready))).to.equal(false);
    expect(endedUnpaid(stateOf(histories.closed))).to.equal(true);
  });

  it('is shown with who accepted it; and nobody is sent to a page that was used', () => {
    const shown = (...more: readonly PaymentEvent[]) => representPayment(stateOf([...otherAmount.came, ...more]), 5);
    const [expected, actual] = [eur(2000), eur(1500)];
    expect(shown()?.mismatches).to.deep.equal([{ expected, actual, state: 'waits' }]);
    expect(shown()).not.to.have.property('link');
    expect(shown(counted)).to.deep.include({
      captured: eur(1500),
      refundable: eur(1500),
      mismatches: [{ expected, actual, state: 'counted', accepted }],
    });
    const less: PaymentEvent = {
      type: 'PaymentAuthorized',
      data: { ...(counted as Extract<PaymentEvent, { type: 'PaymentCaptured' }>).data, readAt: later },
    };
    // nobody accepted what was taken of it
    expect(shown(less, mismatch(1400, { expected: actual, readAt: dueAt }))?.mismatches).to.deep.equal([
      { expected: actual, actual: eur(1400), state: 'waits' },
    ]);
    expect(shown(...givenBack)).to.deep.include({
      captured: eur(0),
      refundable: eur(0),
      mismatches: [{ expected, actual, state: 'goes_back' }],
    });
  });
});
