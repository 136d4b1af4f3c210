import { expect } from 'chai';
import fc from 'fast-check';
import {
  payment,
  type Payment,
  type PaymentCommand,
  type ProviderObservation,
} from '../../../src/domain/payment/index.js';
import { anOrder, aPayment, dueAt, eur } from '../../support/fixtures.js';
import { walk } from '../../support/walk.js';

const observation: fc.Arbitrary<ProviderObservation> = fc
  .record({
    sessionId: fc.constantFrom('cs_1', 'cs_2'),
    sessionStatus: fc.constantFrom('open' as const, 'complete' as const, 'expired' as const),
    paymentStatus: fc.constantFrom('paid' as const, 'unpaid' as const, 'unpaid' as const),
    amount: fc.constantFrom(eur(2000), eur(2000), eur(1999)),
    intentId: fc.constantFrom('pi_1', 'pi_2'),
    error: fc.option(
      fc.record({ code: fc.constantFrom('declined', 'expired_card'), attemptId: fc.constantFrom('ch_1', 'ch_2') }),
    ),
    minute: fc.integer({ min: 10, max: 59 }),
  })
  .map(({ error, minute, ...rest }) => ({
    ...rest,
    ...(error ? { lastError: error } : {}),
    readAt: `2024-05-04T12:${minute}:00.000Z`,
  }));
const told = observation.map((said): PaymentCommand => ({
  type: 'RecordProviderState',
  orderId: anOrder,
  observation: said,
  seenBy: 'poll',
}));
const anyCommand: fc.Arbitrary<PaymentCommand> = fc.oneof(
  fc.constantFrom<PaymentCommand>(
    { type: 'OpenPayment', paymentId: aPayment, orderId: anOrder, amount: eur(2000), dueAt },
    { type: 'AttachSession', sessionId: 'cs_1', url: 'http://pay/1', providerExpiresAt: dueAt },
    { type: 'AttachSession', sessionId: 'cs_2', url: 'http://pay/2', providerExpiresAt: dueAt },
    { type: 'RecordSessionFailure', code: 'rate_limit', text: 'too many requests' },
    { type: 'ClosePayment', why: 'cancelled' },
    { type: 'CapturePayment', by: 'staff/ann' },
    { type: 'VoidPayment', by: 'staff/ann', reason: 'nobody came' },
  ),
  told,
);
const open: PaymentCommand = { type: 'OpenPayment', paymentId: aPayment, orderId: anOrder, amount: eur(2000), dueAt };

const arrows: Readonly<Record<Payment['status'], readonly Payment['status'][]>> = {
  none: ['opened', 'closed'],
  opened: ['ready', 'processing', 'authorized', 'captured', 'failed', 'closed'],
  ready: ['processing', 'authorized', 'captured', 'failed', 'closed'],
  processing: ['opened', 'ready', 'authorized', 'captured', 'failed'],
  authorized: ['captured', 'voided'],
  captured: [],
  failed: ['authorized', 'captured'],
  voided: ['captured'],
  closed: ['authorized', 'captured'],
};

const captures = (state: Payment) => (state.status === 'none' ? [] : state.captures);
const intents = (state: Payment): string[] => captures(state).map(({ intentId }) => intentId);

describe('a payment, whatever the provider says', () => {
  it('never reaches an illegal state, and folds to the same state again', () => {
    fc.assert(
      fc.property(fc.option(fc.constant(open)), fc.array(anyCommand, { maxLength: 30 }), (first, rest) => {
        walk(payment, first ? [first, ...rest] : rest, ({ before, after }) => {
          if (after.status !== before.status) expect(arrows[before.status]).to.include(after.status);
          expect(new Set(intents(after)).size, 'one capture for each intent').to.equal(captures(after).length);
          expect(intents(after).slice(0, intents(before).length), 'captures stay').to.deep.equal(intents(before));
          const expected = after.status === 'none' ? undefined : after.opening?.amount;
          if (expected) for (const { amount } of captures(after)) expect(amount).to.deep.equal(expected);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('is captured all the same in whatever order the provider tells it, and however often', () => {
    const story = fc.array(told, { minLength: 1, maxLength: 8 }).chain((words) =>
      fc.record({
        words: fc.constant(words),
        shuffled: fc.shuffledSubarray([...words, ...words], { minLength: words.length * 2 }),
      }),
    );
    fc.assert(
      fc.property(story, ({ words, shuffled }) => {
        const straight = walk(payment, [open, ...words], () => undefined);
        const otherwise = walk(payment, [open, ...shuffled], () => undefined);
        expect(intents(otherwise).sort()).to.deep.equal(intents(straight).sort());
      }),
      { numRuns: 300 },
    );
  });

  it('is told nothing new by the same word again', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 15 }), (commands) => {
        walk(payment, [open, ...commands], ({ command, after }) => {
          const again = payment.decide(command, after);
          if (again._tag === 'Right') expect(again.right).to.deep.equal([]);
        });
      }),
    );
  });
});
