import * as E from 'fp-ts/lib/Either.js';
import type { ApiLog } from '../ports/log.js';
import { type Problem, problem } from '../problems/problem.js';
import { isSystemFault } from './faults.js';
import { revisionTag } from './preconditions.js';
import type { Answer, Outcome } from './route.js';

/** Most resources belong to somebody: no cache keeps them. Who knows the ETag of one may still ask by it. */
export const PRIVATE = { 'Cache-Control': 'private, no-store', Vary: 'Authorization' };

/** The catalogue is for everybody: caches keep it, and ask by its ETag whether it still holds. */
export const PUBLIC = { 'Cache-Control': 'public, no-cache' };

/** A resource at its revision, as an answer. */
export const resource = (
  view: { readonly revision: number },
  {
    status = 200,
    body = view,
    headers = {},
  }: { status?: number; body?: unknown; headers?: Record<string, string> } = {},
): Answer => ({ status, body, etag: revisionTag(view.revision), headers: { ...PRIVATE, ...headers } });

/** The same said by its revision alone: 204, for what was taken away. A problem stays one. */
export const withoutBody = (outcome: Outcome): Outcome =>
  E.map(({ body: _, ...answer }: Answer): Answer => ({ ...answer, status: 204 }))(outcome);

/**
 * A resource that is there or is not.
 * @param what its kind, for programs
 * @param name it itself, for people: `order ord_…`
 */
export const found = (
  view: { readonly revision: number } | undefined,
  what: string,
  name: string,
  headers: Record<string, string> = {},
): Outcome => (view ? E.right(resource(view, { headers })) : E.left(missing(what, name)));

export const missing = (what: string, name: string): Problem =>
  problem('not-found', `there is no ${name}`, { extensions: { what } });

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
