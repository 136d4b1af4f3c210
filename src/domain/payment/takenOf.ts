import { equals } from '../kernel/money.js';
import type { Authorization, Mismatch } from './state.js';

/** Whether it was told of an intent's money, by when that was read, that another amount was taken of it than was held. */
export const isTakenOf = ({ intentId, amount, readAt = '' }: Authorization, told: Mismatch): boolean =>
  told.intentId === intentId && !equals(told.actual, amount) && told.readAt !== undefined && told.readAt > readAt;
