import { DatabaseRejected } from './ports/database.js';
import { isSystemFault } from './systemFault.js';

/** An event that can never be handled, however often it is tried: its runner parks it at once. */
export class UnprocessableEvent extends Error {
  override readonly name: string = 'UnprocessableEvent';
}

/** Another process owns the runner now; whatever this one still holds must not be committed. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  constructor(readonly runner: string) {
    super(`the lease of ${runner} belongs to somebody else`);
  }
}

/**
 * SQLSTATE classes that tell of the data: a row met twice by one statement, data exceptions, broken integrity constraints, and
 * limits of the program such as the size of an index's row.
 */
const FAULTS_OF_DATA = new Set(['21', '22', '23', '54']);

/**
 * Whether handling the same event again later may go well: a system does not answer, or the database rejects statements for
 * reasons that are not the event's (a missing table, a missing right). Everything else is the event's own fault.
 */
export const mayPass = (error: unknown): boolean =>
  isSystemFault(error) || (error instanceof DatabaseRejected && !FAULTS_OF_DATA.has(error.sqlState.slice(0, 2)));

/** Whether to try again: what may pass for ever, anything else for so many milliseconds from its first time on. */
export function untilGivenUp(afterMs: number): (error: unknown) => boolean {
  let failingSince: number | undefined;
  return (error) => {
    if (mayPass(error)) return true;
    failingSince ??= performance.now();
    return performance.now() - failingSince < afterMs;
  };
}

/** The fault in one line of text that every database column takes. */
export const describeFault = (error: unknown): string => {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  // PostgreSQL's text knows no NUL
  return text.replaceAll('\u0000', ' ').slice(0, 2_000);
};
