import * as t from 'io-ts';
import { PaymentIdCodec } from '../../kernel/ids.js';
import { literals } from '../../kernel/literals.js';
import { MoneyCodec } from '../../kernel/money.js';
import { LineQtyCodec } from './words.js';

const RefundReason = literals(
  'late_payment',
  'overpaid',
  'cancelled',
  'lines_cancelled',
  'return',
  'amendment',
  'goodwill',
);

/** Money goes back. */
export const refundingEvents = {
  RefundDue: {
    v: 1,
    data: t.intersection([
      t.type({
        /** The same for one cause, so that a repeat never asks for the money twice. */
        refundKey: t.string,
        amount: MoneyCodec,
        reason: RefundReason,
        approval: literals('auto', 'required'),
      }),
      t.partial({ lines: t.readonlyArray(LineQtyCodec), note: t.string }),
    ]),
  },
  RefundApplied: {
    v: 1,
    data: t.intersection([
      t.type({ paymentId: PaymentIdCodec, refundId: t.string, amount: MoneyCodec }),
      /** Made at the provider and not by us: nobody had asked the order for it. */
      t.partial({ foreign: t.boolean }),
    ]),
  },
  RefundFailedNoted: {
    v: 1,
    data: t.intersection([
      t.type({ paymentId: PaymentIdCodec, refundId: t.string, amount: MoneyCodec, code: t.string }),
      /** Foreign: made at the provider and not by us; nobody had asked the order for it. */
      t.partial({ reason: RefundReason, foreign: t.boolean }),
    ]),
  },
} as const;
