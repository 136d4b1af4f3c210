import { canonicalJson } from '../kernel/canonicalJson.js';
import type { Priced } from './price.js';

/**
 * The priced order in its one spelling. Its hash is what a quote promises; line ids are left out, since a quote has
 * none.
 */
export const canonicalPrice = (priced: Priced): string =>
  canonicalJson({ ...priced, lines: priced.lines.map((line) => ({ ...line, lineId: undefined })) });

export type { Choice } from './options.js';
export { price, type Priced, type RequestedLine } from './price.js';
export type * from './rejections.js';
