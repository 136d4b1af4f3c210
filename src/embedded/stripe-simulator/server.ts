import { setTimeout as sleep } from 'node:timers/promises';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import helmet from 'helmet';
import Stripe from 'stripe';
import { authenticate } from './authentication.js';
import type { Answer, Engine } from './engine.js';
import { StripeApiError, invalidRequest } from './errors.js';
import { Form } from './form.js';
import { newId } from './ids.js';
import { paymentRoutes } from './paymentRoutes.js';
import { expanded, lineItems, list, retrieve } from './reading.js';
import type { Kind } from './records.js';
import { cancelIntent, captureIntent } from './intents.js';
import { createRefund } from './refunds.js';
import { renderIntent } from './objects/intent.js';
import { renderRefund } from './objects/refund.js';
import { renderSession } from './objects/session.js';
import type { Rendering } from './render.js';
import { type CallScript, type Mishap, type Script } from './script.js';
import { createSession, expireSession } from './sessions.js';
import type { Store } from './store.js';
import { testRoutes } from './testRoutes.js';
import type { Log } from './webhooks.js';

export interface ServerParts {
  readonly store: Store;
  readonly engine: Engine;
  readonly rendering: Rendering;
  readonly calls: CallScript;
  readonly secretKey: string;
  readonly applyScript: (script: Script) => void;
  readonly log: Log;
}

/** A hundred lines with metadata stay far below this many parameters. */
const MAX_PARAMETERS = 5_000;
const BODY_LIMIT = '1mb';
const MAX_KEY_LENGTH = 255;

const READABLE: readonly { readonly path: string; readonly kind: Kind }[] = [
  { path: '/v1/checkout/sessions', kind: 'sessions' },
  { path: '/v1/payment_intents', kind: 'intents' },
  { path: '/v1/charges', kind: 'charges' },
  { path: '/v1/refunds', kind: 'refunds' },
  { path: '/v1/disputes', kind: 'disputes' },
  { path: '/v1/events', kind: 'events' },
];

/** The HTTP side of the simulator: Stripe's API under `/v1`, the payment pages, and what tests ask of it. */
export function simulatorServer(parts: ServerParts): Express {
  const app = express();
  app.set('query parser', 'extended');
  app.use(
    helmet({
      // plain http on loopback: nothing to upgrade to, nothing to remember
      contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
      strictTransportSecurity: false,
    }),
  );
  app.use(express.urlencoded({ extended: true, limit: BODY_LIMIT, parameterLimit: MAX_PARAMETERS }));
  app.use('/v1', api(parts));
  paymentRoutes(app, parts);
  testRoutes(app, parts);
  app.get('/', (_request, response) => {
    response
      .type('text')
      .send(
        'The Stripe simulator of Comanda: no money moves. Every order that waits for its payment has its own link.\n',
      );
  });
  app.use((request, response) => {
    response.status(404).type('text').send(`nothing at ${request.method} ${request.path}\n`);
  });
  app.use(failures(parts.log));
  return app;
}

function api(parts: ServerParts): express.Router {
  const { rendering, calls } = parts;
  const router = express.Router();
  router.use(async (request, response, next) => {
    response.set({ 'request-id': newId('req'), 'stripe-version': Stripe.API_VERSION });
    authenticate(request, parts.secretKey);
    const mishap = await calls.next(request.method, `/v1${request.path}`);
    if (mishap?.outcome === 'drop') return void request.socket.destroy();
    if (mishap?.outcome === 'error' && !mishap.kept) throw scriptedError(mishap);
    response.locals['mishap'] = mishap;
    await parts.engine.expireOverdue();
    next();
  });

  router.post(
    '/checkout/sessions',
    changing(parts, (form, context) => renderSession(createSession(form, context), rendering)),
  );
  router.post(
    '/checkout/sessions/:id/expire',
    changing(parts, (_form, context, id) => renderSession(expireSession(id, context), rendering)),
  );
  router.post(
    '/payment_intents/:id/capture',
    changing(parts, (form, context, id) => renderIntent(captureIntent(id, form, context))),
  );
  router.post(
    '/payment_intents/:id/cancel',
    changing(parts, (form, context, id) => renderIntent(cancelIntent(id, form, context))),
  );
  router.post(
    '/refunds',
    changing(parts, (form, context) => renderRefund(createRefund(form, context, calls.refundStatus))),
  );
  router.get('/checkout/sessions/:id/line_items', (request, response) => {
    send(response, lineItems(request.params.id, rendering));
  });
  for (const { path, kind } of READABLE) {
    const below = path.slice('/v1'.length);
    router.get(below, (request, response) => send(response, list(kind, path, new Form(request.query), rendering)));
    router.get(`${below}/:id`, (request: Request<{ id: string }>, response) =>
      send(response, retrieve(kind, request.params.id, new Form(request.query), rendering)),
    );
  }
  router.use((request) => {
    throw new StripeApiError(404, {
      type: 'invalid_request_error',
      message: `Unrecognized request URL (${request.method}: /v1${request.path}).`,
    });
  });
  return router;
}

type Handle = (form: Form, context: Parameters<Parameters<Engine['call']>[1]>[0], id: string) => object;

/** A POST of the API: idempotent under its key, unknown parameters refused, `expand` followed. */
function changing({ engine, rendering }: ServerParts, handle: Handle) {
  return async (request: Request<{ id?: string }>, response: Response): Promise<void> => {
    const params: unknown = request.body ?? {};
    const idempotencyKey = keyOf(request);
    const endpoint = `${request.method} /v1${request.path}`;
    const answer = await engine.call({ endpoint, params, idempotencyKey }, (context) => {
      const mishap = mishapOf(response);
      if (mishap?.outcome === 'error') throw scriptedError(mishap);
      const form = new Form(params);
      const expansions = form.texts('expand');
      const object = handle(form, context, request.params.id ?? '');
      form.finish();
      return expanded(object, expansions, { ...rendering, reader: context.tx });
    });
    await sendAnswer(response, answer, idempotencyKey);
  };
}

function keyOf(request: Request<{ id?: string }>): string | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined || key === '') return undefined;
  if (key.length > MAX_KEY_LENGTH) {
    throw invalidRequest(`Idempotency keys can have up to ${MAX_KEY_LENGTH} characters`);
  }
  return key;
}

function send(response: Response, object: object): void {
  if (mishapOf(response)?.outcome === 'lose_answer') response.socket?.destroy();
  else response.json(object);
}

async function sendAnswer(response: Response, answer: Answer, idempotencyKey: string | undefined): Promise<void> {
  const mishap = mishapOf(response);
  if (mishap?.outcome === 'lose_answer') return void response.socket?.destroy();
  if (mishap?.outcome === 'answer_late') await sleep(mishap.ms, undefined, { ref: false });
  if (idempotencyKey !== undefined) response.set('idempotency-key', idempotencyKey);
  if (answer.replayed) response.set({ 'idempotent-replayed': 'true', 'original-request': answer.requestId });
  else response.set('request-id', answer.requestId);
  response.status(answer.status).type('json').send(answer.body);
}

const mishapOf = (response: Response): Mishap | undefined => response.locals['mishap'] as Mishap | undefined;

const scriptedError = ({ status, kept }: Extract<Mishap, { outcome: 'error' }>): StripeApiError =>
  new StripeApiError(
    status,
    {
      type: status === 429 ? 'rate_limit_error' : status >= 500 ? 'api_error' : 'invalid_request_error',
      message: 'The simulator was told to fail this request.',
      ...(status === 429 ? { code: 'rate_limit' } : {}),
    },
    { remembered: kept },
  );

const isClientError = (error: unknown): error is { status: number; message: string } =>
  typeof error === 'object' &&
  error !== null &&
  'status' in error &&
  typeof error.status === 'number' &&
  error.status >= 400 &&
  error.status < 500;

/** Express tells an error handler by its four parameters. */
const failures =
  (log: Log): ErrorRequestHandler =>
  (error: unknown, request, response, _next) => {
    if (response.headersSent || request.socket.destroyed) return;
    if (error instanceof StripeApiError) {
      // the client is to try again where two requests met, as Stripe asks it to
      if (error.status === 409) response.set('stripe-should-retry', 'true');
      response.status(error.status).json({ error: error.body });
    } else if (isClientError(error)) {
      const { status, message } = error;
      response.status(status).json({ error: { type: 'invalid_request_error', message } });
    } else {
      log.error('a request failed', { error, method: request.method, path: request.path });
      response.status(500).json({ error: { type: 'api_error', message: 'The simulator failed.' } });
    }
  };
