import { payment } from '../../../../src/domain/payment/index.js';
import { decisionTable, everywhere } from '../../../support/decisionTable.js';
import { commands, histories, observed, tell } from './histories.js';

const inEvery = everywhere(histories);
const illegal = '!IllegalTransition';
const over = '!PaymentAlreadyClosed';

describe('a payment, every command in every state', () => {
  decisionTable(payment, histories, commands, {
    OpenPayment: inEvery('nothing', { none: 'PaymentOpened', closed: over, 'closed before it was opened': over }),
    AttachSession: inEvery('nothing', {
      none: '!NotFound',
      opened: 'CheckoutSessionCreated',
      failed: over,
      closed: over,
      'closed before it was opened': over,
    }),
    RecordSessionFailure: inEvery(illegal, { none: '!NotFound', opened: 'CheckoutSessionFailed' }),
    RecordProviderState: inEvery('PaymentCaptured', { none: '!NotFound', captured: 'nothing' }),
    ClosePayment: inEvery('nothing', {
      none: 'PaymentClosed',
      opened: 'PaymentClosed',
      ready: 'PaymentClosed',
      processing: illegal,
      captured: illegal,
    }),
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
