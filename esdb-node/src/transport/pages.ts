import { freemem, loadavg, totalmem } from 'node:os';
import { SERVER_VERSION } from '../services/features.js';

/** An answer to a plain HTTP request. */
export interface Page {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
}

/** What the pages show of the node. */
export interface NodeFacts {
  readonly authentication: () => string;
  readonly projections: () => boolean;
}

const NOT_FOUND: Page = { status: 404 };
const NOT_ALLOWED: Page = { status: 405 };
const json = (body: unknown): Page => ({
  status: 200,
  type: 'application/json; charset=utf-8',
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

const stats = (): Page => {
  const [one, five, fifteen] = loadavg();
  return json({
    proc: {
      startTime: new Date(Date.now() - process.uptime() * 1000).toISOString(),
      id: process.pid,
      mem: process.memoryUsage().rss,
    },
    sys: { loadavg: { '1m': one, '5m': five, '15m': fifteen }, freeMem: freemem(), totalMem: totalmem() },
    es: {},
  });
};

/** The page at a path; unknown paths are 404, known ones with another method 405. Body and type are dropped for HEAD by the caller. */
export const pageAt = (method: string, url: string, facts: NodeFacts): Page => {
  const path = url.split('?', 1)[0];
  const reading = method === 'GET';
  switch (path) {
    case '/health/live':
      return reading || method === 'HEAD' ? { status: 204 } : NOT_ALLOWED;
    case '/info':
      return reading ? info(facts) : NOT_ALLOWED;
    case '/stats':
      return reading ? stats() : NOT_ALLOWED;
    default:
      return NOT_FOUND;
  }
};
