import { type Problem, problem, type ProblemError } from '../problem.js';
import type { ProblemsOf, RefusalOf } from '../refusal.js';
import { invalidField } from '../validation.js';

/** Why an order is not taken as it is. */
export const placingProblems = {
  UnknownLocation: ({ locationId }) =>
    invalidField('/locationId', 'unknown-location', `there is no location ${locationId}`),
  ModeNotOffered: ({ mode, offered }) =>
    problem('mode-not-offered', `the location does not offer ${mode}, but ${offered.join(', ')}`, {
      errors: [{ pointer: '/mode', code: 'not-offered', detail: `${mode} is not offered here` }],
      extensions: { offered },
    }),
  LineCountOutOfRange: ({ minimum, maximum, count }) =>
    invalidField('/lines', 'out-of-range', `an order has ${minimum} to ${maximum} lines, not ${count}`),
  OfferUnavailable: offerUnavailable,
  InvalidChoice: (refusal) => invalidField('/lines', 'invalid-choice', `${refusal.sku}: ${refusal.problem}`),
  TotalTooLarge: ({ maximum }) =>
    invalidField(
      '/lines',
      'too-expensive',
      `the order costs more than ${maximum.amount} minor units of ${maximum.currency}, which is the most for one order`,
    ),
  PriceChanged: ({ quote, quoted }) => {
    const { total } = quote;
    return problem('price-changed', `it comes to ${total.amount} minor units of ${total.currency} by now`, {
      errors: [
        {
          pointer: quoted === undefined ? '/priceHash' : '/quote',
          code: 'price-changed',
          detail: 'not what it comes to any more',
        },
      ],
      extensions: { quote, ...(quoted === undefined ? {} : { quoted }) },
    });
  },
  QuoteNotForThis: ({ why }) =>
    invalidField(
      '/quote',
      why,
      why === 'altered' ? 'no quote of ours has this token' : 'this quote is for another order',
    ),
  DuplicateMerchantOrderNumber: duplicateNumber,
} satisfies ProblemsOf;

const UNAVAILABLE = {
  unknown: { code: 'unknown-sku', text: 'is not in the catalogue' },
  not_on_sale: { code: 'not-on-sale', text: 'is not on sale' },
  suspended: { code: 'suspended', text: 'is not to be had' },
  not_in_this_mode: { code: 'not-in-this-mode', text: 'is not to be had in this mode' },
} as const;

function offerUnavailable({ items }: RefusalOf<'OfferUnavailable'>): Problem {
  const errors: ProblemError[] = items.flatMap(({ sku, lines, why, until }) =>
    lines.map((line) => ({
      pointer: `/lines/${line}/sku`,
      code: UNAVAILABLE[why].code,
      detail: `${sku} ${UNAVAILABLE[why].text}${until === undefined ? '' : ` until ${until}`}`,
    })),
  );
  return problem('offer-unavailable', `not on sale: ${items.map(({ sku }) => sku).join(', ')}`, {
    errors,
    extensions: { items: items.map(({ lines: _, ...item }) => item) },
  });
}

function duplicateNumber({ existing }: RefusalOf<'DuplicateMerchantOrderNumber'>): Problem {
  const url = `/v1/orders/${existing}`;
  return problem('duplicate-merchant-order-number', `another request placed it: ${url}`, {
    extensions: { existing: { id: existing, url } },
    headers: { Link: `<${url}>; rel="related"` },
  });
}
