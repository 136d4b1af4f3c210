import type { Request, RequestHandler, Response } from 'express';
import * as E from 'fp-ts/lib/Either.js';
import { freshCommandId } from '../../commands/identity.js';
import { UnreadableEvent } from '../../commands/replay/index.js';
import type { Clock } from '../../commands/ports/clock.js';
import type { ApiLog } from '../ports/log.js';
import type { Principal } from '../principal.js';
import { type Problem, problem } from '../problems/problem.js';
import { checkJsonType, decodeJson, readBytes } from './body.js';
import { EVENT_STREAM, type OpenStreams, sendEvents } from './eventStream.js';
import { isSystemFault } from './faults.js';
import { decodeParams, decodeQuery } from './parameters.js';
import { readIfMatch } from './preconditions.js';
import { type Preferences, readPrefer } from './prefer.js';
import { type RepeatDependencies, underItsKey } from './repeats.js';
import type { Answer, Incoming, Outcome, Route } from './route.js';
import { type RequestFacts, sendAnswer, sendProblem } from './send.js';

export interface DispatcherDependencies {
  readonly clock: Clock;
  readonly log: ApiLog;
  readonly principal: Principal;
  /** Absent where no route takes an Idempotency-Key. */
  readonly repeats?: RepeatDependencies;
  /** Aborted when the server is about to stop. */
  readonly stopping: AbortSignal;
  /** Of all paths together. */
  readonly streams: OpenStreams;
}

/** Serves all methods of one path: checks the form of a request step by step, then hands it to its route. */
export function dispatcher(routes: readonly Route[], deps: DispatcherDependencies): RequestHandler {
  const byMethod = new Map<string, Route>(routes.map((candidate) => [candidate.method.toUpperCase(), candidate]));
  const get = byMethod.get('GET');
  if (get) byMethod.set('HEAD', get);
  const allow = [...byMethod.keys(), 'OPTIONS'].sort().join(', ');

  return (req, res) => {
    if (req.method === 'OPTIONS') return void res.writeHead(204, { Allow: allow }).end();
    const route = byMethod.get(req.method);
    if (!route) {
      const detail = `${req.method} is not allowed here: ${allow} are`;
      return sendProblem(res, problem('method-not-allowed', detail, { headers: { Allow: allow } }), factsOf(req, res));
    }
    serve(route, req, res, deps).catch((error: unknown) => sendFault(error, req, res, deps.log));
  };
}

async function serve(route: Route, req: Request, res: Response, deps: DispatcherDependencies): Promise<void> {
  const prefer = readPrefer(headerOf(req, 'prefer'));
  const incoming = await readRequest(route, req, res, prefer, deps);
  const outcome = E.isLeft(incoming) ? incoming : await handled(route, incoming.right, deps);
  if (E.isLeft(outcome)) return sendProblem(res, outcome.left, factsOf(req, res));
  const { events, headers } = outcome.right;
  if (events) await serveEvents(req, res, { events, headers }, deps);
  else sendAnswer(req, res, outcome.right, prefer);
}

const handled = (
  route: Route,
  incoming: Incoming<never, never, unknown>,
  { repeats }: DispatcherDependencies,
): Promise<Outcome> | Outcome =>
  repeats ? underItsKey(route, incoming, repeats, (its) => route.handle(its)) : route.handle(incoming);

/** The connection stays open for as long as there may be events; nothing but them comes after the head. */
async function serveEvents(
  req: Request,
  res: Response,
  { events, headers = {} }: { readonly events: NonNullable<Answer['events']>; readonly headers: Answer['headers'] },
  { streams, stopping }: DispatcherDependencies,
): Promise<void> {
  const onlyHead = req.method === 'HEAD';
  if (!onlyHead && !streams.begin()) {
    const full = problem('too-many-streams', `${streams.limits.most} streams are open: come back later`, {
      headers: { 'Retry-After': '5' },
    });
    return sendProblem(res, full, factsOf(req, res));
  }
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  if (onlyHead) return void res.writeHead(200, { 'Content-Type': `${EVENT_STREAM}; charset=utf-8` }).end();
  try {
    const patience = AbortSignal.any([stopping, goneSignal(res)]);
    await sendEvents(res, events(patience), patience, streams.limits);
  } finally {
    streams.end();
  }
}

type Read = E.Either<Problem, Incoming<never, never, unknown>>;

async function readRequest(
  route: Route,
  req: Request,
  res: Response,
  prefer: Preferences,
  deps: DispatcherDependencies,
): Promise<Read> {
  const produces = route.produces ?? 'application/json';
  if (!req.accepts(produces)) return E.left(problem('not-acceptable', `only ${produces} is available here`));
  const params = decodeParams(route.params, req.params);
  if (E.isLeft(params)) return params;
  const query = decodeQuery(route.query, req.originalUrl);
  if (E.isLeft(query)) return query;
  const ifMatch = route.headers.includes('If-Match') ? readIfMatch(headerOf(req, 'if-match')) : E.right(undefined);
  if (E.isLeft(ifMatch)) return ifMatch;
  const key = readIdempotencyKey(route, headerOf(req, 'idempotency-key'));
  if (E.isLeft(key)) return key;
  const body = await readBody(route, req);
  if (E.isLeft(body)) return body;
  return E.right({
    params: params.right as never,
    query: query.right as never,
    body: body.right.value,
    rawBody: body.right.bytes,
    ifMatch: ifMatch.right,
    ifNoneMatch: headerOf(req, 'if-none-match'),
    idempotencyKey: key.right,
    prefer,
    url: req.originalUrl,
    header: (name) => headerOf(req, name),
    commandContext: () => ({
      commandId: freshCommandId(),
      correlationId: factsOf(req, res).ownId,
      causationId: null,
      actor: deps.principal.actor,
      tenant: deps.principal.tenant,
      at: deps.clock.now(),
      ...traceparentOf(headerOf(req, 'traceparent')),
    }),
    patience: () => AbortSignal.any([deps.stopping, goneSignal(res)]),
  });
}

const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

function readIdempotencyKey(route: Route, key: string | undefined): E.Either<Problem, string | undefined> {
  if (!route.headers.includes('Idempotency-Key')) return E.right(undefined);
  if (key === undefined && route.needsIdempotencyKey === true) {
    return E.left(
      problem(
        'idempotency-key-missing',
        'send an Idempotency-Key: with it, a repeated request does nothing a second time',
      ),
    );
  }
  return key === undefined || VISIBLE_ASCII.test(key)
    ? E.right(key)
    : E.left(problem('idempotency-key-invalid', 'an Idempotency-Key is 1 to 255 visible ASCII characters'));
}

async function readBody(
  { body }: Route,
  req: Request,
): Promise<E.Either<Problem, { readonly value: unknown; readonly bytes: Buffer }>> {
  const nothing = Buffer.alloc(0);
  if (body === undefined) return E.right({ value: undefined, bytes: nothing });
  const wrongType = body === 'raw' ? undefined : checkJsonType(headerOf(req, 'content-type'));
  const optional = body !== 'raw' && body.optional === true;
  if (wrongType && !optional) return E.left(wrongType);
  const bytes = await readBytes(req);
  if (E.isLeft(bytes)) return bytes;
  if (body === 'raw') return E.right({ value: undefined, bytes: bytes.right });
  // whether there is a body at all shows only now: a client need not tell its length
  const none = optional && bytes.right.length === 0;
  if (wrongType && !none) return E.left(wrongType);
  const decoded = decodeJson(none ? EMPTY_OBJECT : bytes.right, body.schema);
  return E.isLeft(decoded) ? decoded : E.right({ value: decoded.right, bytes: bytes.right });
}

const EMPTY_OBJECT = Buffer.from('{}');

const headerOf = (req: Request, name: string): string | undefined => {
  const value = req.headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(', ') : value;
};

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const traceparentOf = (header: string | undefined): { traceparent?: string } =>
  header !== undefined && TRACEPARENT.test(header) ? { traceparent: header } : {};

/** Aborted once the connection is closed before the answer is complete, or after it. */
function goneSignal(res: Response): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  if (res.destroyed) gone.abort();
  return gone.signal;
}

/** What {@link identifyRequest} left behind. */
export const factsOf = (req: Request, res: Response): RequestFacts & { readonly ownId: string } => {
  const { requestId, ownId } = res.locals as { requestId: string; ownId: string };
  return { requestId, ownId, instance: req.originalUrl.split('?', 1)[0] ?? '' };
};

const REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/** Gives every request an id, or keeps the one that the client or a proxy gave it. */
export const identifyRequest: RequestHandler = (req, res, next) => {
  const ownId = freshCommandId();
  const given = headerOf(req, 'x-request-id');
  const requestId = given !== undefined && REQUEST_ID.test(given) ? given : ownId;
  Object.assign(res.locals, { requestId, ownId });
  res.setHeader('X-Request-Id', requestId);
  next();
};

/**
 * Whatever was thrown is a fault of the system and not of the request: logged once, here, and told without any detail
 * but the request's id; and, where the log holds what nobody can read, where that stands.
 */
export function sendFault(error: unknown, req: Request, res: Response, log: ApiLog): void {
  const facts = factsOf(req, res);
  const known = isSystemFault(error);
  log.error(known ? 'a component does not answer' : 'a request failed', {
    requestId: facts.requestId,
    correlationId: facts.ownId,
    method: req.method,
    path: facts.instance,
    error,
  });
  if (res.headersSent) return void res.destroy();
  sendProblem(res, refusalOf(error, known), facts);
}

function refusalOf(error: unknown, known: boolean): Problem {
  if (known)
    return problem('unavailable', 'try again: nothing is lost by a repeat', { headers: { 'Retry-After': '1' } });
  if (!(error instanceof UnreadableEvent)) return problem('internal', 'the request id leads to the cause in our log');
  const { stream, revision } = error;
  return problem(
    'unreadable-event',
    `event ${revision} of ${stream} cannot be read, and nothing can be decided there until a program that reads it runs: a repeat ` +
      'does not help. The request id leads to the cause in our log; comanda parked list says what waits behind it',
    { extensions: { stream, revision } },
  );
}
