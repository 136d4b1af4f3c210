import express, { type Express, type Request } from 'express';
import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { authenticate } from './authentication.js';
import { invalidRequest } from './errors.js';
import { ledger } from './ledger.js';
import { renderDispute } from './objects/dispute.js';
import { renderRefund } from './objects/refund.js';
import { ScriptCodec } from './script.js';
import type { ServerParts } from './server.js';

const RefundOutcome = t.exact(
  t.intersection([
    t.type({ status: t.keyof({ succeeded: null, failed: null }) }),
    t.partial({ failureReason: t.string }),
  ]),
);

const DisputeOpening = t.exact(
  t.intersection([t.type({ paymentIntent: t.string }), t.partial({ amount: t.number, reason: t.string })]),
);
const DisputeStatus = t.exact(t.type({ status: t.keyof({ under_review: null, won: null, lost: null }) }));

/** What no Stripe has: the ledger for everybody, and with the secret key the strings that a test pulls. */
export function testRoutes(app: Express, parts: ServerParts): void {
  app.get('/simulator/ledger', async (_request, response) => {
    await parts.engine.expireOverdue();
    response.json({ ...ledger(parts.store), pendingWebhooks: parts.store.pendingWebhooks().length });
  });
  const json = express.json();
  app.post('/simulator/script', json, (request, response) => {
    authenticate(request, parts.secretKey);
    parts.applyScript(decoded(ScriptCodec, request.body));
    response.status(204).end();
  });
  app.post('/simulator/disputes', json, async (request, response) => {
    authenticate(request, parts.secretKey);
    const { paymentIntent, amount, reason } = decoded(DisputeOpening, request.body);
    const wish = {
      paymentIntent,
      ...(amount === undefined ? {} : { amount }),
      ...(reason === undefined ? {} : { reason }),
    };
    response.json(renderDispute(await parts.engine.openDispute(wish)));
  });
  app.post('/simulator/disputes/:id', json, async (request: Request<{ id: string }>, response) => {
    authenticate(request, parts.secretKey);
    const { status } = decoded(DisputeStatus, request.body);
    response.json(renderDispute(await parts.engine.moveDispute(request.params.id, status)));
  });
  app.post('/simulator/refunds/:id', json, async (request: Request<{ id: string }>, response) => {
    authenticate(request, parts.secretKey);
    const { status, failureReason } = decoded(RefundOutcome, request.body);
    const outcome = { status, ...(failureReason === undefined ? {} : { failureReason }) };
    response.json(renderRefund(await parts.engine.settleRefund(request.params.id, outcome)));
  });
}

function decoded<T>(codec: t.Type<T>, body: unknown): T {
  const result = codec.decode(body);
  if (isLeft(result)) {
    const paths = result.left.map(({ context }) =>
      context
        .map(({ key }) => key)
        .filter(Boolean)
        .join('.'),
    );
    throw invalidRequest(`Not understood: ${[...new Set(paths)].join(', ') || 'the body'}`);
  }
  return result.right;
}
