import * as t from 'io-ts';
import { CancellationIdCodec } from '../../kernel/ids.js';
import { MoneyCodec } from '../../kernel/money.js';
import { ByCodec, LineQtyCodec } from './words.js';

/** An order, or units of its lines, are called off. */
export const cancellingEvents = {
  OrderCancelled: {
    v: 1,
    data: t.intersection([
      t.type({ reason: t.string, by: ByCodec }),
      t.partial({ cancellationId: CancellationIdCodec }),
    ]),
  },
  CancellationRequested: {
    v: 1,
    data: t.intersection([
      t.type({ cancellationId: CancellationIdCodec, reason: t.string, by: ByCodec }),
      /** Stop the kitchen even where it has begun. */
      t.partial({ force: t.boolean }),
    ]),
  },
  CancellationDeclined: { v: 1, data: t.type({ cancellationId: CancellationIdCodec, cause: t.string }) },
  LinesCancelled: {
    v: 1,
    data: t.intersection([
      t.type({
        /** `amount` is what these units cost, tax included. */
        lines: t.readonlyArray(t.intersection([LineQtyCodec, t.type({ amount: MoneyCodec })])),
        reason: t.string,
        by: ByCodec,
      }),
      t.partial({ cancellationId: CancellationIdCodec }),
    ]),
  },
} as const;
