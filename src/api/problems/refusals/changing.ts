import { problem } from '../problem.js';
import type { ProblemsOf } from '../refusal.js';
import { invalidField } from '../validation.js';

/** Why an order is not changed, or not decided on. */
export const changingProblems = {
  CancellationWindowClosed: ({ status }) =>
    problem('cancellation-window-closed', `the order is ${status} and cannot be cancelled any more`, {
      extensions: { current: status },
    }),
  QuantityNotAvailable: ({ lines }) =>
    problem('quantity-not-available', 'more is asked of a line than is still open', {
      extensions: { lines },
    }),
  LineAlreadyStarted: ({ lines }) =>
    problem('line-already-started', 'these units are being made, have left or were handed over', {
      extensions: { lines },
    }),
  NoLines: () => invalidField('/lines', 'missing', 'name at least one line'),
  HoldExpired: ({ decideBy }) =>
    problem('hold-expired', `the time to decide ends at ${decideBy}`, {
      extensions: { decideBy },
    }),
} satisfies ProblemsOf;
