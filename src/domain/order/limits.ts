/** An order has at least one line and at most this many. */
export const MAXIMUM_LINES = 100;
/** Of one thing at least one unit and at most this many. */
export const MAXIMUM_QUANTITY = 999;
