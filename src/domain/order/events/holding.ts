import * as t from 'io-ts';
import { PaymentIdCodec, SkuCodec } from '../../kernel/ids.js';
import { literals } from '../../kernel/literals.js';
import { MoneyCodec } from '../../kernel/money.js';
import { ByCodec } from './words.js';

/** Somebody has to decide on an order, and does. */
export const holdingEvents = {
  OrderHeld: {
    v: 1,
    data: t.intersection([
      t.type({
        kind: literals('review', 'shortage', 'mismatch', 'manual'),
        detail: t.string,
        /** RFC 3339; undecided by then, the order is rejected. */
        decideBy: t.string,
        resumeTo: literals('placed', 'awaiting_payment', 'confirmed'),
      }),
      t.partial({
        /** Articles that are suspended, each as its offer stood at a revision of its stream. */
        soldOut: t.readonlyArray(t.type({ sku: SkuCodec, revision: t.number })),
      }),
    ]),
  },
  OrderHoldResolved: {
    v: 1,
    data: t.intersection([
      t.type({ decision: literals('accept', 'reject', 'amend'), by: ByCodec }),
      t.partial({
        /** Until when an order that goes on waiting for its payment can be paid now. */
        paymentDueAt: t.string,
        /** What came as another amount than was asked for, and counts by this decision; and why, where somebody said so. */
        money: t.readonlyArray(t.type({ paymentId: PaymentIdCodec, intentId: t.string, amount: MoneyCodec })),
        reason: t.string,
        /** Who asks twice by the same name has decided once. */
        resolutionId: t.string,
      }),
    ]),
  },
} as const;
