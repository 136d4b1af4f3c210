import { problem } from '../problem.js';
import type { ProblemsOf } from '../refusal.js';
import { invalidField } from '../validation.js';

/** Why what a house sets up and keeps does not stand. */
export const keepingProblems = {
  InvalidSetting: ({ setting, currency, minimum, maximum, value }) =>
    invalidField(
      `/${setting}`,
      'out-of-range',
      `${currency ?? setting} must be a whole number from ${minimum} to ${maximum}, not ${value}`,
    ),
  LimitTwice: ({ currency }) => invalidField('/automaticRefundUpToIn', 'twice', `${currency} has more than one limit`),
  PauseIsOver: ({ until }) => invalidField('/until', 'out-of-range', `until must be later than now, not ${until}`),
  InvalidLocation: (refusal) => invalidField(`/${refusal.field}`, 'invalid', refusal.problem),
  InvalidOption: ({ option }) =>
    invalidField(
      '/options',
      'invalid-option',
      `of the option ${option} nobody could choose: it needs as many choices as must be taken, each with an id of its own`,
    ),
  InsufficientStock: ({ sku, wanted, available }) =>
    problem('insufficient-stock', `${sku}: ${wanted} wanted, ${available} available`, {
      extensions: { items: [{ sku, wanted, available }] },
    }),
} satisfies ProblemsOf;
