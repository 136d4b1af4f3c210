import { money } from './amounts.js';
import { locationId, orderId, revision, sku } from './ids.js';
import { dateTime, integer, oneOf, text } from './primitives.js';
import { described, named } from './schema.js';
import { object } from './structures.js';

const HIGHEST_STOCK = 1_000_000_000;

export const onHand = described(integer(0, HIGHEST_STOCK), 'Units on the shelf, counted', 10);
export const difference = described(integer(-HIGHEST_STOCK, HIGHEST_STOCK), 'Units more, or less below 0', -2);
export const unit = described(text(20), 'What one unit is; absent: a piece', 'kg');
/** What is promised of a shelf, and from when on it is low. */
const units = integer(0, HIGHEST_STOCK);
export const stockPolicy = {
  threshold: described(units, 'With so many units left to promise, or fewer, it is low'),
  safety: described(units, 'Units that are never promised'),
  backorderLimit: described(units, 'How many units may be promised beyond what is there'),
};
export const stockUnits = described(integer(1, HIGHEST_STOCK), 'Units', 12);

export const stockAnswer = named(
  'Stock',
  object(
    {
      sku,
      locationId,
      onHand: integer(0),
      reserved: integer(0),
      available: described(
        integer(Number.MIN_SAFE_INTEGER),
        'On hand, less what is reserved and what is never promised (safety)',
      ),
      revision,
    },
    { unit },
  ),
);

export const stockMovementAnswer = named(
  'StockMovement',
  object(
    {
      revision,
      kind: oneOf(
        'registered',
        'received',
        'adjusted',
        'transferred_out',
        'transferred_in',
        'returned',
        'written_off',
        'reserved',
        'released',
        'consumed',
      ),
      quantity: described(integer(Number.MIN_SAFE_INTEGER), 'How many; below zero where a count found fewer'),
      at: dateTime,
      by: described(text(200), 'Who did it', 'admin/local'),
    },
    {
      ref: text(100),
      cost: described(money, 'What all of it cost'),
      reason: text(200),
      orderId,
      from: locationId,
      to: locationId,
    },
  ),
);
