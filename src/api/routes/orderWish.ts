import { MAX_LINES, price, quantity } from '../schema/amounts.js';
import { sku } from '../schema/ids.js';
import { country } from '../schema/places.js';
import { dateTime, integer, matching, text } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { list, object } from '../schema/structures.js';

/** What quotes and orders are asked for by: articles and quantities, never a price. */
const choices = described(
  list(object({ option: text(40), choice: text(40) }), { max: MAX_LINES }),
  'What is chosen of the article, by the ids that its offer gives',
);
const LONGEST_NOTE = 200;
export const note = described(
  text(LONGEST_NOTE),
  'What whoever makes it should know: the kitchen ticket shows it. Kept encrypted, and in no other answer',
);
export const orderLines = list(object({ sku, quantity }, { options: choices, note }), { min: 1, max: MAX_LINES });
export const promisedAt = described(
  dateTime,
  'For when it is wanted, at most 30 days ahead; absent: as soon as may be',
);
export const priceHash = described(
  matching(/^[\w-]{43}$/, 'the priceHash of a quote'),
  'Stands for what the customer agreed to',
);
export const quoteToken = described(
  matching(/^[\w-]+\.[\w-]{43}$/, 'the token of a quote'),
  'By it an order is placed at the prices of the quote, while that is valid',
);
export const destination = object(
  { country: described(country, 'Where it goes') },
  { region: text(100), postalPrefix: described(text(10), 'The postal code, or how it begins') },
);
/** What somebody gives on top: one of the two. */
export const tips = {
  tip: described(price, 'Given on top, untaxed, in the currency of the order'),
  tipRateBp: described(
    integer(0, 10_000),
    'The same as a part of what the lines cost on the menu, in basis points: 1000 is 10 %. With it no `tip`',
    1000,
  ),
};

/** Which of the two is too much. */
export const oneTip = ({ tip, tipRateBp }: { readonly tip?: unknown; readonly tipRateBp?: unknown }) =>
  tip === undefined || tipRateBp === undefined
    ? undefined
    : { key: 'tipRateBp', code: 'twice', text: 'say the tip once: tip or tipRateBp' };
