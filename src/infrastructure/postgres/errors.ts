import pg from 'pg';
import { DatabaseRejected, DatabaseUnavailable } from '../../subscriptions/ports/database.js';

/**
 * SQLSTATEs after which the same statement may succeed later: connection (08), too few resources (53), transaction
 * rolled back by a conflict or deadlock (40), and the single codes below.
 * Source: PostgreSQL documentation, appendix A, "PostgreSQL Error Codes".
 */
const TRANSIENT_CLASSES = new Set(['08', '53', '40', '58']);
const TRANSIENT_CODES = new Set([
  '57014', // query_canceled: the statement timeout
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: starting up or recovering
  '57P05', // idle_session_timeout
  '55P03', // lock_not_available
  '25006', // read_only_sql_transaction: a standby that is about to be promoted
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
]);

const isTransient = (sqlState: string): boolean =>
  TRANSIENT_CLASSES.has(sqlState.slice(0, 2)) || TRANSIENT_CODES.has(sqlState);

/** Numeric value out of range: also used for a bigint that a JavaScript number cannot hold. */
const OUT_OF_RANGE = '22003';

/**
 * Turns what the driver throws into the two errors of the port. What carries no SQLSTATE did not come from the server:
 * a refused, lost or timed-out connection, thus transient, unless the program handed over something that cannot be sent.
 */
export const toDatabaseError = (error: unknown): DatabaseUnavailable | DatabaseRejected => {
  if (error instanceof DatabaseUnavailable || error instanceof DatabaseRejected) return error;
  if (error instanceof pg.DatabaseError) {
    const sqlState = error.code ?? 'XX000';
    return isTransient(sqlState)
      ? new DatabaseUnavailable(`PostgreSQL: ${error.message} (${sqlState})`, { cause: error, sqlState })
      : new DatabaseRejected(`PostgreSQL: ${error.message} (${sqlState})`, {
          sqlState,
          constraint: error.constraint,
          table: error.table,
          cause: error,
        });
  }
  if (error instanceof RangeError || error instanceof TypeError) {
    return new DatabaseRejected(`PostgreSQL: ${error.message}`, { sqlState: OUT_OF_RANGE, cause: error });
  }
  // a failed connection to a name with several addresses is an AggregateError with an empty message
  const cause: unknown = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new DatabaseUnavailable(`PostgreSQL: ${detail}`, { cause: error });
};
