import type { Database, Patience, Queryable } from '../../subscriptions/ports/database.js';

/** An index over a large table takes its time, and so does a look at all of its rows. */
const PATIENCE: Patience = { statementMs: 600_000 };

/**
 * A transaction that nobody waits for: in a process that serves requests, too, its statements may take ten minutes, and between
 * them it may wait for the event store or for another transaction.
 */
export const patiently = <T>(database: Database, work: (transaction: Queryable) => Promise<T>): Promise<T> =>
  database.transaction(async (transaction) => {
    await transaction.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    return await work(transaction);
  }, PATIENCE);
