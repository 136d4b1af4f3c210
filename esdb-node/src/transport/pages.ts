import type { IncomingHttpHeaders } from 'node:http';
import type { Access, Principal } from '../services/access.js';
import { SERVER_VERSION } from '../services/features.js';
import type { Counters } from '../services/statistics.js';
import { statistics, statisticsTree } from '../services/statistics.js';
import { GrpcError, HttpRefusal } from './status.js';

/** An answer to a plain HTTP request. */
export interface Page {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A plain HTTP request; its body does not matter. */
export interface PageRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** What the pages show of the node. */
export interface NodeFacts extends Counters {
  readonly authentication: () => string;
  readonly projections: () => boolean;
}

const ALIVE: Page = { status: 204 };
const NOT_FOUND: Page = { status: 404 };
const NOT_ALLOWED: Page = { status: 405 };
const UNKNOWN_CALLER: Page = { status: 401 };
/** A scheme that no browser asks its user about. */
const WRONG_CREDENTIALS: Page = { status: 401, headers: { 'www-authenticate': 'X-Basic realm="ESDB"' } };

const json = (body: unknown): Page => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body, null, 2),
});

const info = (facts: NodeFacts): Page =>
  json({
    esVersion: `${SERVER_VERSION}.0`,
    state: 'leader',
    features: {
      projections: facts.projections(),
      userManagement: facts.authentication() !== 'insecure',
      atomPub: false,
    },
    authentication: { type: facts.authentication(), properties: null },
  });

const stats = (facts: NodeFacts, access: Access, user: Principal): Page => {
  try {
    access.require(user, 'user');
  } catch {
    return UNKNOWN_CALLER;
  }
  return json(statisticsTree(statistics(facts)));
};

/** The page at a path; unknown paths are 404, known ones with another method 405. Only the page that says that the node lives asks nobody who he is. */
export const pageAt = async (
  { method, url, headers }: PageRequest,
  facts: NodeFacts,
  access: Access,
): Promise<Page> => {
  const path = url.split('?', 1)[0] as string;
  if (path === '/health/live') return method === 'GET' || method === 'HEAD' ? ALIVE : NOT_ALLOWED;
  let user: Principal;
  try {
    user = await access.authenticate(headers, path);
  } catch (error) {
    if (error instanceof GrpcError) return WRONG_CREDENTIALS;
    if (error instanceof HttpRefusal) return { status: error.httpStatus };
    throw error;
  }
  if (path !== '/info' && path !== '/stats') return NOT_FOUND;
  if (method !== 'GET') return NOT_ALLOWED;
  return path === '/info' ? info(facts) : stats(facts, access, user);
};
