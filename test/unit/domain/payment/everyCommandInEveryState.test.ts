import { payment } from '../../../../src/domain/payment/index.js';
import { decisionTable, everywhere } from '../../../support/decisionTable.js';
import { eur } from '../../../support/fixtures.js';
import {
  aRefund,
  captureRequested,
  commands,
  disputeOpened,
  histories,
  observed,
  otherAmount,
  refundApproved,
  refundFailed,
  refundRequested,
  refundSubmitted,
  refundSucceeded,
  tell,
  voidRequested,
} from './histories.js';

const inEvery = everywhere(histories);
const illegal = '!IllegalTransition';
const over = '!PaymentAlreadyClosed';

/** Each status; a status in which one thing more is known where that changes what may follow. */
const refundWanted = [...histories.captured, refundRequested()];
const states = {
  ...histories,
  'to be captured': [...histories.authorized, captureRequested],
  'to be let go': [...histories.authorized, voidRequested],
  'refund requested': refundWanted,
  'refund approved': [...refundWanted, refundApproved()],
  'refund submitted': [...refundWanted, refundApproved(), refundSubmitted],
  'refund succeeded': [...refundWanted, refundApproved(), refundSubmitted, refundSucceeded],
  'refund failed': [...refundWanted, refundApproved(), refundSubmitted, refundFailed()],
  'refund rejected': [
    ...refundWanted,
    { type: 'RefundRejected', data: { refundId: aRefund, by: 'staff/bob', reason: 'no' } } as const,
  ],
  disputed: [...histories.captured, disputeOpened],
  'another amount came': otherAmount.came,
  'another amount goes back': [
    ...otherAmount.came,
    refundRequested({ amount: eur(1500), approval: 'auto' }),
    refundApproved('policy'),
  ],
  'another amount is held': otherAmount.held,
};
const inEveryState = everywhere(states);
const paid = {
  captured: 'nothing',
  disputed: 'nothing',
  'refund requested': 'nothing',
  'refund approved': 'nothing',
  'refund submitted': 'nothing',
  'refund succeeded': 'nothing',
  'refund failed': 'nothing',
  'refund rejected': 'nothing',
};
const asked = (cell: string) => Object.fromEntries(Object.keys(paid).map((state) => [state, cell]));

describe('a payment, every command in every state', () => {
  decisionTable(payment, states, commands, {
    OpenPayment: inEveryState('nothing', { none: 'PaymentOpened', closed: over, 'closed before it was opened': over }),
    AttachSession: inEveryState('nothing', {
      none: '!NotFound',
      opened: 'CheckoutSessionCreated',
      failed: over,
      closed: over,
      'closed before it was opened': over,
    }),
    RecordSessionFailure: inEveryState(illegal, { none: '!NotFound', opened: 'CheckoutSessionFailed' }),
    RecordProviderState: inEveryState('PaymentCaptured', { none: '!NotFound', ...paid }),
    AcceptMismatch: inEveryState(illegal, {
      none: '!NotFound',
      'another amount came': 'PaymentCaptured',
      'another amount is held': 'PaymentAuthorized',
    }),
    CapturePayment: inEveryState(illegal, {
      none: '!NotFound',
      authorized: 'CaptureRequested',
      'to be captured': 'nothing',
      ...paid,
    }),
    VoidPayment: inEveryState(illegal, {
      none: '!NotFound',
      authorized: 'VoidRequested',
      'to be let go': 'nothing',
      voided: 'nothing',
      'another amount is held': 'PaymentAuthorized + VoidRequested',
    }),
    ClosePayment: inEveryState('nothing', {
      authorized: illegal,
      'to be captured': illegal,
      'to be let go': illegal,
      none: 'PaymentClosed',
      opened: 'PaymentClosed',
      ready: 'PaymentClosed',
      processing: illegal,
      ...asked(illegal),
      'another amount came': 'PaymentClosed',
      'another amount goes back': 'PaymentClosed',
      'another amount is held': 'PaymentClosed',
    }),
    RequestRefund: inEveryState(illegal, {
      none: '!NotFound',
      ...paid,
      captured: 'RefundRequested',
      disputed: 'RefundRequested',
      'another amount came': 'RefundRequested',
      'another amount goes back': 'nothing',
    }),
    ApproveRefund: inEveryState('!NotFound', {
      ...paid,
      captured: '!NotFound',
      disputed: '!NotFound',
      'refund requested': 'RefundApproved',
      'refund rejected': illegal,
      'another amount goes back': 'nothing',
    }),
    RejectRefund: inEveryState('!NotFound', {
      ...asked(illegal),
      'another amount goes back': illegal,
      captured: '!NotFound',
      disputed: '!NotFound',
      'refund requested': 'RefundRejected',
      'refund rejected': 'nothing',
    }),
    // a refund of which nobody here knows was made elsewhere
    RecordRefundState: inEveryState('ForeignRefundRecorded', {
      none: '!NotFound',
      'refund requested': 'nothing',
      'refund approved': 'RefundSubmitted + RefundSucceeded',
      'refund submitted': 'RefundSucceeded',
      'refund succeeded': 'nothing',
      'refund failed': 'nothing',
      'refund rejected': 'nothing',
      'another amount goes back': 'RefundSubmitted + RefundSucceeded',
    }),
    RecordDispute: inEveryState('DisputeOpened', { none: '!NotFound', disputed: 'nothing' }),
  });
});

const declined = { lastError: { code: 'card_declined', declineCode: 'insufficient_funds', attemptId: 'ch_1' } };

describe('a payment, every word of the provider in every state', () => {
  const words = {
    'nothing new': observed(),
    'an attempt was declined': observed(declined),
    'complete but unpaid': observed({ sessionStatus: 'complete', method: 'bank' }),
    'complete, and the slow method failed': observed({ sessionStatus: 'complete', ...declined }),
    expired: observed({ sessionStatus: 'expired' }),
    'the money is held': observed({ sessionStatus: 'complete', held: 'authorized', intentId: 'pi_1' }),
    'too little is held': observed({
      sessionStatus: 'complete',
      held: 'authorized',
      intentId: 'pi_1',
      amount: { amount: 1, currency: 'EUR' },
    }),
    'the money was let go': observed({ sessionStatus: 'complete', held: 'released', intentId: 'pi_1' }),
    'the wrong amount': observed({
      sessionStatus: 'complete',
      paymentStatus: 'paid',
      intentId: 'pi_1',
      amount: { amount: 1999, currency: 'EUR' },
    }),
    'a second intent was paid': observed({ sessionStatus: 'complete', paymentStatus: 'paid', intentId: 'pi_2' }),
  };
  type Word = keyof typeof words;
  const expected: Record<Word, Record<keyof typeof histories, string>> = {
    'nothing new': inEvery('nothing', { none: '!NotFound' }),
    'an attempt was declined': inEvery('nothing', {
      none: '!NotFound',
      opened: 'PaymentAttemptFailed',
      ready: 'PaymentAttemptFailed',
      processing: 'PaymentAttemptFailed',
    }),
    'complete but unpaid': inEvery('nothing', {
      none: '!NotFound',
      opened: 'PaymentProcessing',
      ready: 'PaymentProcessing',
    }),
    'complete, and the slow method failed': inEvery('nothing', {
      none: '!NotFound',
      opened: 'PaymentFailed',
      ready: 'PaymentFailed',
      processing: 'PaymentFailed',
    }),
    expired: inEvery('nothing', {
      none: '!NotFound',
      opened: 'PaymentClosed',
      ready: 'PaymentClosed',
      processing: 'PaymentFailed',
    }),
    'the money is held': inEvery('PaymentAuthorized', {
      none: '!NotFound',
      authorized: 'nothing',
      captured: 'nothing',
      voided: 'nothing',
    }),
    'too little is held': inEvery('ProviderMismatchDetected', {
      none: '!NotFound',
      authorized: 'nothing',
      captured: 'nothing',
      voided: 'nothing',
      'closed before it was opened': 'PaymentAuthorized',
    }),
    'the money was let go': inEvery('nothing', {
      none: '!NotFound',
      opened: 'PaymentFailed',
      ready: 'PaymentFailed',
      processing: 'PaymentFailed',
      authorized: 'PaymentVoided',
    }),
    'the wrong amount': inEvery('ProviderMismatchDetected', {
      none: '!NotFound',
      captured: 'nothing',
      // nobody knows what was asked for, so whatever came is money to give back
      'closed before it was opened': 'PaymentCaptured',
    }),
    'a second intent was paid': inEvery('PaymentCaptured', { none: '!NotFound' }),
  };
  for (const word of Object.keys(words) as Word[]) {
    describe(`"${word}"`, () => {
      decisionTable(
        payment,
        histories,
        { RecordProviderState: tell(words[word]) },
        { RecordProviderState: expected[word] },
      );
    });
  }
});
