import { problem } from '../problem.js';
import type { ProblemsOf } from '../refusal.js';

/** What became of another amount than was asked for. */
const BECAME = {
  none: 'is what was asked for, if anything',
  waits: 'waits for a decision, but not for this one',
  counted: 'counts already',
  goes_back: 'goes back already',
  gone: 'has gone back already',
} as const;

/** Why money is not asked for, does not count, or does not go back. */
export const payingProblems = {
  PayLaterNotOffered: () => problem('mode-not-offered', 'the location does not let its customers pay afterwards'),
  NothingDue: () => problem('nothing-due', 'nothing is left to pay for this order'),
  PaidInAnotherCurrency: ({ paid, currency }) =>
    problem(
      'paid-in-another-currency',
      `${paid.amount} minor units of ${paid.currency} were paid for an order in ${currency}: that cannot count; reject it, and it goes back`,
      {
        errors: [{ pointer: '/decision', code: 'paid-in-another-currency', detail: `paid in ${paid.currency}` }],
        extensions: { currencies: [currency, paid.currency], paid },
      },
    ),
  DecidedByItsOrder: ({ orderId, status }) => {
    const where = `/v1/orders/${orderId}/hold/resolution`;
    return problem('illegal-transition', `the order is ${status}: decide on it, once it is held, by POST ${where}`, {
      extensions: { current: status, allowed: [] },
    });
  },
  NothingToDecide: ({ paymentId, became }) => {
    const now = became ?? 'none';
    return problem('illegal-transition', `there is nothing to decide on: what came by ${paymentId} ${BECAME[now]}`, {
      extensions: { current: now, allowed: [] },
    });
  },
  MoneyUndecided: ({ paymentId, current }) =>
    problem(
      'illegal-transition',
      `another amount than was asked for waits for a decision, which is what is to be done: decide on its order's hold, or, where ` +
        `that is not held, by POST /v1/payments/${paymentId}/mismatch/resolution`,
      { extensions: { current, allowed: [] } },
    ),
  RefundExceedsCaptured: ({ refundable }) =>
    problem(
      'refund-exceeds-captured',
      `at most ${refundable.amount} minor units of ${refundable.currency} can go back`,
      { extensions: { refundable } },
    ),
  SecondPersonRequired: ({ refundId }) =>
    problem('four-eyes', `so much takes a second person: whoever asked for ${refundId} cannot approve it`),
} satisfies ProblemsOf;
