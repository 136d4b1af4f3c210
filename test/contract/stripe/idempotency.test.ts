import { expect } from 'chai';
import Stripe from 'stripe';
import { until } from '../../support/until.js';
import { Rig, act, checkout, clientOf, errorOf, paidSession } from './rig.js';

describe('Stripe simulator, idempotency keys', () => {
  const rig = new Rig();
  before(() => rig.start());
  after(() => rig.stop());
  afterEach(() => rig.script({ calls: [] }));

  const raw = (path: string, key: string, form: Record<string, string>, signal?: AbortSignal) =>
    fetch(`${rig.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${rig.simulator.secretKey}`, 'idempotency-key': key },
      body: new URLSearchParams(form),
      ...(signal ? { signal } : {}),
    });
  const form = {
    mode: 'payment',
    success_url: 'http://127.0.0.1/',
    'line_items[0][quantity]': '1',
    'line_items[0][price_data][currency]': 'eur',
    'line_items[0][price_data][unit_amount]': '500',
    'line_items[0][price_data][product_data][name]': 'Tea',
  };

  it('answers a repetition with the very bytes of the first answer, and says so', async () => {
    const first = await raw('/v1/checkout/sessions', 'key-1', form);
    const again = await raw('/v1/checkout/sessions', 'key-1', Object.fromEntries(Object.entries(form).reverse()));
    expect([first.status, again.status]).to.deep.equal([200, 200]);
    expect(await again.text()).to.equal(await first.text());
    expect(first.headers.get('idempotent-replayed')).to.equal(null);
    expect(again.headers.get('idempotent-replayed')).to.equal('true');
    expect(again.headers.get('original-request')).to.equal(first.headers.get('request-id'));
    expect((await rig.ledger()).sessions.open).to.equal(1);
  });

  it('refuses the key with other parameters, and for another endpoint', async () => {
    await rig.stripe.checkout.sessions.create(checkout(), { idempotencyKey: 'key-2' });
    const other = await errorOf(
      rig.stripe.checkout.sessions.create(checkout({ client_reference_id: 'ord_2' }), { idempotencyKey: 'key-2' }),
    );
    expect(other).to.be.instanceOf(Stripe.errors.StripeIdempotencyError);
    expect(other.statusCode).to.equal(400);
    const elsewhere = await errorOf(rig.stripe.refunds.create({ payment_intent: 'pi_x' }, { idempotencyKey: 'key-2' }));
    expect(elsewhere).to.be.instanceOf(Stripe.errors.StripeIdempotencyError);
  });

  it('refunds once, however often the same refund is asked for', async () => {
    const { intentId, chargeId } = await paidSession(rig);
    const ask = () => rig.stripe.refunds.create({ payment_intent: intentId, amount: 200 }, { idempotencyKey: 'rfd:1' });
    const ids = new Set<string>();
    for (let n = 0; n < 3; n++) ids.add((await ask()).id);
    expect(ids.size).to.equal(1);
    expect((await rig.stripe.charges.retrieve(chargeId)).amount_refunded).to.equal(200);
  });

  it('keeps what the state of things refused, and nothing of what the parameters refused', async () => {
    const session = await rig.stripe.checkout.sessions.create(checkout());
    await rig.stripe.checkout.sessions.expire(session.id);
    const closed = await raw(`/v1/checkout/sessions/${session.id}/expire`, 'key-3', {});
    const closedAgain = await raw(`/v1/checkout/sessions/${session.id}/expire`, 'key-3', {});
    expect([closed.status, closedAgain.status]).to.deep.equal([400, 400]);
    expect(closedAgain.headers.get('idempotent-replayed')).to.equal('true');

    const { mode: _, ...rest } = form;
    const wrong = await raw('/v1/checkout/sessions', 'key-4', { ...rest, mode: 'nonsense' });
    const right = await raw('/v1/checkout/sessions', 'key-4', form);
    expect([wrong.status, right.status]).to.deep.equal([400, 200]);
  });

  it('answers 409 while the first request is still at work, and the client then finds its result', async () => {
    rig.script({ calls: [{ method: 'POST', delayMs: 200 }] });
    const slow = rig.stripe.checkout.sessions.create(checkout(), { idempotencyKey: 'key-5' });
    const patient = clientOf(rig.url, 3);
    // the delay is before the work: many may come in at once, and one of them does it
    const all = await Promise.all([
      slow,
      ...Array.from({ length: 4 }, () => patient.checkout.sessions.create(checkout(), { idempotencyKey: 'key-5' })),
    ]);
    expect(new Set(all.map(({ id }) => id)).size).to.equal(1);
  });

  it('turns away a second request under a key whose first is being worked', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => raw('/v1/checkout/sessions', 'key-6', form)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses).to.include(200);
    expect(statuses.every((status) => status === 200 || status === 409)).to.equal(true);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused, 'eight requests at once were worked one after the other').not.to.equal(undefined);
    expect(refused?.headers.get('stripe-should-retry')).to.equal('true');
    const body = (await refused?.json()) as { error: { code: string } };
    expect(body.error.code).to.equal('idempotency_key_in_use');
  });

  it('finds the result of a request whose answer was lost on the way', async () => {
    const before = (await rig.ledger()).sessions.open;
    rig.script({ calls: [{ method: 'POST', path: '/v1/checkout/sessions', outcome: 'lose_answer' }] });
    const session = await clientOf(rig.url, 2).checkout.sessions.create(checkout(), { idempotencyKey: 'key-7' });
    expect(session.status).to.equal('open');
    expect(session.lastResponse.headers['idempotent-replayed']).to.equal('true');
    expect((await rig.ledger()).sessions.open).to.equal(before + 1);
  });

  it('lets a session be found and paid before the answer to its making comes, when the script says so', async () => {
    const giveUp = new AbortController();
    rig.script({ calls: [{ method: 'POST', path: '/v1/checkout/sessions', answerAfterMs: 60_000 }] });
    let answered = false;
    const hasty = { ...form, client_reference_id: 'ord_hasty' };
    const making = raw('/v1/checkout/sessions', 'key-9', hasty, giveUp.signal).then(
      () => (answered = true),
      () => undefined,
    );
    const found = async () =>
      (await rig.stripe.checkout.sessions.list({ limit: 100 })).data.find(
        ({ client_reference_id }) => client_reference_id === 'ord_hasty',
      );
    await until('the session is there', async () => (await found()) !== undefined);
    expect((await act((await found())?.url ?? null, 'succeed')).result).to.equal('paid');
    expect(answered).to.equal(false);
    giveUp.abort();
    await making;
  });

  it('forgets a key after a day', async () => {
    const first = await rig.stripe.checkout.sessions.create(checkout(), { idempotencyKey: 'key-8' });
    rig.moveClock(23 * 60);
    const same = await rig.stripe.checkout.sessions.create(checkout(), { idempotencyKey: 'key-8' });
    rig.moveClock(61);
    const other = await rig.stripe.checkout.sessions.create(checkout(), { idempotencyKey: 'key-8' });
    expect(same.id).to.equal(first.id);
    expect(other.id).not.to.equal(first.id);
    const remembered = await rig.stripe.checkout.sessions.create(checkout(), { idempotencyKey: 'key-8' });
    expect(remembered.id).to.equal(other.id);
  });

  it('is told what to fail with, and recovers', async () => {
    rig.script({ calls: [{ outcome: 'error', status: 503 }, { outcome: 'error', status: 429 }, { outcome: 'drop' }] });
    expect(await errorOf(rig.stripe.checkout.sessions.list())).to.be.instanceOf(Stripe.errors.StripeAPIError);
    expect(await errorOf(rig.stripe.checkout.sessions.list())).to.be.instanceOf(Stripe.errors.StripeRateLimitError);
    // the client tries a closed connection once more by itself, and by then nothing goes wrong
    expect((await rig.stripe.checkout.sessions.list()).object).to.equal('list');
  });
});
