import { convertToCommandError } from '@eventstore/db-client';
import { closedError, type StoreConnection } from '../connection.js';
import { readFault } from '../faults.js';
import type { Stretch } from '../../../subscriptions/ports/logHistory.js';
import { startReadOf } from '../readCall.js';
import { historyRequest } from '../readRequests.js';

/** Bytes that are handed on at once. */
const PORTION = 1024 * 1024;
/** Bytes that are read ahead of whoever takes them. */
const AHEAD = 2 * PORTION;

/**
 * Reads `$all` and hands on the server's answers as they came, in portions: encoded `ReadResp` messages of which nothing is
 * decoded yet. There is no limit to silence, since a filter may let nothing through for long; keep-alive finds a server
 * that is gone.
 * @throws StoreUnavailable after all that had come
 */
export async function* answersOf(
  connection: StoreConnection,
  { after, categories }: Pick<Stretch, 'after' | 'categories'>,
  signal: AbortSignal,
): AsyncGenerator<readonly Buffer[], void> {
  if (connection.closed) throw closedError();
  const reading = await startReadOf(
    connection,
    connection.client(),
    historyRequest(after, categories),
    (bytes) => bytes,
  ).catch((error: unknown) => {
    throw readFault('$all', error);
  });
  let portion: Buffer[] = [];
  let size = 0;
  let over = false;
  let failure: Error | undefined;
  let wake: () => void = () => undefined;
  const end = (error?: Error): void => {
    if (!over) failure = error;
    over = true;
    wake();
  };
  const aborted = (): void => wake();
  reading.on('data', (answer: Buffer) => {
    portion.push(answer);
    size += answer.length;
    if (size >= PORTION) wake();
    if (size >= AHEAD) reading.pause();
  });
  reading.on('error', (error) => end(convertToCommandError(error)));
  // a call that its own side ends looks like a complete one
  reading.on('end', () => end(connection.closed ? closedError() : undefined));
  signal.addEventListener('abort', aborted, { once: true });
  try {
    while (!signal.aborted) {
      if (size < PORTION && !over) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      if (portion.length > 0) {
        const full = portion;
        portion = [];
        size = 0;
        reading.resume();
        yield full;
        continue;
      }
      if (failure) throw readFault('$all', failure);
      return;
    }
  } finally {
    signal.removeEventListener('abort', aborted);
    reading.cancel();
  }
}
