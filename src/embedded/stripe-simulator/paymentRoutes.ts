import type { Express, Request } from 'express';
import { STYLE, STYLE_PATH, badOutcomePage, noSuchPage, paymentPage, statusOf } from './page.js';
import { OUTCOMES, type Outcome, standing } from './paying.js';
import { payPath, renderSession } from './objects/session.js';
import type { ServerParts } from './server.js';

/** The payment pages: `GET` shows one, `POST` does what its form field `outcome` says. */
export function paymentRoutes(app: Express, { store, engine, rendering, calls }: ServerParts): void {
  const path = payPath(':id');
  app.get(STYLE_PATH, (_request, response) => {
    response.type('css').send(STYLE);
  });
  app.get(path, async (request: Request<{ id: string }>, response) => {
    await engine.expireOverdue();
    const session = store.get('sessions', request.params.id);
    if (session) response.type('html').send(paymentPage(session, standing(session, store)));
    else response.status(404).type('html').send(noSuchPage());
  });
  app.post(path, async (request: Request<{ id: string }>, response) => {
    await engine.expireOverdue();
    const wantsJson = request.accepts(['html', 'json']) === 'json';
    const answer = (status: number, json: object, page: string) =>
      wantsJson ? response.status(status).json(json) : response.status(status).type('html').send(page);

    const outcome: unknown = (request.body as Record<string, unknown> | undefined)?.['outcome'];
    if (!isOutcome(outcome)) return answer(400, { error: 'bad_outcome', allowed: OUTCOMES }, badOutcomePage(OUTCOMES));
    if (!store.get('sessions', request.params.id)) return answer(404, { error: 'no_such_session' }, noSuchPage());
    const { result, session } = await engine.visit(
      request.params.id,
      outcome,
      outcome === 'succeed' ? calls.takePayable() : undefined,
    );
    return answer(
      statusOf(result),
      { result, session: renderSession(session, rendering) },
      paymentPage(session, result),
    );
  });
}

const isOutcome = (value: unknown): value is Outcome => OUTCOMES.some((outcome) => outcome === value);
