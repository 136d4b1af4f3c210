import * as t from 'io-ts';
import { ReturnIdCodec } from '../../kernel/ids.js';
import { literals } from '../../kernel/literals.js';
import { ByCodec, LineQtyCodec } from './words.js';

/** Whether what came back can be sold again. */
const ReturnConditionCodec = literals('sellable', 'damaged');

/** What was handed over comes back. */
export const returningEvents = {
  /** Units that were handed over are back with us. */
  LinesReturned: {
    v: 1,
    data: t.intersection([
      t.type({
        returnId: ReturnIdCodec,
        lines: t.readonlyArray(t.intersection([LineQtyCodec, t.type({ condition: ReturnConditionCodec })])),
        by: ByCodec,
      }),
      t.partial({ reason: t.string }),
    ]),
  },
} as const;
