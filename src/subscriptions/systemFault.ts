/**
 * Whether an error is a fault of a system (store, database, broker, provider) rather than of the thing handled.
 * Errors that carry `isSystemFault = true` say so themselves.
 */
export const isSystemFault = (error: unknown): boolean =>
  error instanceof Error && 'isSystemFault' in error && error.isSystemFault === true;
