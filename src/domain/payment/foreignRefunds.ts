import type { ForeignRefund } from './state.js';

/** Whether a refund that was made at the provider went, as far as is known. */
export const hasGone = ({ code }: ForeignRefund): boolean => code === undefined;
