import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import {
  payment,
  type Payment,
  type PaymentCommand,
  type ProviderObservation,
  type Refund,
  refundableOf,
} from '../../../src/domain/payment/index.js';
import { anOrder, aPayment, at, dueAt, eur, idOf, later } from '../../support/fixtures.js';
import { paymentArrows as arrows } from '../../support/stateMachines/arrows.js';
import { walk } from '../../support/walk.js';

const observation: fc.Arbitrary<ProviderObservation> = fc
  .record({
    sessionId: fc.constantFrom('cs_1', 'cs_2'),
    sessionStatus: fc.constantFrom('open' as const, 'complete' as const, 'expired' as const),
    paymentStatus: fc.constantFrom('paid' as const, 'unpaid' as const, 'unpaid' as const),
    amount: fc.constantFrom(eur(2000), eur(2000), eur(1999), { amount: 1999, currency: 'USD' }),
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
const told = observation.map((said): Extract<PaymentCommand, { type: 'RecordProviderState' }> => ({
  type: 'RecordProviderState',
  orderId: anOrder,
  observation: said,
  seenBy: 'poll',
}));
const refundIds = fc.constantFrom(idOf('refund', 1), idOf('refund', 1), idOf('refund', 2));
const people = fc.constantFrom('staff/ann', 'staff/bob');

/** Every command that there is, each in many shapes: one that is left out does not compile. */
const everyCommand: {
  readonly [Type in PaymentCommand['type']]: fc.Arbitrary<Extract<PaymentCommand, { type: Type }>>;
} = {
  OpenPayment: fc.constant({ type: 'OpenPayment', paymentId: aPayment, orderId: anOrder, amount: eur(2000), dueAt }),
  AttachSession: fc
    .constantFrom('1', '2')
    .map((n) => ({ type: 'AttachSession', sessionId: `cs_${n}`, url: `http://pay/${n}`, providerExpiresAt: dueAt })),
  RecordSessionFailure: fc.constant({ type: 'RecordSessionFailure', code: 'rate_limit', text: 'too many requests' }),
  RecordProviderState: told,
  AcceptMismatch: fc
    .record({
      intentId: fc.constantFrom('pi_1', 'pi_2'),
      amount: fc.constantFrom(eur(1999), eur(1999), eur(2000), { amount: 1999, currency: 'USD' }),
      by: people,
    })
    .map((wish) => ({ type: 'AcceptMismatch', ...wish })),
  CapturePayment: fc.constant({ type: 'CapturePayment', by: 'staff/ann' }),
  VoidPayment: fc.constant({ type: 'VoidPayment', by: 'staff/ann', reason: 'nobody came' }),
  ClosePayment: fc.constant({ type: 'ClosePayment', why: 'cancelled' }),
  RequestRefund: fc
    .record({
      refundId: refundIds,
      intentId: fc.constantFrom('pi_1', 'pi_1', 'pi_2', 'pi_3'),
      amount: fc.constantFrom(500, 500, 1501, 1501, 2000, 2001, 0, -1).map(eur),
      approval: fc.constantFrom('auto' as const, 'required' as const),
      requestedBy: people,
    })
    .map((wish) => ({ type: 'RequestRefund', ...wish, reason: 'goodwill', requestedAt: at })),
  ApproveRefund: fc
    .record({ refundId: refundIds, by: people, secondPersonAbove: fc.constantFrom(0, 5, 500) })
    .map((approval) => ({ type: 'ApproveRefund', ...approval, at: later })),
  RejectRefund: fc
    .record({ refundId: refundIds, by: people })
    .map((rejection) => ({ type: 'RejectRefund', ...rejection, reason: 'no' })),
  RecordRefundState: fc
    .record({
      refundId: fc.option(refundIds, { nil: undefined }),
      providerRefundId: fc.constantFrom('re_1', 're_2', undefined),
      status: fc.constantFrom(
        'pending' as const,
        'requires_action' as const,
        'succeeded' as const,
        'failed' as const,
        'canceled' as const,
      ),
    })
    .map(({ refundId, providerRefundId, status }) => ({
      type: 'RecordRefundState',
      status,
      amount: eur(500),
      ...(refundId === undefined ? {} : { refundId }),
      ...(providerRefundId === undefined ? {} : { providerRefundId }),
    })),
  RecordDispute: fc
    .constantFrom('needs_response', 'under_review', 'won', 'lost')
    .map((status) => ({ type: 'RecordDispute', disputeId: 'dp_1', amount: eur(2000), status })),
};
const anyCommand: fc.Arbitrary<PaymentCommand> = fc.oneof(...Object.values<fc.Arbitrary<PaymentCommand>>(everyCommand));
const open: PaymentCommand = { type: 'OpenPayment', paymentId: aPayment, orderId: anOrder, amount: eur(2000), dueAt };

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
          for (const { amount, accepted } of captures(after)) {
            if (expected) expect(amount).to.deep.equal(accepted ? eur(1999) : expected);
          }
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

const refunds = (state: Payment): readonly Refund[] => (state.status === 'none' ? [] : state.refunds);
const sum = (parts: readonly { readonly amount: { readonly amount: number } }[]): number =>
  parts.reduce((all, { amount }) => all + amount.amount, 0);

/** Where a refund goes from where; those of several events at once included. */
const refundArrows: Readonly<Record<Refund['state'] | 'none', readonly Refund['state'][]>> = {
  none: ['requested', 'approved'],
  requested: ['approved', 'rejected'],
  approved: ['submitted', 'succeeded', 'failed'],
  submitted: ['succeeded', 'failed'],
  succeeded: ['failed'],
  failed: [],
  rejected: [],
};

/** What came by each intent, in minor units: captured, or as another amount that nobody has accepted. */
const came = (state: Payment): ReadonlyMap<string, number> =>
  state.status === 'none'
    ? new Map()
    : new Map([
        ...state.mismatches.map(({ intentId, actual }) => [intentId, actual.amount] as const),
        ...captures(state).map(({ intentId, amount }) => [intentId, amount.amount] as const),
      ]);

/** A paid payment, perhaps paid twice, so that there is something to give back. */
const paid: readonly PaymentCommand[] = ['pi_1', 'pi_2'].map((intentId) => ({
  type: 'RecordProviderState',
  orderId: anOrder,
  observation: {
    sessionId: 'cs_1',
    sessionStatus: 'complete',
    paymentStatus: 'paid',
    amount: eur(2000),
    intentId,
    readAt: at,
  },
  seenBy: 'poll',
}));
/** Mostly about refunds of what was captured. */
const aboutRefunds = fc.oneof(
  { arbitrary: everyCommand.RequestRefund, weight: 5 },
  { arbitrary: everyCommand.ApproveRefund, weight: 5 },
  { arbitrary: everyCommand.RejectRefund, weight: 2 },
  { arbitrary: everyCommand.RecordRefundState, weight: 5 },
  { arbitrary: everyCommand.AcceptMismatch, weight: 3 },
  { arbitrary: anyCommand, weight: 3 },
);
const stories = fc
  .tuple(fc.constantFrom(1, 2, 2, 0), fc.array(aboutRefunds, { minLength: 10, maxLength: 60 }))
  .map(([captured, rest]) => [open, ...paid.slice(0, captured), ...rest]);

describe('the refunds of a payment, whatever is asked', () => {
  it('are never more than came, those on their way included, each from its own intent', () => {
    fc.assert(
      fc.property(stories, (commands) => {
        walk(payment, commands, ({ after }) => {
          const counting = refunds(after).filter(({ state }) => state !== 'failed' && state !== 'rejected');
          const money = came(after);
          for (const [intentId, amount] of money) {
            const back = sum(counting.filter((one) => one.intentId === intentId));
            expect(back, `of ${intentId}`).to.be.at.most(amount);
          }
          for (const { intentId } of counting) expect([...money.keys()]).to.include(intentId);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('made elsewhere take what can be given back, and give it back where they fail', () => {
    const left = (state: Payment): number =>
      state.status === 'none' ? 0 : sum(refundableOf(state).map((one) => ({ amount: { amount: one.left } })));
    const tell = (state: Payment, status: 'succeeded' | 'failed', amount: number): Payment => {
      const told = {
        type: 'RecordRefundState',
        providerRefundId: 're_elsewhere',
        status,
        amount: eur(amount),
      } as const;
      const decided = payment.decide(told, state);
      if (E.isLeft(decided)) throw new Error(decided.left._tag);
      return decided.right.reduce(payment.evolve, state);
    };
    fc.assert(
      fc.property(stories, fc.constantFrom(1, 500, 2000, 5000), (commands, amount) => {
        walk(payment, commands, ({ after }) => {
          const gone = tell(after, 'succeeded', amount);
          const failed = tell(gone, 'failed', amount);
          expect(left(gone)).to.be.at.most(left(after));
          expect(left(failed)).to.equal(left(after));
          const counting = refunds(failed).filter(
            ({ state, intentId }) => state !== 'failed' && state !== 'rejected' && intents(failed).includes(intentId),
          );
          expect(sum(counting) + left(failed)).to.be.at.most(sum(captures(failed)));
        });
      }),
      { numRuns: 300 },
    );
  });

  it('go their way and never back, and what has failed or was rejected is over', () => {
    fc.assert(
      fc.property(stories, (commands) => {
        walk(payment, commands, ({ before, after }) => {
          expect(refunds(after).length).to.be.at.least(refunds(before).length);
          for (const refund of refunds(after)) {
            const was = refunds(before).find(({ refundId }) => refundId === refund.refundId);
            if (was?.state !== refund.state) expect(refundArrows[was?.state ?? 'none']).to.include(refund.state);
            // what was asked for stays what was asked for
            if (was) expect(refund).to.deep.include({ amount: was.amount, intentId: was.intentId });
          }
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('go only when somebody, or the policy, let them go: above the limit not whoever asked', () => {
    fc.assert(
      fc.property(stories, (commands) => {
        walk(payment, commands, ({ command, events, after }) => {
          for (const event of events) {
            if (event.type !== 'RefundApproved') continue;
            const refund = refunds(after).find(({ refundId }) => refundId === event.data.refundId);
            if (command.type === 'ApproveRefund') {
              const alone = command.by === refund?.requestedBy;
              expect(alone && (refund?.amount.amount ?? 0) > 100 * command.secondPersonAbove).to.equal(false);
            } else expect([command.type, refund?.approval]).to.deep.equal(['RequestRefund', 'auto']);
          }
          for (const { state, approvedBy } of refunds(after)) {
            if (state === 'submitted' || state === 'succeeded') expect(approvedBy).to.be.a('string');
          }
        });
      }),
      { numRuns: 1_000 },
    );
  });
});
