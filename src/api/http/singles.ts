import * as E from 'fp-ts/lib/Either.js';
import type { ApiLog } from '../ports/log.js';
import { problem } from '../problems/problem.js';
import { isSystemFault } from './faults.js';
import { revisionTag } from './preconditions.js';
import type { Answer, Outcome } from './route.js';

/** Single resources belong to somebody: no cache in between keeps them, and a client asks again by its ETag. */
export const PRIVATE = { 'Cache-Control': 'private, no-cache', Vary: 'Authorization' };

/** A resource at its revision, as an answer. */
export const resource = (
  view: { readonly revision: number },
  {
    status = 200,
    body = view,
    headers = {},
  }: { status?: number; body?: unknown; headers?: Record<string, string> } = {},
): Answer => ({ status, body, etag: revisionTag(view.revision), headers: { ...PRIVATE, ...headers } });

/** A resource that is there or is not. */
export const found = (view: { readonly revision: number } | undefined, what: string): Outcome =>
  view ? E.right(resource(view)) : E.left(problem('not-found', `there is no such ${what}`, { extensions: { what } }));

/**
 * Reads one resource from its view. Where the view has no row yet, or the database does not answer, the stream itself is
 * folded: single things can be read as long as the event store can.
 */
export async function viewOrFold<View>(
  log: ApiLog,
  view: () => Promise<View | undefined>,
  fold: () => Promise<View | undefined>,
): Promise<View | undefined> {
  let row: View | undefined;
  try {
    row = await view();
  } catch (error) {
    if (!isSystemFault(error)) throw error;
    log.warn('a view cannot be read: the stream is folded instead', { error });
  }
  return row ?? (await fold());
}
