import { problem } from '../problem.js';
import type { ProblemsOf, RefusalOf } from '../refusal.js';
import { invalidField } from '../validation.js';

/** Nos that any thing may say. */
export const generalProblems = {
  NotFound: ({ what, id }) =>
    problem('not-found', `there is no ${nameOf(what, id)}`, {
      extensions: { what, ...(id === undefined ? {} : { id }) },
    }),
  AlreadyExists: ({ what, id }) =>
    // whoever makes an offer, a location or stock by PUT has to say that it replaces something
    what === 'offer' || what === 'stock' || what === 'location'
      ? problem(
          'precondition-required',
          `the ${what} of ${id} exists: send If-Match with its ETag, or *, to replace it`,
        )
      : problem('already-exists', `the ${what} ${id} exists already`),
  IllegalTransition: (refusal) =>
    problem('illegal-transition', whyNotNow(refusal), {
      extensions: { current: refusal.status, allowed: refusal.allowed },
    }),
  ReasonRequired: () => invalidField('/reason', 'missing', 'a reason is required'),
  InvalidQuantity: ({ sku, minimum, maximum, quantity }) =>
    invalidField(
      '',
      'out-of-range',
      `${sku === undefined ? 'the quantity' : `the quantity of ${sku}`} must be a whole number ` +
        `from ${minimum} to ${maximum}, not ${quantity}`,
    ),
  InvalidAmount: ({ amount, currency }) =>
    invalidField('/price/amount', 'out-of-range', `${amount} ${currency} cannot stand there`),
  CurrencyMismatch: ({ currencies, of }) =>
    problem('currency-mismatch', `an order is paid in one currency, not in ${currencies.join(' and ')}`, {
      errors: [{ pointer: `/${of ?? 'lines'}`, code: 'mixed-currencies', detail: `in ${currencies.join(', ')}` }],
      extensions: { currencies },
    }),
  IdempotencyKeyReused: () =>
    problem('idempotency-key-reused', 'this Idempotency-Key came with another body: use a new one'),
  RevisionMismatch: ({ current }) =>
    problem('revision-mismatch', mismatch(current), {
      extensions: { current: current < 0 ? null : `r${current}` },
    }),
  ConcurrencyConflict: () =>
    problem('request-in-progress', 'others keep changing the same thing: try again', {
      headers: { 'Retry-After': '1' },
    }),
} satisfies ProblemsOf;

const nameOf = (what: string, id: string | undefined): string => (id === undefined ? `such ${what}` : `${what} ${id}`);

const whyNotNow = ({ status, allowed }: RefusalOf<'IllegalTransition'>): string =>
  allowed.length === 0
    ? `it is ${status}, which does not allow this`
    : `it is ${status}, which allows ${allowed.join(' and ')}, but not this`;

const mismatch = (current: number): string =>
  current < 0 ? 'it does not exist, so If-Match cannot hold' : `it stands at r${current}, not where If-Match says`;
