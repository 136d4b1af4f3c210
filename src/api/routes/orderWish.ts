import { MAX_LINES, quantity } from '../schema/amounts.js';
import { sku } from '../schema/ids.js';
import { dateTime, matching, text } from '../schema/primitives.js';
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
