import { problem } from '../problem.js';
import type { ProblemsOf } from '../refusal.js';
import { invalidField } from '../validation.js';

/** Why an order is not taken for then, or not brought there. */
export const whenAndWhereProblems = {
  LocationClosed: ({ opensAt }) => {
    const next = opensAt === undefined ? '' : `: it opens at ${opensAt}`;
    return problem('location-closed', `the location is closed then${next}`, {
      ...(opensAt === undefined ? {} : { extensions: { opensAt } }),
    });
  },
  OrderingIsPaused: ({ reason, until }) =>
    problem('ordering-paused', `no orders are taken${until === undefined ? '' : ` until ${until}`}: ${reason}`, {
      ...(until === undefined ? {} : { extensions: { until } }),
    }),
  KitchenFull: ({ promisedAt, next }) =>
    problem('kitchen-full', `the kitchen cannot make it by ${promisedAt}; it could be ready at ${next}`, {
      errors: [{ pointer: '/promisedAt', code: 'kitchen-full', detail: `it could be ready at ${next}` }],
      extensions: { next },
    }),
  PromiseOutOfRange: ({ earliest, latest }) =>
    invalidField('/promisedAt', 'out-of-range', `promisedAt must be from ${earliest} to ${latest}`),
  AddressNotServed: ({ why }) => {
    const [code, detail] =
      why === 'costs-more'
        ? ['costs-more', 'to bring it there costs more than was agreed']
        : ['not-served', 'nobody brings anything there'];
    return problem('address-not-served', detail, { errors: [{ pointer: '/address/postalCode', code, detail }] });
  },
  PlaceUnknown: () =>
    invalidField('/address/postalCode', 'missing', 'say where it is brought to: what it costs depends on it'),
  OrderBelowMinimum: ({ minimum, missing }) =>
    problem(
      'minimum-not-met',
      `what is brought there comes to at least ${minimum.amount} minor units of ${minimum.currency}: ${missing.amount} are missing`,
      {
        errors: [{ pointer: '/lines', code: 'minimum-not-met', detail: `${missing.amount} are missing` }],
        extensions: { minimum, missing },
      },
    ),
} satisfies ProblemsOf;
