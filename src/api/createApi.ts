import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { ApiDependencies } from './dependencies.js';
import { dispatcher, type DispatcherDependencies, factsOf, identifyRequest, sendFault } from './http/dispatcher.js';
import { OpenStreams, STREAM_LIMITS, type StreamLimits } from './http/eventStream.js';
import type { Route } from './http/route.js';
import { sendProblem } from './http/send.js';
import { LOCAL_ADMIN, type Principal } from './principal.js';
import { problem } from './problems/problem.js';
import { deadLetterRoutes } from './routes/deadLetters.js';
import { healthRoutes } from './routes/health.js';
import { kitchenStreamRoutes } from './routes/kitchenStream.js';
import { locationRoutes } from './routes/locations.js';
import { offerRoutes } from './routes/offers.js';
import { orderAmendingRoutes } from './routes/orderAmending.js';
import { orderDecidingRoutes } from './routes/orderDeciding.js';
import { orderPlacingRoutes } from './routes/orderPlacing.js';
import { orderPromisingRoute } from './routes/orderPromising.js';
import { orderReadingRoutes } from './routes/orderReading.js';
import { parkedRoutes } from './routes/parked.js';
import { orderReturningRoutes } from './routes/orderReturning.js';
import { orderStreamRoutes } from './routes/orderStream.js';
import { paymentRoutes } from './routes/payments.js';
import { type ProbeDependencies, probeRoutes } from './routes/probes.js';
import { settingsRoutes } from './routes/settings.js';
import { quoteRoutes } from './routes/quotes.js';
import { readModelRoutes } from './routes/readModels.js';
import { shipmentReadingRoutes } from './routes/shipmentReading.js';
import { shipmentCarriageRoutes } from './routes/shipmentCarriage.js';
import { shipmentRoutes } from './routes/shipments.js';
import { slotRoutes } from './routes/slots.js';
import { stockMovingRoutes } from './routes/stockMoving.js';
import { stockPolicyRoutes } from './routes/stockPolicy.js';
import { stockRoutes } from './routes/stock.js';
import { systemRoutes } from './routes/system.js';
import { taskRoutes } from './routes/tasks.js';
import { ticketRoutes } from './routes/tickets.js';
import { webhookRoutes } from './routes/webhooks.js';

export type { ApiDependencies } from './dependencies.js';

/** Every operation of the API, in the order of its document. */
export function apiRoutes(deps: ApiDependencies, principal: Principal = LOCAL_ADMIN): readonly Route[] {
  const routes = [
    ...orderPlacingRoutes(deps, principal),
    ...quoteRoutes(deps),
    // before the paths that begin with an order's id: a merchant's number may read like the name of one of them
    ...orderReadingRoutes(deps, principal),
    ...orderStreamRoutes(deps),
    ...orderDecidingRoutes(deps),
    ...orderAmendingRoutes(deps),
    orderPromisingRoute(deps),
    ...orderReturningRoutes(deps),
    ...paymentRoutes(deps),
    ...offerRoutes(deps),
    ...locationRoutes(deps),
    ...slotRoutes(deps),
    ...settingsRoutes(deps),
    ...stockRoutes(deps),
    ...stockMovingRoutes(deps),
    ...stockPolicyRoutes(deps),
    ...ticketRoutes(deps),
    ...kitchenStreamRoutes(deps),
    ...shipmentRoutes(deps),
    ...shipmentCarriageRoutes(deps),
    ...shipmentReadingRoutes(deps),
    ...taskRoutes(deps),
    ...webhookRoutes(deps),
    ...healthRoutes(deps),
    ...parkedRoutes(deps),
    ...deadLetterRoutes(deps),
    ...readModelRoutes(deps),
    ...probeRoutes(deps),
  ];
  return [...routes, ...systemRoutes(deps, routes)];
}

/**
 * The HTTP API as an Express application that waits to be served. It opens nothing and knows no driver.
 * @param principal on whose behalf every request acts
 */
export const createApi = (deps: ApiDependencies, principal: Principal = LOCAL_ADMIN): Express =>
  serving(apiRoutes(deps, principal), { ...deps, principal, repeats: { ...deps, principal } });

/** The probes alone, for a process that does not serve the API. */
export const createProbes = (deps: ProbeDependencies & Omit<ServingDependencies, 'principal'>): Express =>
  serving(probeRoutes(deps), { ...deps, principal: LOCAL_ADMIN });

type ServingDependencies = Omit<DispatcherDependencies, 'streams'> & { readonly streams?: Partial<StreamLimits> };

function serving(served: readonly Route[], deps: ServingDependencies): Express {
  const app = express();
  // entity tags are revisions, queries are read strictly, and names are what they are
  app.set('etag', false).set('x-powered-by', false).set('query parser', false);
  app.set('case sensitive routing', true).set('strict routing', true);
  app.use(helmet(SECURITY), identifyRequest, demandOneHost, answerForServer);
  const all = { ...deps, streams: new OpenStreams({ ...STREAM_LIMITS, ...deps.streams }) };
  for (const [path, routes] of byPath(served)) {
    app.all(path.replaceAll(/\{(\w+)\}/g, ':$1'), dispatcher(routes, all));
  }
  app.use((req, res) => {
    sendProblem(res, problem('not-found', 'there is nothing under this path: see /docs'), factsOf(req, res));
  });
  app.use(lastResort(all));
  return app;
}

/** A request names its host once (RFC 9112, 3.2); where it names two, a proxy before us may have meant the other one. */
const demandOneHost: RequestHandler = (req, res, next) => {
  const hosts = req.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts === 1 || (hosts === 0 && req.httpVersion === '1.0')) return next();
  sendProblem(res, problem('malformed-request', `send one Host header, not ${hosts}`), factsOf(req, res));
};

/** `OPTIONS *` asks about the server and not about any of its paths (RFC 9110, 9.3.7). */
const answerForServer: RequestHandler = (req, res, next) => {
  if (req.method !== 'OPTIONS' || req.url !== '*') return next();
  res.writeHead(204, { Allow: 'DELETE, GET, HEAD, OPTIONS, POST, PUT' }).end();
};

function byPath(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const paths = new Map<string, Route[]>();
  for (const route of routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  return paths;
}

/** The API is plain data and one page without scripts; TLS and its headers are the business of whatever stands before it. */
const SECURITY: Parameters<typeof helmet>[0] = {
  strictTransportSecurity: false,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'unsafe-inline'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
};

/** What Express itself refuses is a path that cannot be decoded: it names nothing. Anything else is a fault of ours. */
const lastResort =
  ({ log }: DispatcherDependencies): ErrorRequestHandler =>
  (error: unknown, req, res, _next) => {
    if (error instanceof URIError || (error as { status?: number }).status === 400) {
      return sendProblem(res, problem('not-found', 'the path cannot be decoded'), factsOf(req, res));
    }
    sendFault(error, req, res, log);
  };
