import { expect } from 'chai';
import { payment } from '../../../../src/domain/payment/index.js';
import { at, eur, idOf, later } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  attemptFailed,
  authorized,
  captured,
  closed,
  commands,
  failed,
  histories,
  observed,
  opened,
  paid,
  processing,
  session,
  sessionCreated,
  tell,
} from './histories.js';

const given = specificationOf(payment);
const afterLater = '2024-05-04T12:20:00.000Z';

describe('opening a payment', () => {
  it('records how much is asked for which order, until when', () => {
    given([]).when(commands.OpenPayment).then([opened]);
  });

  it('of another amount under the same id is refused', () => {
    given([opened])
      .when({ ...commands.OpenPayment, amount: eur(1) })
      .thenRejected('AlreadyExists', { what: 'payment' });
  });

  it('of nothing is refused', () => {
    given([])
      .when({ ...commands.OpenPayment, amount: eur(0) })
      .thenRejected('InvalidAmount', { amount: 0 });
  });

  it('is refused when it was closed before it was opened', () => {
    given([closed]).when(commands.OpenPayment).thenRejected('PaymentAlreadyClosed', { why: 'expired' });
  });
});

describe('the session of a payment', () => {
  it('is attached once', () => {
    given([opened]).when(commands.AttachSession).then([sessionCreated]);
    given([opened, sessionCreated]).when(commands.AttachSession).thenNothing();
  });

  it('cannot be replaced while it is open', () => {
    given([opened, sessionCreated])
      .when({ type: 'AttachSession', ...session, sessionId: 'cs_2' })
      .thenRejected('SessionAlreadyOpen', { sessionId: 'cs_1' });
  });

  it('is refused once the payment is closed, so that it can be expired', () => {
    given([closed]).when(commands.AttachSession).thenRejected('PaymentAlreadyClosed', { why: 'expired' });
    given(histories.failed).when(commands.AttachSession).thenRejected('PaymentAlreadyClosed', { why: 'failed' });
  });

  it('is noted even when its capture was told first', () => {
    given([opened, captured()]).when(commands.AttachSession).then([sessionCreated]);
    given([opened, captured(), sessionCreated]).when(commands.RecordProviderState).thenNothing();
  });

  it('that cannot be made is told once for one and the same failure', () => {
    const failure = { type: 'CheckoutSessionFailed', data: { code: 'rate_limit', text: 'too many requests' } } as const;
    given([opened]).when(commands.RecordSessionFailure).then([failure]);
    given([opened, failure]).when(commands.RecordSessionFailure).thenNothing();
    given([opened, failure])
      .when({ type: 'RecordSessionFailure', code: 'amount_too_small', text: 'at least 0.50' })
      .then([{ type: 'CheckoutSessionFailed', data: { code: 'amount_too_small', text: 'at least 0.50' } }]);
  });
});

describe('the capture of a payment', () => {
  it('is recorded with what is known of it', () => {
    given(histories.ready)
      .when({ ...tell(observed({ ...paid, chargeId: 'ch_1' })), providerEventId: 'evt_1', seenBy: 'poll' })
      .then([captured({ chargeId: 'ch_1', providerEventId: 'evt_1', seenBy: 'poll' })]);
  });

  it('is accepted before our own session was recorded', () => {
    given([opened])
      .when(tell(observed(paid)))
      .then([captured()]);
  });

  it('is flagged as late when the payment was over', () => {
    given(histories.closed)
      .when(tell(observed(paid)))
      .then([captured({ late: true })]);
    given(histories.failed)
      .when(tell(observed(paid)))
      .then([captured({ late: true })]);
  });

  it('is recorded once for each intent', () => {
    given(histories.captured)
      .when(tell(observed({ ...paid, readAt: afterLater })))
      .thenNothing();
    given(histories.captured)
      .when(tell(observed({ ...paid, intentId: 'pi_2' })))
      .then([captured({ intentId: 'pi_2' })]);
  });

  it('counts although it is older than what was recorded last', () => {
    given([opened, sessionCreated, attemptFailed({ readAt: later })])
      .when(tell(observed({ ...paid, readAt: at })))
      .then([captured({ readAt: at })]);
  });

  it('does not make what was observed later look older', () => {
    const { state } = given([...histories.ready, attemptFailed({ readAt: later }), captured({ readAt: at })]);
    expect(state).to.include({ status: 'captured', observedAt: later });
  });

  it('goes by the session where the provider names no intent', () => {
    given(histories.ready)
      .when(tell(observed({ sessionStatus: 'complete', paymentStatus: 'paid' })))
      .then([captured({ intentId: 'cs_1', method: { kind: 'unknown' } })]);
  });

  for (const actual of [eur(1999), eur(2001), { amount: 2000, currency: 'USD' }]) {
    it(`never happens with ${actual.amount} ${actual.currency} instead of 2000 EUR: that is put on record, once`, () => {
      const told = tell(observed({ ...paid, amount: actual }));
      const mismatch = {
        type: 'ProviderMismatchDetected',
        data: {
          expected: eur(2000),
          actual,
          intentId: 'pi_1',
          method: 'card',
          seenBy: 'webhook',
          readAt: later,
        },
      } as const;
      given(histories.ready).when(told).then([mismatch]);
      given([...histories.ready, mismatch])
        .when(told)
        .thenNothing();
    });
  }
});

describe('a mismatch', () => {
  it('is told again for another intent, and for another amount', () => {
    const mismatch = (intentId: string, amount: number) =>
      ({
        type: 'ProviderMismatchDetected',
        data: {
          expected: eur(2000),
          actual: eur(amount),
          intentId,
          method: 'card',
          seenBy: 'webhook',
          readAt: later,
        },
      }) as const;
    const history = [...histories.ready, mismatch('pi_1', 1999)];
    for (const [intentId, amount] of [
      ['pi_2', 1999],
      ['pi_1', 1998],
    ] as const) {
      given(history)
        .when(tell(observed({ ...paid, intentId, amount: eur(amount) })))
        .then([mismatch(intentId, amount)]);
    }
  });
});

describe('what the provider says of an unpaid payment', () => {
  const declined = { code: 'card_declined', declineCode: 'insufficient_funds', attemptId: 'ch_1' };
  const firstDecline = attemptFailed({ ...declined, readAt: later });

  it('tells a declined attempt once', () => {
    given(histories.ready)
      .when(tell(observed({ lastError: declined })))
      .then([firstDecline]);
    given([...histories.ready, firstDecline])
      .when(tell(observed({ lastError: declined, readAt: afterLater })))
      .thenNothing();
  });

  it('tells the next declined attempt, also for the same reason', () => {
    const second = { ...declined, attemptId: 'ch_2' };
    given([...histories.ready, firstDecline])
      .when(tell(observed({ lastError: second, readAt: afterLater })))
      .then([attemptFailed({ ...second, readAt: afterLater })]);
  });

  it('does not take a decline that was told for the failure of the slow method that follows', () => {
    given([...histories.ready, firstDecline])
      .when(tell(observed({ sessionStatus: 'complete', lastError: declined, method: 'bank', readAt: afterLater })))
      .then([{ type: 'PaymentProcessing', data: { method: 'bank', readAt: afterLater } }]);
  });

  it('is ignored when it is an attempt that is older than what was recorded last', () => {
    given([...histories.ready, firstDecline])
      .when(tell(observed({ lastError: { ...declined, attemptId: 'ch_0' }, readAt: at })))
      .thenNothing();
  });

  it('counts when it was read in the same millisecond as what was recorded last', () => {
    const second = { ...declined, attemptId: 'ch_2' };
    given([...histories.ready, firstDecline])
      .when(tell(observed({ lastError: second, readAt: later })))
      .then([attemptFailed({ ...second, readAt: later })]);
  });

  it('counts as what comes later at the provider, although the clock of whoever read it is behind', () => {
    given([...histories.ready, firstDecline])
      .when(tell(observed({ sessionStatus: 'expired', readAt: at })))
      .then([{ type: 'PaymentClosed', data: { why: 'expired', readAt: at } }]);
    given([...histories.ready, firstDecline])
      .when(tell(observed({ sessionStatus: 'complete', lastError: declined, method: 'bank', readAt: at })))
      .then([{ type: 'PaymentProcessing', data: { method: 'bank', readAt: at } }]);
    given([opened, sessionCreated, { type: 'PaymentProcessing', data: { method: 'bank', readAt: afterLater } }])
      .when(tell(observed({ sessionStatus: 'complete', lastError: declined, readAt: at })))
      .then([{ type: 'PaymentFailed', data: { code: 'card_declined', readAt: at } }]);
  });

  it('is let go where money was held, although the clock of whoever read it is behind, and then is held no more', () => {
    const gone = observed({ sessionStatus: 'complete', held: 'released', intentId: 'pi_1' });
    const readAt = '2024-05-04T11:50:00.000Z';
    given([...histories.ready, authorized])
      .when(tell({ ...gone, readAt }))
      .then([{ type: 'PaymentVoided', data: { intentId: 'pi_1', readAt } }]);
    const letGo = { type: 'PaymentFailed', data: { code: 'released', readAt } } as const;
    given(histories.ready)
      .when(tell({ ...gone, readAt }))
      .then([letGo]);
    given([...histories.ready, letGo])
      .when(tell(observed({ sessionStatus: 'complete', held: 'authorized', intentId: 'pi_1' })))
      .thenNothing();
  });

  it('is ignored when it is about another session', () => {
    given(histories.ready)
      .when(tell(observed({ sessionStatus: 'expired', sessionId: 'cs_0' })))
      .thenNothing();
  });

  it('closes a payment whose session ran out', () => {
    given(histories.ready)
      .when(tell(observed({ sessionStatus: 'expired' })))
      .then([{ type: 'PaymentClosed', data: { why: 'expired', readAt: later } }]);
  });

  it('fails a slow payment whose session is over', () => {
    given(histories.processing)
      .when(tell(observed({ sessionStatus: 'expired' })))
      .then([{ type: 'PaymentFailed', data: { code: 'session_expired', readAt: later } }]);
  });

  it('lets the payer try again when a slow method fails and the session is open', () => {
    const declinedWhileProcessing = [...histories.processing, attemptFailed({ readAt: later })];
    given(declinedWhileProcessing)
      .when({ type: 'ClosePayment', why: 'cancelled' })
      .then([{ type: 'PaymentClosed', data: { why: 'cancelled' } }]);
    given([opened, processing, attemptFailed({ readAt: later })])
      .when(commands.AttachSession)
      .then([sessionCreated]);
  });
});

describe('closing a payment', () => {
  it('that nobody opened is recorded too', () => {
    given([])
      .when({ type: 'ClosePayment', why: 'cancelled' })
      .then([{ type: 'PaymentClosed', data: { why: 'cancelled' } }]);
  });

  it('is refused while money is on its way, or there', () => {
    given(histories.processing).when(commands.ClosePayment).thenRejected('IllegalTransition', { status: 'processing' });
    given(histories.captured).when(commands.ClosePayment).thenRejected('IllegalTransition', { status: 'captured' });
  });

  it('is true already after a failure', () => {
    given([opened, sessionCreated, processing, failed]).when(commands.ClosePayment).thenNothing();
  });

  it('does not keep a webhook for it from being recorded', () => {
    given([closed])
      .when({ ...tell(observed(paid)), orderId: idOf('order', 7) })
      .then([captured({ late: true, orderId: idOf('order', 7) })]);
  });
});
