import * as t from 'io-ts';
import { LineIdCodec, SkuCodec } from '../../kernel/ids.js';
import { literals } from '../../kernel/literals.js';

/** On whose wish something happens to an order. */
export const ByCodec = literals('customer', 'staff', 'merchant', 'system');
export type By = t.TypeOf<typeof ByCodec>;

/** Units of one line. */
export const LineQtyCodec = t.type({ lineId: LineIdCodec, qty: t.number });

/** Of what there is less than is wanted. */
export const ShortageCodec = t.type({
  lineId: LineIdCodec,
  sku: SkuCodec,
  name: t.string,
  wanted: t.number,
  available: t.number,
});
export type Shortage = t.TypeOf<typeof ShortageCodec>;
