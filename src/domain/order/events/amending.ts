import * as t from 'io-ts';
import { AmendmentIdCodec, LineIdCodec } from '../../kernel/ids.js';
import { literals } from '../../kernel/literals.js';
import { MoneyCodec } from '../../kernel/money.js';
import { OrderLineCodec } from './line.js';
import { ByCodec, LineQtyCodec, ShortageCodec } from './words.js';

/** One change of an amendment. Another quantity, or another choice, of what is there is a line of its own. */
const AmendmentChangeCodec = t.union([
  t.type({ op: t.literal('add'), lineId: LineIdCodec, after: OrderLineCodec }),
  t.type({
    op: t.literal('drop'),
    lineId: LineIdCodec,
    /** Units that were wanted, and that are by now. */
    before: t.number,
    after: t.number,
    /** What the units between cost, tax included. */
    amount: MoneyCodec,
  }),
]);

/** Lines come and go after the order was confirmed. */
export const amendingEvents = {
  /** Lines are to come and go as soon as there is stock for what comes. Until then the order is what it was. */
  AmendmentRequested: {
    v: 1,
    data: t.type({
      amendmentId: AmendmentIdCodec,
      add: t.readonlyArray(OrderLineCodec),
      drop: t.readonlyArray(LineQtyCodec),
      /** What becomes of what was paid too much. */
      settlement: literals('refund', 'none'),
      by: ByCodec,
    }),
  },
  /** Nothing comes of it: the order stays what it was. */
  AmendmentDeclined: {
    v: 1,
    data: t.intersection([
      t.type({ amendmentId: AmendmentIdCodec, cause: t.string }),
      /** What is not there, where that is the cause. */
      t.partial({ shortages: t.readonlyArray(ShortageCodec) }),
    ]),
  },
  /** Lines come and go after the order was confirmed. */
  OrderAmended: {
    v: 1,
    data: t.type({
      amendmentId: AmendmentIdCodec,
      changes: t.readonlyArray(AmendmentChangeCodec),
      /** What the order costs without what was cancelled. */
      totalBefore: MoneyCodec,
      totalAfter: MoneyCodec,
      /** Whether the difference is asked for, given back, or left as it is. */
      settlement: literals('payment', 'refund', 'none'),
      by: ByCodec,
    }),
  },
} as const;
